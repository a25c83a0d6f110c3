/* SPDX-License-Identifier: MIT */
/*
 * Games among Gs. Sizes are small: many short games at once come to more different moments than few
 * long ones.
 */
#define _GNU_SOURCE
#include "soak.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "g0.h"

/* ---- channels: each message once, those of a sender through one channel in order ---- */

enum { MAXCHANS = 4, MAXSENDERS = 6, MAXEACH = 40, MAXPLAYERS = 12, TRIES = 4 };

struct message {
	int32_t sender, number;
};

struct player {
	struct post *post;
	int32_t id;
	struct rnd r;
};

struct post {
	int nchans, senders, receivers, each;
	struct chan *c[MAXCHANS], *never;
	struct waitgroup all;
	_Atomic int sending; /* the last sender closes the channels */
	_Atomic bool seen[MAXSENDERS][MAXEACH];
	struct player player[MAXPLAYERS];
};

/*
 * One of the ways to send it. Whoever tries gives up trying: if both sides of an unbuffered channel
 * tried for ever, neither would find the other waiting.
 */
static void put(struct player *p, const struct message *m)
{
	struct post *post = p->post;
	struct chan *c = post->c[rnd(&p->r, (uint32_t)post->nchans)];
	struct message copy = *m;
	struct scase cases[MAXCHANS + 1] = {{.c = post->never, .elem = &copy}};

	switch (rnd(&p->r, 4)) {
	case 0:
		for (int i = 0; i < TRIES; i++, goyield())
			if (chantrysend(c, m))
				return;
		chansend(c, m);
		break;
	case 1:
		for (int i = 0; i < post->nchans; i++)
			cases[i + 1] = (struct scase){.c = post->c[i], .elem = &copy, .send = true};
		MUST(selectgo(cases, post->nchans + 1, true) > 0, m->sender, m->number);
		break;
	default: chansend(c, m);
	}
}

static void sender(void *player)
{
	struct player *p = player;
	struct post *post = p->post;

	for (struct message m = {.sender = p->id}; m.number < post->each; m.number++) {
		put(p, &m);
		mood(&p->r);
	}
	if (--post->sending == 0)
		for (int i = 0; i < post->nchans; i++)
			chanclose(post->c[i]);
	wgdone(&post->all);
}

/* The same for receiving, from the only channel. Whether there was a message. */
static bool getone(struct player *p, struct chan *c, struct message *m)
{
	bool ok;

	if (rnd(&p->r, 2) == 0)
		for (int i = 0; i < TRIES; i++, goyield())
			if (chantryrecv(c, m, &ok))
				return ok;
	return chanrecv(c, m);
}

/* From those that are open, and which it was. */
static bool getany(struct player *p, struct chan *open[], struct message *m, int *from)
{
	struct scase cases[MAXCHANS + 1] = {{.c = p->post->never, .elem = m}};
	int got = -1;

	for (int i = 0; i < p->post->nchans; i++)
		cases[i + 1] = (struct scase){.c = open[i], .elem = m};
	for (int i = 0; i < TRIES && got < 0; i++)
		got = selectgo(cases, p->post->nchans + 1, i == TRIES - 1 || rnd(&p->r, 2) == 0);
	MUST(got > 0, got, 0);
	*from = got - 1;
	return cases[got].ok;
}

/* The next message, and the channel that it came from; -1 once all are closed. */
static int get(struct player *p, struct chan *open[], int *nopen, struct message *m)
{
	int from = 0;

	while (*nopen > 0) {
		if (p->post->nchans > 1 || rnd(&p->r, 3) == 0 ? getany(p, open, m, &from)
							      : getone(p, open[0], m))
			return from;
		MUST(m->sender == 0 && m->number == 0, m->sender, m->number);
		open[from] = NULL;
		--*nopen;
	}
	return -1;
}

static void receiver(void *player)
{
	struct player *p = player;
	struct post *post = p->post;
	struct chan *open[MAXCHANS];
	int32_t last[MAXCHANS][MAXSENDERS];
	struct message m;
	int c, nopen = post->nchans;

	for (int i = 0; i < MAXCHANS; i++) {
		open[i] = i < post->nchans ? post->c[i] : NULL;
		for (int j = 0; j < MAXSENDERS; j++)
			last[i][j] = -1;
	}
	while ((c = get(p, open, &nopen, &m)) >= 0) {
		MUST(m.sender < post->senders && m.number < post->each, m.sender, m.number);
		MUST(m.number > last[c][m.sender], m.sender, m.number);
		last[c][m.sender] = m.number;
		MUST(!atomic_exchange(&post->seen[m.sender][m.number], true), m.sender, m.number);
		mood(&p->r);
	}
	wgdone(&post->all);
}

