/* SPDX-License-Identifier: MIT */
/* Select: one case is done, exactly once, whoever else waits; fairly; and it can be closed on. */
#include "g0.h"
#include "test.h"

enum { CHANS = 4, GS = 12, PER_G = 400, MESSAGES = GS * PER_G };

static struct chan *chans[CHANS], *done;
static _Atomic int received[MESSAGES];

static void make_chans(size_t room)
{
	for (int i = 0; i < CHANS; i++)
		chans[i] = makechan(sizeof(int), room);
	done = makechan(sizeof(int), 0);
}

static void free_chans(void)
{
	for (int i = 0; i < CHANS; i++)
		chanfree(chans[i]);
	chanfree(done);
}

/* A case for each channel, all to or from one place. */
static void cases_of(struct scase *cases, void *elem, bool send)
{
	for (int i = 0; i < CHANS; i++)
		cases[i] = (struct scase){.c = chans[i], .elem = elem, .send = send};
}

/* G i sends the numbers from i * PER_G on, by a select or to one channel after the other. */
static void sender(void *arg)
{
	const int i = (int)(intptr_t)arg;
	struct scase cases[CHANS];
	int v;

	cases_of(cases, &v, true);
	for (int n = 0; n < PER_G; n++) {
		v = i * PER_G + n;
		if (i % 2 == 0)
			CHECK(selectgo(cases, CHANS, true) >= 0);
		else
			chansend(chans[n % CHANS], &v);
	}
	chansend(done, &v);
}

/* Until all channels are closed, by a select or from one channel. */
static void receiver(void *arg)
{
	const int i = (int)(intptr_t)arg;
	struct scase cases[CHANS];
	int v, at, open = CHANS;

	cases_of(cases, &v, false);
	while (i % 2 == 0 && open > 0) {
		at = selectgo(cases, CHANS, true);
		CHECK(at >= 0);
		if (cases[at].ok)
			received[v]++;
		else
			cases[at].c = NULL, open--;
	}
	while (i % 2 != 0 && chanrecv(chans[i / 2 % CHANS], &v))
		received[v]++;
	chansend(done, &v);
}

static void each_message_once(size_t room)
{
	int v;

	make_chans(room);
	for (intptr_t i = 0; i < GS; i++) {
		go(receiver, (void *)i);
		go(sender, (void *)i);
	}
	for (int i = 0; i < GS; i++)
		chanrecv(done, &v);
	for (int i = 0; i < CHANS; i++)
		chanclose(chans[i]);
	for (int i = 0; i < GS; i++)
		chanrecv(done, &v);
	for (int i = 0; i < MESSAGES; i++)
		CHECK(received[i] == 1);
	free_chans();
}

static void each_message_once_without_a_buffer(void)
{
	each_message_once(0);
}

static void each_message_once_through_buffers(void)
{
	each_message_once(2);
}

static _Atomic int64_t tokens;

/* Sends or receives, whichever the others let it, on the same two channels. */
static void either(void *arg)
{
	int out = 1, in, at;
	struct scase cases[] = {
		{.c = chans[0], .elem = &out, .send = true},
		{.c = chans[1], .elem = &out, .send = true},
		{.c = chans[0], .elem = &in},
		{.c = chans[1], .elem = &in},
	};

	(void)arg;
	for (int i = 0; i < PER_G; i++) {
		in = 0;
		at = selectgo(cases, 4, true);
		CHECK(at < 2 ? in == 0 : in == 1 && cases[at].ok);
		tokens += at < 2 ? 1 : -1;
	}
	chansend(done, &in);
}

/* As many have sent as have received. */
static void selects_serve_each_other(void)
{
	int v;

	make_chans(0);
	for (int i = 0; i < GS; i++)
		go(either, NULL);
	/* The last G has nobody but this one, which receives until all are done. */
	for (int n = 0; n < GS;) {
		struct scase cases[] = {
			{.c = done, .elem = &v},
			{.c = chans[0], .elem = &v},
		};
		if (selectgo(cases, 2, true) == 0)
			n++;
		else
			tokens--;
	}
	CHECK(tokens == 0);
	free_chans();
}

static void a_default_never_waits(void)
{
	struct scase cases[CHANS];
	int v = 3;

	make_chans(1);
	cases_of(cases, &v, false);
	CHECK(selectgo(cases, CHANS, false) == -1);
	CHECK(selectgo(cases, 0, false) == -1);
	chansend(chans[2], &v);
	v = 0;
	CHECK(selectgo(cases, CHANS, false) == 2 && v == 3 && cases[2].ok);
	cases[0].send = true;
	CHECK(selectgo(cases, CHANS, false) == 0 && cases[0].ok);
	cases[0].send = false;
	CHECK(selectgo(cases, CHANS, false) == 0 && cases[0].ok);
	v = 0;
	chanclose(chans[1]);
	CHECK(selectgo(cases, CHANS, true) == 1 && v == 0 && !cases[1].ok);
	cases[1].c = NULL;
	CHECK(selectgo(cases, CHANS, false) == -1);
	free_chans();
}

/* All can be done each time. Drawn evenly, the least of them comes up a quarter of the time. */
static void no_case_starves(void)
{
	struct scase cases[CHANS];
	int v, times[CHANS] = {0};

	make_chans(0);
	for (int i = 0; i < CHANS; i++)
		chanclose(chans[i]);
	cases_of(cases, &v, false);
	for (int i = 0; i < 4000; i++)
		times[selectgo(cases, CHANS, true)]++;
	for (int i = 0; i < CHANS; i++)
		CHECK(times[i] > 800 && times[i] < 1200);
	free_chans();
}

static void send_to_who_waits(void *unused)
{
	int v = 0;

	(void)unused;
	for (;;)
		if (!chantrysend(chans[0], &v))
			goyield();
}

/* On one P, each time it waits, with all cases in the queue of one channel. */
static void nor_one_of_several_that_wait_on_one_channel(void)
{
	struct scase cases[CHANS];
	int v, times[CHANS] = {0};

	make_chans(0);
	cases_of(cases, &v, false);
	for (int i = 1; i < CHANS; i++)
		cases[i].c = chans[0];
	go(send_to_who_waits, NULL);
	for (int i = 0; i < 4000; i++)
		times[selectgo(cases, CHANS, true)]++;
	for (int i = 0; i < CHANS; i++)
		CHECK(times[i] > 800 && times[i] < 1200);
}

const struct test select_tests[] = {
	{"select: each message once, without a buffer", each_message_once_without_a_buffer, false,
		"3"},
	{"select: each message once, through buffers", each_message_once_through_buffers, false,
		"3"},
	{"select: selects serve each other", selects_serve_each_other, false, "3"},
	{"select: and on one P", selects_serve_each_other, true, "1"},
	{"select: a default never waits", a_default_never_waits, true, "2"},
	{"select: no case starves", no_case_starves, true, "2"},
	{"select: nor does one of several that wait on one channel",
		nor_one_of_several_that_wait_on_one_channel, true, "1"},
	{0},
};
