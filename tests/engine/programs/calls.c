/* SPDX-License-Identifier: MIT */
/*
 * calls - what the kernel says to system calls that ask for the edge of what there is. Each line is
 * a call and its result; the emulated kernel's are to be the same. The first argument names a part.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <termios.h>
#include <unistd.h>

#include "calls.h"
#include "g0.h"

/* The result of a call, or its error by name. */
static long said(const char *what, long result)
{
	if (result == -1)
		printf("%s: %s\n", what, strerrorname_np(errno));
	else
		printf("%s: %ld\n", what, result);
	return result;
}
#define SAID(call) said(#call, (long)(call))

struct part {
	const char *name;
	void (*fn)(void);
};

/* ---- memory ---- */

enum { PAGE = 4096, PAGES = 4, SIZE = PAGES * PAGE };
#define A ((char *)0x100000000)

static int through[2];

/* Which of the pages can be read, and written, as the kernel has it. */
static void show(const char *what, char *at)
{
	char c;
	printf("%s:", what);
	for (int i = 0; i < 2 * PAGES; i++) {
		bool reads = write(through[1], at + (ptrdiff_t)i * PAGE, 1) == 1;
		if (!reads && write(through[1], "", 1) != 1)
			return;
		bool writes = read(through[0], at + (ptrdiff_t)i * PAGE, 1) == 1;
		if (!writes && read(through[0], &c, 1) != 1)
			return;
		printf(" %s", writes ? "rw" : reads ? "r" : "-");
	}
	printf("\n");
}

static void *map(char *at, size_t size, int how)
{
	return mmap(at, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | how, -1, 0);
}

/* Two neighbours that were asked for one by one. */
static void two(void)
{
	map(A, SIZE, MAP_FIXED);
	map(A + SIZE, SIZE, MAP_FIXED);
	memset(A, 'a', (size_t)2 * SIZE);
}

static void over_two(void)
{
	two();
	SAID(munmap(A + SIZE - PAGE, (size_t)2 * PAGE));
	show("unmapped over both", A);
	SAID(mprotect(A, (size_t)2 * SIZE, PROT_READ));
	show("protected up to the hole", A);
	SAID(mprotect(A + SIZE, SIZE, PROT_READ));
	SAID(munmap(A, (size_t)2 * SIZE));
	show("unmapped with a hole", A);
	SAID(munmap(A, (size_t)2 * SIZE));
	two();
	SAID(mprotect(A + SIZE - PAGE, (size_t)2 * PAGE, PROT_READ));
	show("protected over both", A);
	two();
	SAID(madvise(A + SIZE - PAGE, (size_t)2 * PAGE, MADV_DONTNEED));
	printf("zeros there: %d %d %d %d\n", A[SIZE - PAGE - 1], A[SIZE - PAGE], A[SIZE + PAGE - 1],
		A[SIZE + PAGE]);
	SAID(munmap(A + SIZE - PAGE, PAGE));
	SAID(madvise(A, (size_t)2 * SIZE, MADV_DONTNEED));
	printf("zeros there: %d %d\n", A[0], A[SIZE]);
	SAID(map(A, (size_t)2 * SIZE, MAP_FIXED) == A);
	show("mapped over both", A);
	SAID(map(A + SIZE, SIZE, MAP_FIXED_NOREPLACE) == MAP_FAILED ? -1 : 0);
	SAID(munmap(A, (size_t)2 * SIZE));
	SAID(map(A + PAGE, (size_t)SIZE, MAP_FIXED_NOREPLACE) == A + PAGE);
	SAID(munmap(A, (size_t)2 * SIZE));
	SAID(map(A + PAGE, (size_t)SIZE, 0) == A + PAGE);
	SAID(munmap(A, (size_t)2 * SIZE));
}