static void channels(struct rnd *r)
{
	struct post *post = calloc(1, sizeof *post);

	MUST(post != NULL, 0, 0);
	post->nchans = rnd(r, 2) ? 1 : 1 + (int)rnd(r, MAXCHANS);
	post->senders = 1 + (int)rnd(r, MAXSENDERS);
	post->receivers = 1 + (int)rnd(r, MAXPLAYERS - MAXSENDERS);
	post->each = 1 + (int)rnd(r, MAXEACH);
	post->sending = post->senders;
	post->never = makechan(sizeof(struct message), 0);
	for (int i = 0; i < post->nchans; i++)
		post->c[i] = makechan(sizeof(struct message), rnd(r, 2) ? 0 : rnd(r, 9));
	wgadd(&post->all, post->senders + post->receivers);
	for (int i = 0; i < post->senders + post->receivers; i++) {
		post->player[i] = (struct player){post, i, rndnew(r)};
		go(i < post->senders ? sender : receiver, &post->player[i]);
	}
	wgwait(&post->all);
	for (int i = 0; i < post->senders; i++)
		for (int n = 0; n < post->each; n++)
			MUST(post->seen[i][n], i, n);
	for (int i = 0; i < post->nchans; i++)
		chanfree(post->c[i]);
	chanfree(post->never);
	free(post);
}

/* ---- locks: two numbers that are equal whenever nobody has the lock ---- */

struct vault {
	struct mutex m;
	struct rwmutex rw;
	struct waitgroup all;
	int each;
	long a, b; /* under m */
	long c, d; /* under rw */
	_Atomic long ab, cd, read;
	struct player player[MAXPLAYERS];
};

static void with_mutex(struct vault *v, struct rnd *r)
{
	if (rnd(r, 4) != 0)
		mutexlock(&v->m);
	else
		while (!mutextrylock(&v->m))
			gosched();
	MUST(v->a == v->b, v->a, v->b);
	v->a++;
	mood(r);
	v->b++;
	mutexunlock(&v->m);
	v->ab++;
}

static void with_rwmutex(struct vault *v, struct rnd *r)
{
	if (rnd(r, 3) != 0) {
		rwmutexrlock(&v->rw);
		MUST(v->c == v->d, v->c, v->d);
		mood(r);
		rwmutexrunlock(&v->rw);
		v->read++;
		return;
	}
	rwmutexlock(&v->rw);
	MUST(v->c == v->d, v->c, v->d);
	v->c++;
	mood(r);
	v->d++;
	rwmutexunlock(&v->rw);
	v->cd++;
}

struct keeper {
	struct vault *vault;
	struct rnd r;
};

static void keep(void *keeper)
{
	struct keeper k = *(struct keeper *)keeper;

	for (int i = 0; i < k.vault->each; i++) {
		if (rnd(&k.r, 2) == 0)
			with_mutex(k.vault, &k.r);
		else
			with_rwmutex(k.vault, &k.r);
		mood(&k.r);
	}
	wgdone(&k.vault->all);
}

static void locks(struct rnd *r)
{
	struct vault v = {.each = 1 + (int)rnd(r, 40)};
	struct keeper k[MAXPLAYERS];
	const int n = 1 + (int)rnd(r, MAXPLAYERS);

	wgadd(&v.all, n);
	for (int i = 0; i < n; i++) {
		k[i] = (struct keeper){&v, rndnew(r)};
		go(keep, &k[i]);
	}
	wgwait(&v.all);
	MUST(v.a == v.ab && v.b == v.ab, v.a, v.ab);
	MUST(v.c == v.cd && v.d == v.cd, v.c, v.cd);
	MUST(v.ab + v.cd + v.read == (long)n * v.each, n, v.each);
}

/* ---- pipes: the same by system calls, which block where the pipe is full or empty ---- */

enum { PACKET = 512, WRITERS = 3, READERS = 3, PACKETS = 30, PIPE_SIZE = 4096 };

struct tube {
	int fd[2], writers, readers, each;
	struct waitgroup all;
	_Atomic int writing;
	_Atomic bool seen[WRITERS][PACKETS];
	struct plumber {
		struct tube *tube;
		int32_t id;
		struct rnd r;
	} plumber[WRITERS + READERS];
};

static void writes(void *plumber)
{
	struct plumber *p = plumber;
	struct tube *t = p->tube;
	int32_t packet[PACKET / sizeof(int32_t)] = {p->id};
	long n;

	for (; packet[1] < t->each; packet[1]++) {
		while ((n = g0_write(t->fd[1], packet, PACKET)) == -EINTR)
			;
		MUST(n == PACKET, n, packet[1]);
		mood(&p->r);
	}
	if (--t->writing == 0)
		close(t->fd[1]);
	wgdone(&t->all);
}

