/* SPDX-License-Identifier: MIT */
/*
 * calls_signals - what the kernel makes of signals, and tells of them; as calls has it of the rest.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "calls_signals.h"
#include "g0.h"
#include "said.h"

enum { PAGE = 4096, MUCH = 200000 };
#define A ((char *)0x100000000)
static char much[MUCH], got[MUCH];

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
	/* A terminal's, which stop a program only where nobody handles them. */
	sigaction(SIGTSTP, &a, NULL);
	SAID(raise(SIGTSTP));
	/* Two that nobody can hold back; and libc would not try. */
	uint64_t mask = UINT64_MAX, held = 0, none = 0;
	SAID(syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, sizeof mask));
	SAID(syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, &held, sizeof held));
	printf("held back: %lx\n", (unsigned long)held);
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
	static const int signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGUSR1};
	struct sigaction a = {.sa_sigaction = at_fault, .sa_flags = SA_SIGINFO};
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		sigaction(signals[i], &a, NULL);
	touches("nothing there, read", reads_a);
	touches("nothing there, written", writes_a);
	touches("nothing there, executed", executes_a);
	mmap(A, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
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
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		touches("not allowed", refused[i]);
	floats();
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

void go_main(void)
{
	static const struct part parts[] = {{"signals", signals}, {"faults", faults}};
	run_part(parts, sizeof parts / sizeof *parts);
}