/* The whole of all addresses is less than that. */
static void too_long(void)
{
	const size_t most = SIZE_MAX - PAGE + 1, half = SIZE_MAX / 2 + 1;
	two();
	SAID(munmap(A, 0));
	SAID(munmap(A, most));
	SAID(munmap(A, half));
	SAID(munmap(A, SIZE_MAX));
	SAID(munmap(A + 1, PAGE));
	SAID(munmap((void *)half, PAGE));
	SAID(mprotect(A, 0, PROT_READ));
	SAID(mprotect(A, most, PROT_READ));
	SAID(mprotect(A, SIZE_MAX, PROT_READ));
	SAID(mprotect(A + 1, PAGE, PROT_READ));
	SAID(mprotect(A, PAGE, 1 << 20));
	SAID(madvise(A, 0, MADV_DONTNEED));
	SAID(madvise(A, most, MADV_DONTNEED));
	SAID(madvise(A, SIZE_MAX, MADV_DONTNEED));
	SAID(madvise(A + 1, PAGE, MADV_DONTNEED));
	show("nothing has happened", A);
	SAID((long)map(NULL, 0, 0));
	SAID((long)map(NULL, most, 0));
	SAID((long)map(NULL, SIZE_MAX, 0));
	SAID((long)map((char *)(half / 2), PAGE, MAP_FIXED));
	SAID((long)map((char *)(SIZE_MAX - PAGE + 1), PAGE, MAP_FIXED));
	SAID((long)map(A + 1, PAGE, MAP_FIXED));
	SAID((long)mmap(A, PAGE, PROT_READ, MAP_ANONYMOUS, -1, 0));
	SAID((long)mmap(A, PAGE, PROT_READ, MAP_PRIVATE, -1, 0));
	SAID(munmap(A, (size_t)2 * SIZE));
}

static void memory(void)
{
	if (pipe2(through, 0) != 0)
		return;
	over_two();
	too_long();
}

/* ---- descriptors ---- */

enum { MUCH = 200000 };
static char much[MUCH], got[MUCH];
static size_t ngot;

/* So that much has more room than there is. */
static void *read_all(void *from)
{
	ssize_t more;
	ngot = 0;
	while ((more = read(*(int *)from, got + ngot, sizeof got - ngot)) > 0)
		ngot += (size_t)more;
	return NULL;
}

static void fill(int how)
{
	pthread_t t;
	int fds[2];
	if (pipe2(fds, 0) != 0 || pthread_create(&t, NULL, read_all, fds) != 0)
		return;
	struct iovec pieces[] = {{much, MUCH / 2}, {much, 0}, {much + MUCH / 2, MUCH / 2}};
	SAID(how ? writev(fds[1], pieces, 3) : write(fds[1], much, MUCH));
	SAID(close(fds[1]));
	pthread_join(t, NULL);
	printf("read %zu, as they were: %d\n", ngot, memcmp(got, much, ngot) == 0);
	SAID(close(fds[0]));
}

static void not_blocking(void)
{
	int fds[2];
	char c;
	SAID(pipe2(fds, O_NONBLOCK | O_CLOEXEC));
	SAID(read(fds[0], &c, 1));
	SAID(read(fds[0], &c, 0));
	SAID(write(fds[1], much, MUCH));
	SAID(write(fds[1], much, MUCH));
	SAID(write(fds[1], much, 0));
	SAID(read(fds[0], much, PAGE));
	SAID(write(fds[1], much, PAGE));
	SAID(read(fds[1], &c, 1));
	SAID(write(fds[0], &c, 1));
	SAID(close(fds[1]));
	SAID(read(fds[0], much, MUCH));
	SAID(read(fds[0], much, MUCH));
	SAID(close(fds[0]));
	SAID(close(fds[0]));
	SAID(read(fds[0], &c, 1));
	SAID(lseek(fds[1], 0, SEEK_SET));
	SAID(ioctl(fds[1], TCGETS, much));
	SAID(pipe2(fds, 1));
	SAID(pipe2((int *)(uintptr_t)PAGE, 0));
	SAID(pipe2(fds, 0));
	SAID((long)mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fds[0], 0));
	SAID(ioctl(fds[1], TCGETS, much));
}

