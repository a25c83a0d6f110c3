/* SPDX-License-Identifier: MIT */
#include "ptrace_inherit.h"
#include "model/say.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * What most systems give a first thread. Its stack begins so far below its end, and with a much
 * larger one, or none, the kernel would lay out everything else differently too.
 */
enum { FIRST_STACK = 8 << 20 };
/* And how many open files. */
enum { FILES = 1024 };

/*
 * A soft limit of exactly this, and the hard one such that it is allowed, if we may; the hard one
 * too is exactly this if it is said so.
 */
static void set_limit(int which, rlim_t want, bool exactly)
{
	struct rlimit l;
	if (getrlimit(which, &l) != 0)
		return;
	l.rlim_cur = want;
	if (exactly || l.rlim_max < want)
		l.rlim_max = want;
	if (setrlimit(which, &l) == 0)
		return;
	/* The hard one may not be raised. */
	getrlimit(which, &l);
	l.rlim_cur = l.rlim_max;
	setrlimit(which, &l);
}

/*
 * What may be raised again is as high as it may be, and what that would change is as most systems
 * have it. A hard limit is somebody's fence; but both of the one on stacks come to lie on a stack
 * when libc asks for it.
 */
static void fix_limits(void)
{
	struct rlimit l;
	for (int which = 0; which < RLIM_NLIMITS; which++)
		if (getrlimit(which, &l) == 0 && l.rlim_cur != l.rlim_max) {
			l.rlim_cur = l.rlim_max;
			setrlimit(which, &l);
		}
	set_limit(RLIMIT_STACK, FIRST_STACK, true);
	set_limit(RLIMIT_NOFILE, FILES, false);
	set_limit(RLIMIT_CORE, 0, false);
}

/*
 * Signals do what they do by default, whoever ignored them (nohup, a shell in a script), and none
 * is blocked: libc would refuse to hear of two of them.
 */
static void fix_signals(void)
{
	enum { ACTION_WORDS = 4, SIGNALS = 64 };
	static const uint64_t by_default[ACTION_WORDS], none;
	for (int sig = 1; sig <= SIGNALS; sig++)
		syscall(SYS_rt_sigaction, sig, by_default, NULL, sizeof none);
	syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, sizeof none);
}

/* Of all descriptors it gets three; where the kernel is too old for that, one by one. */
static void fix_descriptors(void)
{
	enum { CLOEXEC_FROM = 3 };
	if (close_range(CLOEXEC_FROM, ~0U, CLOSE_RANGE_CLOEXEC) == 0)
		return;
	for (int fd = CLOEXEC_FROM; fd < sysconf(_SC_OPEN_MAX); fd++)
		fcntl(fd, F_SETFD, FD_CLOEXEC);
}

void inherit_fix(void)
{
	personality(ADDR_NO_RANDOMIZE);
	/* The descriptors first, for there may be more than are allowed from then on. */
	fix_descriptors();
	fix_limits();
	fix_signals();
	/* By now the tracer has seen to it that nothing is left behind. */
	prctl(PR_SET_PDEATHSIG, 0);
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

/* A variable of the runtime's that is set for us, but does not reach the program; NULL: none. */
static const char *unheard(const struct run_options *o)
{
	static const char *const names[] = {
		"G0_MCALL", "G0_PROCS", "G0_SEED", "G0_POISON", "G0_STACK", "G0_TRACE", "G0_PROF"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		bool given = !getenv(names[i]);
		for (char *const *e = o->env; e && *e && !given; e++)
			given = strncmp(*e, names[i], strlen(names[i])) == 0;
		if (!given)
			return names[i];
	}
	return NULL;
}

void inherit_note(int pid, const struct run_options *o, char *buf, size_t n)
{
	struct rlimit stack;
	const char *name = unheard(o);
	buf[0] = '\0';
	if (name)
		say(buf, n,
			"%s is set here, but the stepped program has an environment of its own: "
			"give --mcall, --procs, --seed, --poison, or --env=%s=...",
			name, name);
	if (is_random(pid))
		say(buf, n,
			"this system does not allow personality(2): the addresses of Ms' stacks "
			"are random, and differ from run to run; in a container, start that with "
			"--security-opt seccomp=unconfined");
	else if (prlimit(pid, RLIMIT_STACK, NULL, &stack) == 0 && stack.rlim_cur != FIRST_STACK)
		say(buf, n,
			"the limit on stacks is %llu KiB (ulimit -s), and cannot be raised to %d: "
			"M0's stack begins elsewhere than on other systems",
			(unsigned long long)stack.rlim_cur >> 10, FIRST_STACK >> 10);
}
