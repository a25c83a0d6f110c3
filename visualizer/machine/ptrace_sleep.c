/* SPDX-License-Identifier: MIT */
#include "ptrace_sleep.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

/* How a call says for how long. */
enum until {
	FOR_A_TIME,    /* always */
	POINTER,       /* if the argument is no null pointer */
	MILLISECONDS,  /* if the argument, an int, is not negative */
	FOR_SOMETHING, /* never */
};

struct call {
	long nr;
	const char *name;
	enum until until;
	int argument;
};

/* Calls that sleep. All architectures have the newer ones. */
static const struct call calls[] = {
	{SYS_futex, "futex", POINTER, 3},
	{SYS_nanosleep, "nanosleep", FOR_A_TIME, 0},
	{SYS_clock_nanosleep, "clock_nanosleep", FOR_A_TIME, 0},
	{SYS_restart_syscall, "a call that was interrupted", FOR_A_TIME, 0},
	{SYS_ppoll, "ppoll", POINTER, 2},
	{SYS_pselect6, "pselect6", POINTER, 4},
	{SYS_epoll_pwait, "epoll_pwait", MILLISECONDS, 3},
	{SYS_rt_sigtimedwait, "rt_sigtimedwait", POINTER, 2},
	{SYS_semtimedop, "semtimedop", POINTER, 3},
	{SYS_mq_timedreceive, "mq_timedreceive", POINTER, 4},
	{SYS_mq_timedsend, "mq_timedsend", POINTER, 4},
#ifdef SYS_poll
	{SYS_poll, "poll", MILLISECONDS, 2},
	{SYS_select, "select", POINTER, 4},
	{SYS_epoll_wait, "epoll_wait", MILLISECONDS, 3},
	{SYS_pause, "pause", FOR_SOMETHING, 0},
#endif
	{SYS_read, "read", FOR_SOMETHING, 0},
	{SYS_readv, "readv", FOR_SOMETHING, 0},
	{SYS_write, "write", FOR_SOMETHING, 0},
	{SYS_writev, "writev", FOR_SOMETHING, 0},
	{SYS_accept, "accept", FOR_SOMETHING, 0},
	{SYS_accept4, "accept4", FOR_SOMETHING, 0},
	{SYS_connect, "connect", FOR_SOMETHING, 0},
	{SYS_recvfrom, "recvfrom", FOR_SOMETHING, 0},
	{SYS_recvmsg, "recvmsg", FOR_SOMETHING, 0},
	{SYS_sendto, "sendto", FOR_SOMETHING, 0},
	{SYS_sendmsg, "sendmsg", FOR_SOMETHING, 0},
	{SYS_wait4, "wait4", FOR_SOMETHING, 0},
	{SYS_waitid, "waitid", FOR_SOMETHING, 0},
	{SYS_rt_sigsuspend, "rt_sigsuspend", FOR_SOMETHING, 0},
	{SYS_flock, "flock", FOR_SOMETHING, 0},
	{SYS_fcntl, "fcntl", FOR_SOMETHING, 0},
	{SYS_openat, "openat", FOR_SOMETHING, 0},
};

enum { ARGUMENTS = 6 };

/* The call that a thread is in, and its arguments; nr < 0: none, as in a page fault. */
struct in_call {
	bool known; /* or the kernel does not say */
	long nr;
	unsigned long arg[ARGUMENTS];
};

static struct in_call look(int pid, int tid)
{
	struct in_call in = {.nr = -1};
	char text[256];
	snprintf(text, sizeof text, "/proc/%d/task/%d/syscall", pid, tid);
	int fd = open(text, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = '\0';
	unsigned long *a = in.arg;
	in.known = n > 0;
	if (sscanf(text, "%ld %lx %lx %lx %lx %lx %lx", &in.nr, &a[0], &a[1], &a[2], &a[3], &a[4],
		    &a[5]) != 1 + ARGUMENTS)
		in.nr = -1;
	return in;
}

static const struct call *call_of(const struct in_call *in)
{
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
		if (calls[i].nr == in->nr)
			return &calls[i];
	return NULL;
}

static enum waker waker_of(const struct in_call *in)
{
	const struct call *call = call_of(in);
	if (!in->known)
		return WAKER_THREAD;
	if (!call)
		return WAKER_OUTSIDE;
	unsigned long arg = in->arg[call->argument];
	if (call->until == FOR_A_TIME || (call->until == POINTER && arg != 0) ||
		(call->until == MILLISECONDS && (int32_t)arg >= 0))
		return WAKER_TIME;
	return in->nr == SYS_futex ? WAKER_THREAD : WAKER_OUTSIDE;
}

enum waker sleep_waker(int pid, int tid)
{
	struct in_call in = look(pid, tid);
	return waker_of(&in);
}

char *sleep_words(int pid, int tid, char *buf, size_t n)
{
	static const char *const until[] = {
		[WAKER_THREAD] = "until another thread wakes it",
		[WAKER_TIME] = "for a time",
		[WAKER_OUTSIDE] = "until a timer or something outside wakes it",
	};
	struct in_call in = look(pid, tid);
	const struct call *call = call_of(&in);
	const char *why = until[waker_of(&in)];
	if (call)
		snprintf(buf, n, "in %s, %s", call->name, why);
	else if (in.nr >= 0)
		snprintf(buf, n, "in system call %ld, %s", in.nr, why);
	else
		snprintf(buf, n, "in the kernel, %s", why);
	return buf;
}