/* Those handed in are numbers like others; what is printed waits until the last is back. */
static void numbers(void)
{
	int a[2], b[2], all[4];
	char c = 'x';
	SAID(close(STDIN_FILENO));
	SAID(close(STDIN_FILENO));
	SAID(read(STDIN_FILENO, &c, 1));
	SAID(close(STDERR_FILENO));
	SAID(write(STDERR_FILENO, &c, 1));
	SAID(pipe2(a, 0));
	printf("the lowest: %d %d\n", a[0], a[1]);
	SAID(write(a[1], &c, 1));
	SAID(read(a[0], &c, 1));
	SAID(close(a[1]));
	SAID(pipe2(b, 0));
	printf("and again: %d %d\n", b[0], b[1]);
	SAID(read(-1, &c, 1));
	SAID(close(1000));
	memcpy(all, a, sizeof a);
	memcpy(all + 2, b, sizeof b);
	for (int i = 0; i < 4; i++)
		SAID(close(all[i]));
}

static void descriptors(void)
{
	for (int i = 0; i < MUCH; i++)
		much[i] = (char)(i % 251);
	setvbuf(stdout, NULL, _IOFBF, MUCH);
	fill(0);
	fill(1);
	not_blocking();
	numbers();
}

/* ---- signals ---- */

static int order[64];
static volatile int norder;

static void on_stack(int sig)
{
	stack_t other = {.ss_sp = much, .ss_size = MUCH}, was;
	(void)sig;
	SAID(sigaltstack(NULL, &was));
	printf("told to be on it: %x\n", was.ss_flags);
	SAID(sigaltstack(&other, NULL));
}

static void show_stack(const char *what)
{
	stack_t is;
	sigaltstack(NULL, &is);
	printf("%s: %d %x %zu\n", what, is.ss_sp == got, is.ss_flags, is.ss_size);
}

static void stacks(void)
{
	enum { AUTODISARM = 1U << 31 };
	struct sigaction a = {.sa_handler = on_stack, .sa_flags = SA_ONSTACK};
	stack_t s = {.ss_sp = got, .ss_size = MUCH}, was;
	sigaction(SIGUSR1, &a, NULL);
	show_stack("a new thread");
	for (int flags = 1; flags < 5; flags++) {
		s.ss_flags = flags;
		SAID(sigaltstack(&s, &was));
		show_stack("so it is");
	}
	s.ss_flags = 0;
	s.ss_size = 1000;
	SAID(sigaltstack(&s, NULL));
	SAID(sigaltstack((stack_t *)1, NULL));
	s.ss_size = MUCH;
	SAID(sigaltstack(&s, NULL));
	raise(SIGUSR1);
	show_stack("after it");
	s.ss_flags = (int)AUTODISARM;
	SAID(sigaltstack(&s, NULL));
	show_stack("disarmed by itself");
	raise(SIGUSR1);
	show_stack("after it");
	s.ss_flags = SS_DISABLE;
	SAID(sigaltstack(&s, NULL));
	show_stack("none");
}

static void note(int sig, siginfo_t *info, void *context)
{
	(void)context;
	order[norder] = sig;
	printf("signal %d: code %d, from here %d, by the same user %d\n", sig, info->si_code,
		info->si_pid == getpid(), info->si_uid == getauxval(AT_UID));
	norder++;
}

static void show_order(const char *what)
{
	printf("%s:", what);
	for (int i = 0; i < norder; i++)
		printf(" %d", order[i]);
	printf("\n");
	norder = 0;
}

/* A thread that takes what all others hold back. */
static void *takes(void *set)
{
	pthread_sigmask(SIG_UNBLOCK, set, NULL);
	return NULL;
}

