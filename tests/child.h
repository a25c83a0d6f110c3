/* SPDX-License-Identifier: MIT */
/* The process that one of the runtime's tests runs in: how it ended, and that it does end. */
#ifndef TESTS_CHILD_H
#define TESTS_CHILD_H

#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { HANGS = 256 };

/* In the child, first: whoever waits for it may be ended for hanging, and takes it along. */
static inline void child_begins(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
}

/*
 * Wait for a child. Returns its exit status, 128 + the signal that it died of, HANGS if it was
 * not done after $G0_TEST_SECONDS (60 unless set) and so was killed, or -1 if there is none. Looks
 * now and then, as an alarm may be what the test is about, and a program may block it.
 */
static inline int child_status(pid_t pid)
{
	const struct timespec nap = {.tv_nsec = 500000};
	const char *seconds = getenv("G0_TEST_SECONDS");
	struct timespec now, end;
	int status;
	pid_t is;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += seconds != NULL ? atoi(seconds) : 60;
	while ((is = waitpid(pid, &status, WNOHANG)) == 0) {
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (now.tv_sec > end.tv_sec ||
			(now.tv_sec == end.tv_sec && now.tv_nsec >= end.tv_nsec)) {
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
			return HANGS;
		}
		nanosleep(&nap, NULL);
	}
	if (is != pid)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

#endif
