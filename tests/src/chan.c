/* SPDX-License-Identifier: MIT */
/* Channels: order kept, each element received exactly once, whatever waits for whom. */
#include <string.h>

#include "g0.h"
#include "test.h"

enum { SENDERS = 50, EACH = 200 };

static struct chan *c, *done;

struct span {
	int from, n;
};

static void send_span(void *arg)
{
	const struct span *s = arg;
	for (int i = 0; i < s->n; i++) {
		int v = s->from + i;
		chansend(c, &v);
	}
}

static void order_is_kept(size_t room)
{
	struct span s = {0, (int)turns(20000)};
	int v;

	c = makechan(sizeof v, room);
	go(send_span, &s);
	for (int i = 0; i < s.n; i++) {
		chanrecv(c, &v);
		CHECK(v == i);
		if (i % 1000 == 0)
			gosched();
	}
	chanfree(c);
}

static void order_is_kept_without_a_buffer(void)
{
	order_is_kept(0);
}

static void order_is_kept_in_a_buffer(void)
{
	order_is_kept(7);
}

static void many_senders(size_t room)
{
	static struct span s[SENDERS];
	static int next[SENDERS];
	int v;

	c = makechan(sizeof v, room);
	for (int i = 0; i < SENDERS; i++) {
		s[i] = (struct span){i * EACH, EACH};
		go(send_span, &s[i]);
	}
	/* Each exactly once, and those of one sender in its order. */
	for (int i = 0; i < SENDERS * EACH; i++) {
		chanrecv(c, &v);
		CHECK(v / EACH < SENDERS && v % EACH == next[v / EACH]);
		next[v / EACH]++;
	}
}

static void many_senders_without_a_buffer(void)
{
	many_senders(0);
}

static void many_senders_to_a_buffer(void)
{
	many_senders(16);
}

static _Atomic int received[SENDERS * EACH];

static void receive_each(void *arg)
{
	int v;

	(void)arg;
	for (int i = 0; i < EACH; i++) {
		chanrecv(c, &v);
		received[v]++;
	}
	chansend(done, &v);
}

static void many_receivers_and_senders(void)
{
	static struct span s[SENDERS];
	int v;

	c = makechan(sizeof v, 3);
	done = makechan(sizeof v, 0);
	for (int i = 0; i < SENDERS; i++) {
		s[i] = (struct span){i * EACH, EACH};
		go(receive_each, NULL);
		go(send_span, &s[i]);
	}
	for (int i = 0; i < SENDERS; i++)
		chanrecv(done, &v);
	for (int i = 0; i < SENDERS * EACH; i++)
		CHECK(received[i] == 1);
}

static void send_one(void *arg)
{
	int v = (int)(intptr_t)arg;
	chansend(c, &v);
}

/* With one P the order in which Gs come to wait is known, and they are served in it. */
static void who_waits_first_is_served_first(void)
{
	int v;

	c = makechan(sizeof v, 1);
	for (int i = 0; i < 20; i++) {
		go(send_one, (void *)(intptr_t)i);
		gosched();
	}
	for (int i = 0; i < 20; i++) {
		chanrecv(c, &v);
		CHECK(v == i);
	}
}

static void buffer_takes_what_it_has_room_for(void)
{
	char elem[13] = "twelve chars", got[13];

	c = makechan(sizeof elem, 3);
	for (int round = 0; round < 5; round++) {
		for (char i = 0; i < 3; i++) {
			elem[0] = (char)('a' + i);
			chansend(c, elem); /* nobody receives: it must not wait */
		}
		for (char i = 0; i < 3; i++) {
			chanrecv(c, got);
			elem[0] = (char)('a' + i);
			CHECK(memcmp(elem, got, sizeof got) == 0);
		}
	}
	chanfree(c);
}

static void send_nothing(void *arg)
{
	(void)arg;
	chansend(c, NULL);
}

static void elements_may_be_empty(void)
{
	c = makechan(0, 0);
	go(send_nothing, NULL);
	chanrecv(c, NULL);
	chanfree(c);
	c = makechan(0, 2);
	chansend(c, NULL);
	chansend(c, NULL);
	chanrecv(c, NULL);
	chanfree(c);
}

const struct test chan_tests[] = {
	{"chan: order is kept without a buffer", order_is_kept_without_a_buffer, false, "2"},
	{"chan: order is kept in a buffer", order_is_kept_in_a_buffer, false, "2"},
	{"chan: many senders, without a buffer", many_senders_without_a_buffer, false, "2"},
	{"chan: many senders, to a buffer", many_senders_to_a_buffer, false, "2"},
	{"chan: many senders and receivers", many_receivers_and_senders, false, "4"},
	{"chan: who waits first is served first", who_waits_first_is_served_first, true, "1"},
	{"chan: a buffer takes what it has room for", buffer_takes_what_it_has_room_for, true, "2"},
	{"chan: elements may be empty", elements_may_be_empty, true, "2"},
	{0},
};