static void sent(void)
{
	enum { QUEUED = 40 };
	struct sigaction a = {.sa_sigaction = note, .sa_flags = SA_SIGINFO};
	sigset_t all, was;
	pthread_t t;
	const int signals[] = {SIGUSR1, SIGUSR2, SIGPIPE, QUEUED, QUEUED + 1};
	sigemptyset(&all);
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
		sigaction(signals[i], &a, NULL);
		sigaddset(&all, signals[i]);
	}
	SAID(raise(SIGUSR2));
	int fds[2];
	if (pipe2(fds, 0) == 0 && close(fds[0]) == 0)
		SAID(write(fds[1], "", 1));
	show_order("each by itself");
	pthread_sigmask(SIG_BLOCK, &all, &was);
	/* Whoever takes it, who has not held it back. */
	long killed = kill(getpid(), SIGUSR1);
	while (norder == 0)
		sched_yield();
	said("kill", killed);
	show_order("by whoever takes it");
	for (int i = 0; i < 3; i++) {
		SAID(raise(QUEUED + 1));
		SAID(raise(QUEUED));
		SAID(raise(SIGUSR1));
	}
	pthread_sigmask(SIG_UNBLOCK, &all, NULL);
	show_order("held back");
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	SAID(raise(SIGUSR1));
	signal(SIGUSR1, SIG_IGN);
	sigaction(SIGUSR1, &a, NULL);
	pthread_sigmask(SIG_UNBLOCK, &all, NULL);
	show_order("ignored meanwhile");
	signal(SIGUSR1, SIG_IGN);
	SAID(raise(SIGUSR1));
	sigaction(SIGUSR1, &a, NULL);
	show_order("ignored when it came");
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	SAID(raise(SIGUSR1));
	SAID(syscall(SYS_tgkill, getpid(), getpid(), 65));
	SAID(syscall(SYS_tgkill, getpid(), 1 << 20, 0));
	pthread_create(&t, NULL, takes, &all);
	pthread_join(t, NULL);
	show_order("of another thread");
	pthread_sigmask(SIG_SETMASK, &was, NULL);
	show_order("and then");
}

/* ---- faults ---- */

static sigjmp_buf back;

static void at_fault(int sig, siginfo_t *info, void *context)
{
	printf("signal %d, code %d, at %s, ", sig, info->si_code,
		info->si_addr == A ? "A"
		: info->si_addr    ? "some place"
				   : "0");
	show_fault(context);
	siglongjmp(back, 1);
}

static void touches(const char *what, void (*fn)(void))
{
	printf("%s: ", what);
	if (sigsetjmp(back, 1) == 0)
		fn();
}

static void reads_a(void)
{
	__asm__ volatile("" ::"r"(*(volatile char *)A));
}

static void writes_a(void)
{
	*(volatile char *)A = 1;
}

static void executes_a(void)
{
	((void (*)(void))(uintptr_t)A)();
}

static void faults(void)
{
	static const int signals[] = {SIGSEGV, SIGILL, SIGFPE, SIGTRAP, SIGUSR1};
	struct sigaction a = {.sa_sigaction = at_fault, .sa_flags = SA_SIGINFO};
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		sigaction(signals[i], &a, NULL);
	touches("nothing there, read", reads_a);
	touches("nothing there, written", writes_a);
	touches("nothing there, executed", executes_a);
	map(A, PAGE, MAP_FIXED);
	writes_a();
	touches("not for that, executed", executes_a);
	mprotect(A, PAGE, PROT_READ);
	reads_a();
	touches("not for that, written", writes_a);
	mprotect(A, PAGE, PROT_NONE);
	touches("for nothing, read", reads_a);
	munmap(A, PAGE);
	touches("no instruction", no_instruction);
	touches("a breakpoint", breakpoint);
}

static void *in_thread(void *fn)
{
	((const struct part *)fn)->fn();
	return NULL;
}

/* Without a stack for handlers, and a mask of its own. */
static void signals(void)
{
	static const struct part parts[] = {{"", stacks}, {"", sent}};
	pthread_t t;
	for (int i = 0; i < 2; i++) {
		pthread_create(&t, NULL, in_thread, (void *)&parts[i]);
		pthread_join(t, NULL);
	}
}

/* Asks for what is not emulated, twice. */
static void lacking(void)
{
	getuid();
	getppid();
	abort();
}

/* ---- all of them ---- */

static const struct part parts[] = {{"memory", memory}, {"descriptors", descriptors},
	{"signals", signals}, {"faults", faults}, {"lacking", lacking}};

static int32_t run(void *name)
{
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (strcmp(parts[i].name, name) == 0)
			parts[i].fn();
	return fflush(stdout);
}

void go_main(void)
{
	cgocall(run, g0_argv[1]);
}
