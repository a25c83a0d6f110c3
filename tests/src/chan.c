/* SPDX-License-Identifier: MIT */
/* Channels: order kept, each element received exactly once, whatever waits for whom; and closed. */
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
	const struct span s = *(const struct span *)arg; /* gone with the last element */
	for (int i = 0; i < s.n; i++) {
		int v = s.from + i;
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

static void what_was_sent_outlives_the_close(void)
{
	int v = 7;

	c = makechan(sizeof v, 3);
	chansend(c, &v);
	v = 8;
	chansend(c, &v);
	chanclose(c);
	CHECK(chanrecv(c, &v) && v == 7);
	CHECK(chanrecv(c, &v) && v == 8);
	v = 9;
	CHECK(!chanrecv(c, &v) && v == 0);
	CHECK(!chanrecv(c, &v));
	chanfree(c);
}

static void drain(void *sum)
{
	int v;

	while (chanrecv(c, &v))
		*(_Atomic int64_t *)sum += v;
	chansend(done, &v);
}

/* Half of the receivers wait when the channel is closed, whatever the others do. */
static void close_lets_all_receivers_go(size_t room)
{
	static _Atomic int64_t sum;
	const int n = (int)turns(5000);
	int v;

	c = makechan(sizeof v, room);
	done = makechan(sizeof v, 0);
	for (int i = 0; i < SENDERS; i++)
		go(drain, &sum);
	for (v = 1; v <= n; v++)
		chansend(c, &v);
	gosched();
	chanclose(c);
	for (int i = 0; i < SENDERS; i++)
		chanrecv(done, &v);
	CHECK(sum == (int64_t)n * (n + 1) / 2);
	chanfree(c);
	chanfree(done);
}

static void close_lets_all_receivers_go_without_a_buffer(void)
{
	close_lets_all_receivers_go(0);
}

static void close_lets_all_receivers_go_from_a_buffer(void)
{
	close_lets_all_receivers_go(16);
}

static void try_never_waits(void)
{
	bool ok = true;
	int v = 1;

	c = makechan(sizeof v, 0);
	CHECK(!chantrysend(c, &v) && !chantryrecv(c, &v, &ok));
	go(send_one, (void *)(intptr_t)5);
	while (!chantryrecv(c, &v, &ok))
		gosched();
	CHECK(ok && v == 5);
	chanfree(c);
	c = makechan(sizeof v, 1);
	CHECK(chantrysend(c, &v) && !chantrysend(c, &v));
	CHECK(chantryrecv(c, &v, &ok) && ok && !chantryrecv(c, &v, &ok));
	chanclose(c);
	CHECK(chantryrecv(c, &v, &ok) && !ok && v == 0);
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
	{"chan: what was sent outlives the close", what_was_sent_outlives_the_close, true, "2"},
	{"chan: close lets all receivers go, without a buffer",
		close_lets_all_receivers_go_without_a_buffer, false, "3"},
	{"chan: close lets all receivers go, from a buffer",
		close_lets_all_receivers_go_from_a_buffer, false, "3"},
	{"chan: try never waits", try_never_waits, false, "2"},
	{0},
};
