/* SPDX-License-Identifier: MIT */
/* The worker: one thread does all, one thing at a time, and can be asked to end it. */
#include "session_tests.h"

#include <poll.h>
#include <unistd.h>

#include "session/worker.h"

static void note_thread(void *ctx)
{
	*(int *)ctx = gettid();
}

/* All is done by one thread, which is not the one that asks. */
static void one_thread_does_all(void **state)
{
	(void)state;
	struct worker *w = worker_new();
	int first = 0, second = 0;
	assert_non_null(w);
	worker_do(w, note_thread, &first);
	worker_do(w, note_thread, &second);
	assert_true(first != 0 && first != gettid());
	assert_int_equal(first, second);
	assert_true(worker_wait(w, 0));
	worker_free(w);
}

/* Goes on until it is told to end. */
static void count(void *ctx)
{
	struct worker *w = ctx;
	for (int64_t n = 1; !worker_is_stopped(w); n++)
		worker_tell(w, n);
}

/* It can be looked at from outside, and ended. */
static void what_is_under_way_can_be_stopped(void **state)
{
	(void)state;
	struct worker *w = worker_new();
	struct pollfd done = {.fd = worker_fd(w), .events = POLLIN};
	worker_begin(w, count, w);
	while (worker_told(w) < 1000)
		assert_false(worker_wait(w, 1));
	assert_int_equal(poll(&done, 1, 0), 0);
	worker_stop(w);
	assert_int_equal(poll(&done, 1, -1), 1);
	assert_true(worker_wait(w, -1));
	assert_int_equal(poll(&done, 1, 0), 0);
	/* That was of what is over: the next begins as if nothing had been. */
	worker_begin(w, count, w);
	while (worker_told(w) < 1000)
		assert_false(worker_wait(w, 1));
	worker_stop(w);
	worker_free(w);
}

int test_worker(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_thread_does_all),
		cmocka_unit_test(what_is_under_way_can_be_stopped),
	};
	return cmocka_run_group_tests_name("worker", tests, NULL, NULL);
}
