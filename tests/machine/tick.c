/* SPDX-License-Identifier: MIT */
/* Waiting for a tracee that does not stop, and for one that does: what comes back, not when. */
#include "machine_tests.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "machine/ptrace_tick.h"

/* A child that sleeps until it is killed, or we are. */
static int sleeper(void)
{
	int pid = fork();
	if (pid == 0)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (pid == 0)
		pause();
	return pid;
}

static void end(int pid)
{
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

/* One looks up from a wait that nothing ends, as often as it is begun. */
static void test_looks_up(void **state)
{
	(void)state;
	int status, pid = sleeper();
	tick_begin();
	for (int i = 0; i < 3; i++) {
		assert_int_equal(tick_wait(pid, &status), -1);
		assert_int_equal(errno, EINTR);
	}
	end(pid);
}

/* What ends is heard of, and then that there is nobody to wait for. */
static void test_hears(void **state)
{
	(void)state;
	int status, pid = sleeper();
	tick_begin();
	kill(pid, SIGTERM);
	while (tick_wait(pid, &status) != pid)
		assert_int_equal(errno, EINTR);
	assert_int_equal(WTERMSIG(status), SIGTERM);
	assert_int_equal(tick_wait(pid, &status), -1);
	assert_int_equal(errno, ECHILD);
}

/* Ticks go on for a while after a wait: a read that blocks meanwhile is not cut short. */
static void test_leaves_others_alone(void **state)
{
	(void)state;
	char byte;
	int status, ends[2], pid = sleeper();
	tick_begin();
	assert_int_equal(tick_wait(pid, &status), -1);
	assert_int_equal(pipe(ends), 0);
	int writer = fork();
	if (writer == 0) {
		usleep(300 * 1000);
		_exit(write(ends[1], "x", 1) != 1);
	}
	assert_int_equal(read(ends[0], &byte, 1), 1);
	assert_int_equal(waitpid(writer, NULL, 0), writer);
	close(ends[0]);
	close(ends[1]);
	end(pid);
}

/*
 * Nor after a wait that began before a tick, and ended with what it waited for before the next: a
 * read that blocks from then on.
 */
static void test_leaves_the_next_alone(void **state)
{
	(void)state;
	char byte;
	int status, ends[2];
	assert_int_equal(pipe(ends), 0);
	tick_begin();
	int writer = fork();
	if (writer == 0) {
		usleep(400 * 1000);
		_exit(write(ends[1], "x", 1) != 1);
	}
	int pid = fork();
	if (pid == 0) {
		usleep(75 * 1000);
		_exit(0);
	}
	while (tick_wait(pid, &status) != pid)
		assert_int_equal(errno, EINTR);
	assert_int_equal(read(ends[0], &byte, 1), 1);
	assert_int_equal(waitpid(writer, NULL, 0), writer);
	close(ends[0]);
	close(ends[1]);
}

/* A stop that came before is not missed by a doze, and a doze that nothing ends has an end. */
static void test_dozes(void **state)
{
	(void)state;
	int status, pid = sleeper();
	tick_begin();
	tick_doze(1000 * 1000);
	tick_doze(1000 * 1000);
	kill(pid, SIGTERM);
	while (waitpid(pid, &status, WNOHANG) == 0)
		tick_doze(1000 * 1000);
	assert_int_equal(WTERMSIG(status), SIGTERM);
}

int test_tick(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_looks_up),
		cmocka_unit_test(test_hears),
		cmocka_unit_test(test_leaves_others_alone),
		cmocka_unit_test(test_leaves_the_next_alone),
		cmocka_unit_test(test_dozes),
	};
	return cmocka_run_group_tests_name("tick", tests, NULL, NULL);
}
