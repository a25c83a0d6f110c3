/* SPDX-License-Identifier: MIT */
#include "live_inherit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <unistd.h>

/*
 * What most systems give a first thread. Its stack begins so far below its end, and with a much
 * larger one, or none, the kernel would lay out everything else differently too.
 */
enum { FIRST_STACK = 8 << 20 };

/* A soft limit of exactly this, and a hard one that allows it, if we may. */
static void set_limit(int which, rlim_t want)
{
	struct rlimit l;
	if (getrlimit(which, &l) != 0)
		return;
	l.rlim_cur = want;
	if (l.rlim_max < want)
		l.rlim_max = want;
	if (setrlimit(which, &l) == 0)
		return;
	/* The hard one may not be raised. */
	getrlimit(which, &l);
	l.rlim_cur = l.rlim_max;
	setrlimit(which, &l);
}

void inherit_fix(void)
{
	struct rlimit files;
	personality(ADDR_NO_RANDOMIZE);
	set_limit(RLIMIT_STACK, FIRST_STACK);
	if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur <= PROGRAM_FD)
		set_limit(RLIMIT_NOFILE, PROGRAM_FD + 1);
}

/* A number in a file of /proc; -1: it cannot be read. */
static long read_number(const char *path, int base)
{
	char text[32] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	ssize_t n = read(fd, text, sizeof text - 1);
	close(fd);
	return n > 0 ? strtol(text, NULL, base) : -1;
}

static int is_random(int pid)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/personality", pid);
	long persona = read_number(path, 16);
	return persona >= 0 && !(persona & ADDR_NO_RANDOMIZE) &&
	       read_number("/proc/sys/kernel/randomize_va_space", 10) != 0;
}

void inherit_note(int pid, char *buf, size_t n)
{
	struct rlimit stack;
	buf[0] = '\0';
	if (is_random(pid))
		snprintf(buf, n,
			"this system does not allow personality(2): the addresses of Ms' stacks "
			"are random, and differ from run to run; in a container, start that with "
			"--security-opt seccomp=unconfined");
	else if (prlimit(pid, RLIMIT_STACK, NULL, &stack) == 0 && stack.rlim_cur != FIRST_STACK)
		snprintf(buf, n,
			"the limit on stacks is %llu KiB (ulimit -s), and cannot be raised to %d: "
			"M0's stack begins elsewhere than on other systems",
			(unsigned long long)stack.rlim_cur >> 10, FIRST_STACK >> 10);
}

const char *inherit_remedy(int why)
{
	switch (why) {
	case EMFILE: return "256 open files are needed; raise the limit (ulimit -n)";
	case E2BIG:
		return "its arguments are too long for the limit on stacks; raise that (ulimit -s)";
	case ENOMEM: return "raise the limits on memory and on stacks (ulimit -v, ulimit -s)";
	case EAGAIN:
		return "end some processes, or raise the limit on how many (ulimit -u; in a "
		       "container, --pids-limit)";
	default: return "is it complete, and built for this machine?";
	}
}
