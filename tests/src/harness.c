/* SPDX-License-Identifier: MIT */
/* The harness itself: a test that never ends is ended, with what it started. */
#include <errno.h>
#include <unistd.h>

#include "child.h"
#include "test.h"

/* A child, and a child of that one, which both hold the pipe open for ever. */
static pid_t start_two_that_hang(const int fds[2])
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	child_begins();
	if (fork() == 0)
		child_begins();
	close(fds[0]);
	CHECK(write(fds[1], "", 1) == 1);
	for (;;)
		pause();
}

static void who_hangs_is_ended_with_its_children(void)
{
	int fds[2];
	pid_t pid;
	char byte;

	CHECK(pipe(fds) == 0);
	pid = start_two_that_hang(fds);
	close(fds[1]);
	CHECK(pid > 0 && read(fds[0], &byte, 1) == 1 && read(fds[0], &byte, 1) == 1);
	setenv("G0_TEST_SECONDS", "0", 1);
	CHECK(child_status(pid) == HANGS);
	CHECK(kill(pid, 0) == -1 && errno == ESRCH);
	CHECK(read(fds[0], &byte, 1) == 0);
}

static void how_a_child_ends_is_told(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(3);
	CHECK(child_status(pid) == 3);
	pid = fork();
	if (pid == 0)
		for (;;)
			raise(SIGKILL);
	CHECK(child_status(pid) == 128 + SIGKILL);
	CHECK(child_status(pid) == -1);
}

const struct test harness_tests[] = {
	{"harness: who hangs is ended with its children", who_hangs_is_ended_with_its_children,
		true, "1"},
	{"harness: how a child ends is told", how_a_child_ends_is_told, true, "1"},
	{0},
};