static void reads(void *plumber)
{
	struct plumber *p = plumber;
	struct tube *t = p->tube;
	int32_t packet[PACKET / sizeof(int32_t)], last[WRITERS] = {-1, -1, -1};
	long n;

	while ((n = g0_read(t->fd[0], packet, PACKET)) != 0) {
		if (n == -EINTR)
			continue;
		MUST(n == PACKET && packet[0] < t->writers, n, packet[0]);
		MUST(packet[1] > last[packet[0]] && packet[1] < t->each, packet[0], packet[1]);
		last[packet[0]] = packet[1];
		MUST(!atomic_exchange(&t->seen[packet[0]][packet[1]], true), packet[0], packet[1]);
		mood(&p->r);
	}
	wgdone(&t->all);
}

static void pipes(struct rnd *r)
{
	struct tube *t = calloc(1, sizeof *t);

	MUST(t != NULL && pipe(t->fd) == 0, errno, 0);
	fcntl(t->fd[0], F_SETPIPE_SZ, PIPE_SIZE);
	t->writing = t->writers = 1 + (int)rnd(r, WRITERS);
	t->readers = 1 + (int)rnd(r, READERS);
	t->each = 1 + (int)rnd(r, PACKETS);
	wgadd(&t->all, t->writers + t->readers);
	for (int i = 0; i < t->writers + t->readers; i++) {
		t->plumber[i] = (struct plumber){t, i, rndnew(r)};
		go(i < t->writers ? writes : reads, &t->plumber[i]);
	}
	wgwait(&t->all);
	close(t->fd[0]);
	for (int i = 0; i < t->writers; i++)
		for (int n = 0; n < t->each; n++)
			MUST(t->seen[i][n], i, n);
	free(t);
}

/* ---- a tree of Gs, each started by the one above: creation and exit ---- */

struct forest {
	_Atomic long started, ran;
};

struct node {
	struct forest *forest;
	struct waitgroup *done;
	int depth;
	struct rnd r;
};

static void grow(void *node)
{
	struct node me = *(struct node *)node, below[3];
	struct waitgroup done = {0};
	const int n = me.depth == 0 ? 0 : 1 + (int)rnd(&me.r, 3);

	me.forest->ran++;
	wgadd(&done, n);
	for (int i = 0; i < n; i++) {
		below[i] = (struct node){me.forest, &done, me.depth - 1, rndnew(&me.r)};
		me.forest->started++;
		go(grow, &below[i]);
		mood(&me.r);
	}
	wgwait(&done);
	wgdone(me.done);
	if (rnd(&me.r, 2) == 0)
		goexit();
}

static void tree(struct rnd *r)
{
	struct waitgroup done = {0};
	struct forest forest = {.started = 1};
	struct node root = {&forest, &done, (int)rnd(r, 6), rndnew(r)};

	wgadd(&done, 1);
	go(grow, &root);
	wgwait(&done);
	MUST(forest.ran == forest.started, forest.ran, forest.started);
}

/* ---- a ring: one message that goes around ---- */

struct link {
	struct chan *in, *out;
	int laps;
	struct rnd r;
	struct waitgroup *all;
};

static void pass(void *link)
{
	struct link *l = link;
	long n = 0;

	for (int i = 0; i < l->laps; i++) {
		MUST(chanrecv(l->in, &n), i, n);
		n++;
		mood(&l->r);
		chansend(l->out, &n);
	}
	wgdone(l->all);
}

static void ring(struct rnd *r)
{
	enum { MAX = 10 };
	struct link links[MAX];
	struct chan *c[MAX + 1];
	struct waitgroup all = {0};
	const int n = 1 + (int)rnd(r, MAX), laps = 1 + (int)rnd(r, 20);
	long v = 0;

	for (int i = 0; i <= n; i++)
		c[i] = makechan(sizeof v, rnd(r, 2));
	wgadd(&all, n);
	for (int i = 0; i < n; i++) {
		links[i] = (struct link){c[i], c[i + 1], laps, rndnew(r), &all};
		go(pass, &links[i]);
	}
	for (int i = 0; i < laps; i++) {
		chansend(c[0], &v);
		MUST(chanrecv(c[n], &v), i, v);
		MUST(v == (long)n * (i + 1), v, i);
	}
	wgwait(&all);
	for (int i = 0; i <= n; i++)
		chanfree(c[i]);
}

const struct game games[] = {
	{"channels", channels},
	{"locks", locks},
	{"pipes", pipes},
	{"tree", tree},
	{"ring", ring},
	{"timers", timers},
	{"callbacks", callbacks},
	{0},
};

static void wait_for_nobody(struct rnd *r)
{
	struct chan *never = makechan(1, 0);
	char c;

	(void)r;
	chanrecv(never, &c);
}

const struct game hang = {"hang", wait_for_nobody};
