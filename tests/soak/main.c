/* SPDX-License-Identifier: MIT */
/*
 * soak SECONDS [SEED [GAME...]]: games at some tables, one after the other, until time is over. The
 * seed says how many tables, and which games; not what the kernel and other CPUs do to them. Few
 * tables matter as well, and all tables at the same game: a wake-up that is lost shows when nothing
 * else wakes anybody.
 *
 * A thread of its own watches: a table at which a game takes longer than any can has Gs that hang.
 * They are named, and the process ends with status 1. If all Gs hang, the runtime itself says so
 * and ends it with status 2. PATIENCE in the environment: seconds that a game may take.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "runtime.h"
#include "soak.h"

enum { MAXTABLES = 5, PATIENCE = 120, MAXSHOWN = 500 };

#define LOOKS __attribute__((no_sanitize("address", "thread")))

static uint32_t seed;
static int ntables;
static int64_t until;
static struct waitgroup tables_open;

static struct table {
	struct rnd r;
	const struct game *only; /* NULL: whatever is drawn */
	const struct game *_Atomic game;
	_Atomic long games;
} tables[MAXTABLES];

static int64_t seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

/* ---- what is said when something is wrong, as it stands, while others run ---- */

LOOKS static void show_gs(void)
{
	static const char *const statuses[] = {
		"idle", "runnable", "running", "syscall", "waiting", "dead"};
	int shown = 0;

	for (int32_t i = 0; i < allglen && shown < MAXSHOWN; i++) {
		const G *gp = allgs[i];
		const M *mp = gp->m;
		uint32_t status = gp->atomicstatus;
		if (status == Gdead || status >= sizeof statuses / sizeof statuses[0])
			continue;
		dprintf(2, "\tG%-8ld %-8s M%-3d fn %p%s%s\n", (long)gp->goid, statuses[status],
			mp == NULL ? -1 : mp->id, (void *)(uintptr_t)gp->startfn,
			status == Gwaiting ? ": " : "",
			status == Gwaiting && gp->waitreason != NULL ? gp->waitreason : "");
		shown++;
	}
}

LOOKS static void show_ms_and_ps(void)
{
	for (const M *mp = allm; mp != NULL; mp = mp->alllink) {
		const P *pp = mp->p;
		const G *gp = mp->curg;
		dprintf(2, "\tM%-3d P%-3d G%-8ld%s, note %u\n", mp->id, pp == NULL ? -1 : pp->id,
			gp == NULL ? -1 : (long)gp->goid, mp->spinning ? ", spinning" : "",
			mp->park);
	}
	for (int i = 0; i < gomaxprocs; i++) {
		const P *pp = allp[i];
		const M *mp = pp->m;
		dprintf(2, "\tP%-3d status %u M%-3d %u Gs queued%s\n", pp->id, pp->status,
			mp == NULL ? -1 : mp->id, pp->runqtail - pp->runqhead,
			pp->runnext != NULL ? " and runnext" : "");
	}
	dprintf(2, "\tglobal queue: %d Gs; %d Ps idle, %d Ms spin\n", sched.runq.n, sched.npidle,
		sched.nmspinning);
}

static _Noreturn void end_with(const char *what)
{
	dprintf(2, "soak: %s; seed %u\n", what, seed);
	for (int i = 0; i < ntables; i++) {
		const struct game *g = tables[i].game;
		dprintf(2, "\ttable %d: %s, after %ld games\n", i, g == NULL ? "-" : g->name,
			tables[i].games);
	}
	show_gs();
	show_ms_and_ps();
	_exit(1);
}

void wrong(const char *what, long a, long b)
{
	char s[256];

	snprintf(s, sizeof s, "not so: %s (%ld, %ld), found by G%ld", what, a, b, (long)goid());
	end_with(s);
}

/* Whoever is at the same game as so many looks ago hangs. */
static void *watch(void *unused)
{
	const char *s = getenv("PATIENCE");
	const int patience = s == NULL || atoi(s) <= 0 ? PATIENCE : atoi(s);
	long last[MAXTABLES] = {0};
	int same[MAXTABLES] = {0};
	char what[80];

	for (;; sleep(1)) {
		for (int i = 0; i < ntables; i++) {
			same[i] = tables[i].games == last[i] ? same[i] + 1 : 0;
			last[i] = tables[i].games;
			if (same[i] <= patience)
				continue;
			snprintf(what, sizeof what, "table %d hangs", i);
			end_with(what);
		}
	}
	return unused;
}

/* ---- playing ---- */

static uint32_t ngames(void)
{
	uint32_t n = 0;

	while (games[n].name != NULL)
		n++;
	return n;
}

static void play(void *table)
{
	struct table *t = table;
	const uint32_t n = ngames();

	while (seconds() < until) {
		t->game = t->only != NULL ? t->only : &games[rnd(&t->r, n)];
		t->game->play(&t->r);
		t->games++;
	}
	t->game = NULL;
	wgdone(&tables_open);
}

static const struct game *named(const char *name)
{
	const struct game *g = games;

	while (g->name != NULL && strcmp(g->name, name) != 0)
		g++;
	if (g->name == NULL && strcmp(name, hang.name) != 0) {
		dprintf(2, "soak: there is no game '%s'\n", name);
		exit(2);
	}
	return g->name != NULL ? g : &hang;
}

void go_main(void)
{
	struct rnd r;
	pthread_t watchdog;
	const struct game *same;
	long played = 0;

	until = seconds() + (g0_argc > 1 ? atoi(g0_argv[1]) : 10);
	seed = g0_argc > 2 ? (uint32_t)strtoul(g0_argv[2], NULL, 10) : (uint32_t)time(NULL);
	r.x = seed * 2654435761u | 1;
	ntables = g0_argc > 3 ? g0_argc - 3 : 1 + (int)rnd(&r, MAXTABLES);
	if (ntables > MAXTABLES)
		exit(2);
	draw_moods(&r);
	same = rnd(&r, 3) == 0 ? &games[rnd(&r, ngames())] : NULL;
	printf("soak: seed %u, %d Ps, %d tables\n", seed, numprocs(), ntables);
	fflush(stdout);
	wgadd(&tables_open, ntables);
	for (int i = 0; i < ntables; i++) {
		tables[i].r = rndnew(&r);
		tables[i].only = g0_argc > 3 ? named(g0_argv[i + 3]) : same;
		go(play, &tables[i]);
	}
	if (pthread_create(&watchdog, NULL, watch, NULL) != 0)
		exit(2);
	wgwait(&tables_open);
	while (numgoroutine() > 1)
		gosched();
	for (int i = 0; i < ntables; i++)
		played += tables[i].games;
	printf("soak: %ld games\n", played);
}
