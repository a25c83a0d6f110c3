/* SPDX-License-Identifier: MIT */
/*
 * What programs do that a stepper may stumble over. The first argument says what; each is a
 * function of that name. What they print is the same natively and stepped.
 */
#define _GNU_SOURCE
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#include "g0.h"
#include "instructions.h"

/* Something to follow. */
static void aside(void)
{
	for (int i = 0; i < 5; i++)
		gosched();
	g0_puts("aside\n");
}

/* ---- addresses, flags, code ---- */

/* Instructions that only name an address, at both ends of them all. */
static void nowhere(void)
{
	for (long at = -16; at < 16; at++)
		name_address(at);
	g0_puts("went on\n");
}

static void keeps_flags(void)
{
	keep_flags();
	g0_puts("went on\n");
}

static void writes_oddly(void)
{
	_Alignas(64) char w[1024] = "";
	write_oddly(w);
	gosched();
}

/* Gives back a page of its own code that has nothing else on it. */
#define PAGE __attribute__((section("pages"), aligned(4096)))
PAGE void page_of_code(void);
PAGE void page_behind(void);

void page_of_code(void)
{
	g0_puts("needed once\n");
}

void page_behind(void)
{
}

static void unmaps_code(void)
{
	page_of_code();
	munmap((void *)(uintptr_t)page_of_code, 4096);
	aside();
}

/* ---- library code that comes back elsewhere ---- */

static jmp_buf jump;
static sigjmp_buf sigjump;
static ucontext_t here, there;

static void jumps(void)
{
	if (setjmp(jump) == 0)
		longjmp(jump, 1);
	aside();
}

static int leave_sort(const void *a, const void *b)
{
	(void)a, (void)b;
	longjmp(jump, 1);
}

static void jumps_out_of_sort(void)
{
	int v[] = {2, 1};
	if (setjmp(jump) == 0)
		qsort(v, 2, sizeof *v, leave_sort);
	aside();
}

static int stay_in_sort(const void *a, const void *b)
{
	(void)a, (void)b;
	aside();
	exit(4);
}

static void stays_in_sort(void)
{
	int v[] = {2, 1};
	qsort(v, 2, sizeof *v, stay_in_sort);
}

static void leave_handler(int sig)
{
	siglongjmp(sigjump, sig);
}

static void jumps_out_of_handler(void)
{
	signal(SIGUSR1, leave_handler);
	if (sigsetjmp(sigjump, 1) == 0)
		raise(SIGUSR1);
	aside();
}

static void swap_back(void)
{
	aside();
	setcontext(&here);
}

static void swaps(void)
{
	static char stack[65536];
	volatile bool been = false;
	getcontext(&here);
	if (been)
		return;
	been = true;
	getcontext(&there);
	there.uc_stack.ss_sp = stack;
	there.uc_stack.ss_size = sizeof stack;
	makecontext(&there, swap_back, 0);
	swapcontext(&here, &there);
	g0_puts("swapped back\n");
}

/* ---- what never ends ---- */

static void spins_in_library(void)
{
	pthread_spinlock_t lock;
	pthread_spin_init(&lock, 0);
	pthread_spin_lock(&lock);
	pthread_spin_lock(&lock);
}

static volatile int flag;

static void *spin(void *arg)
{
	while (!flag)
		continue;
	return arg;
}

/* A thread that is no M, and busy until a G does something. */
static void spins_aside(void)
{
	pthread_t t;
	pthread_create(&t, NULL, spin, NULL);
	aside();
	flag = 1;
	pthread_join(t, NULL);
	g0_puts("joined\n");
}

static void no_old_call(int signal)
{
	(void)signal;
	g0_puts("no calls of 32-bit programs here\n");
	_exit(0);
}

/* A kernel may be built without. */
static void sleeps_by_old_call(void)
{
	signal(SIGSEGV, no_old_call);
	old_pause();
}

/* Touches a page that nobody gives: one instruction sleeps for good. */
static void sleeps_in_page_fault(void)
{
	struct uffdio_api api = {.api = UFFD_API};
	void *page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct uffdio_register one = {
		.range = {(uintptr_t)page, 4096}, .mode = UFFDIO_REGISTER_MODE_MISSING};
	int fd = (int)syscall(SYS_userfaultfd, UFFD_USER_MODE_ONLY);
	if (ioctl(fd, UFFDIO_API, &api) != 0 || ioctl(fd, UFFDIO_REGISTER, &one) != 0)
		g0_puts("no userfaultfd here\n");
	else
		exit(*(volatile int *)page);
}

/* ---- other processes ---- */

static void report(int pid)
{
	int status = -1;
	waitpid(pid, &status, 0);
	g0_printf("status %x\n", status);
}

static void forks(void)
{
	int pid = fork();
	if (pid == 0) {
		aside();
		_exit(7);
	}
	report(pid);
}

static void forks_bare(void)
{
	long pid = fork_bare();
	if (pid == 0)
		_exit(6);
	report((int)pid);
}

static void vforks(void)
{
	int pid = vfork();
	if (pid == 0)
		_exit(5);
	report(pid);
}

static void spawns(void)
{
	pid_t pid;
	char *args[] = {"sh", "-c", "exit 3", NULL};
	posix_spawn(&pid, "/bin/sh", NULL, NULL, args, NULL);
	report(pid);
	g0_printf("system %x\n", system("sh -c 'exit 2'"));
}

static void pipes(void)
{
	char line[32] = "";
	FILE *f = popen("echo through a pipe", "r");
	if (fgets(line, sizeof line, f))
		g0_puts(line);
	g0_printf("pclose %x\n", pclose(f));
}

/* Leaves a process behind, which is another by its arguments. */
static void leaves_one(void)
{
	if (fork() == 0)
		execl("/bin/sleep", "sleep", g0_argv[2], (char *)NULL);
	g0_puts("left\n");
	for (;;)
		gosched();
}

static void replace(void *arg)
{
	char *args[] = {"true", NULL};
	if (arg)
		execv("/bin/true", args);
	for (;;)
		gosched();
}

/* Becomes another program, while there are several threads. */
static void replaced(void)
{
	go(replace, NULL);
	go(replace, "here");
	replace(NULL);
}

/* ---- traps and stops ---- */

static volatile sig_atomic_t ntraps;

static void trap(int sig, siginfo_t *info, void *context)
{
	(void)sig, (void)info;
	ntraps++;
	stop_trapping(context);
}

static void traps(void)
{
	struct sigaction sa = {.sa_sigaction = trap, .sa_flags = SA_SIGINFO};
	sigaction(SIGTRAP, &sa, NULL);
	for (int i = 0; i < 2; i++) {
		breakpoint();
		g0_printf("breakpoint %d\n", (int)ntraps);
		long_breakpoint();
		g0_printf("long breakpoint %d\n", (int)ntraps);
		raise(SIGTRAP);
		g0_printf("raise %d\n", (int)ntraps);
		trap_after_next();
		g0_printf("flag %d\n", (int)ntraps);
	}
}

/* Kept from coming, to thread or process, it comes when it is let; ignored, never. */
static void holds_traps(void)
{
	struct sigaction sa = {.sa_sigaction = trap, .sa_flags = SA_SIGINFO};
	sigset_t one, before;
	sigaction(SIGTRAP, &sa, NULL);
	sigemptyset(&one);
	sigaddset(&one, SIGTRAP);
	sigprocmask(SIG_BLOCK, &one, NULL);
	raise(SIGTRAP);
	g0_printf("held %d\n", (int)ntraps);
	sigprocmask(SIG_UNBLOCK, &one, &before);
	g0_printf("was held %d, came %d\n", sigismember(&before, SIGTRAP), (int)ntraps);
	sigprocmask(SIG_BLOCK, &one, NULL);
	kill(getpid(), SIGTRAP);
	g0_printf("held %d\n", (int)ntraps);
	sigprocmask(SIG_UNBLOCK, &one, NULL);
	g0_printf("came %d\n", (int)ntraps);
	signal(SIGTRAP, SIG_IGN);
	raise(SIGTRAP);
	g0_puts("ignored\n");
}

static void dies_of_breakpoint(void)
{
	breakpoint();
}

static void dies_of_second(void)
{
	struct sigaction sa = {.sa_sigaction = trap, .sa_flags = SA_SIGINFO | SA_RESETHAND};
	sigaction(SIGTRAP, &sa, NULL);
	breakpoint();
	g0_puts("one\n");
	breakpoint();
}

static void dies_of_debug_breakpoint(void)
{
	debug_breakpoint();
}

static void dies_of_raise(void)
{
	raise(SIGTRAP);
}

/* A return address of letters. */
static void dies_of_smashed_stack(void)
{
	volatile uint64_t *fp = __builtin_frame_address(0);
	fp[1] = 0x4141414141414141;
}

/* Of letters, too. */
static void dies_of_wild_pointer(void)
{
	*(volatile char *)0x4141414141414141 = 1;
}

/* The same by the frame pointer, which is another fault on amd64. */
static void dies_of_wild_frame(void)
{
	push_elsewhere(0x4141414141414140);
}

static void dies_of_null(void)
{
	void (*volatile fn)(void) = NULL;
	fn();
}

/* Of what libc has no name for. */
static void dies_of_signal(void)
{
	raise(SIGRTMIN + 6);
}

/* Of a signal for whose handler there is no room. */
static void dies_of_no_room(void)
{
	stack_t nowhere = {.ss_sp = (void *)0x1000000, .ss_size = 65536};
	struct sigaction a = {.sa_handler = leave_handler, .sa_flags = SA_ONSTACK};
	sigaltstack(&nowhere, NULL);
	sigaction(SIGUSR1, &a, NULL);
	raise(SIGUSR1);
}

static void dies_of_division(void)
{
	volatile int zero = 0;
	exit(7 / zero);
}

static void flags(void)
{
	g0_printf("trap flag %d\n", sees_trap_flag());
}

static void stops(void)
{
	g0_puts("before\n");
	kill(getpid(), SIGSTOP);
	g0_puts("after\n");
}

void go_main(void)
{
	static const struct {
		const char *name;
		void (*fn)(void);
	} todo[] = {{"nowhere", nowhere}, {"keeps_flags", keeps_flags},
		{"writes_oddly", writes_oddly}, {"unmaps_code", unmaps_code}, {"jumps", jumps},
		{"jumps_out_of_sort", jumps_out_of_sort}, {"stays_in_sort", stays_in_sort},
		{"jumps_out_of_handler", jumps_out_of_handler}, {"swaps", swaps},
		{"spins_in_library", spins_in_library}, {"spins_aside", spins_aside},
		{"sleeps_by_old_call", sleeps_by_old_call},
		{"sleeps_in_page_fault", sleeps_in_page_fault}, {"forks", forks},
		{"forks_bare", forks_bare}, {"vforks", vforks}, {"spawns", spawns},
		{"pipes", pipes}, {"leaves_one", leaves_one}, {"replaced", replaced},
		{"traps", traps}, {"holds_traps", holds_traps},
		{"dies_of_breakpoint", dies_of_breakpoint}, {"dies_of_second", dies_of_second},
		{"dies_of_debug_breakpoint", dies_of_debug_breakpoint},
		{"dies_of_smashed_stack", dies_of_smashed_stack},
		{"dies_of_wild_pointer", dies_of_wild_pointer},
		{"dies_of_wild_frame", dies_of_wild_frame}, {"dies_of_null", dies_of_null},
		{"dies_of_signal", dies_of_signal}, {"dies_of_no_room", dies_of_no_room},
		{"dies_of_division", dies_of_division}, {"dies_of_raise", dies_of_raise},
		{"flags", flags}, {"stops", stops}};
	for (size_t i = 0; i < sizeof todo / sizeof *todo; i++)
		if (g0_argc > 1 && strcmp(g0_argv[1], todo[i].name) == 0)
			todo[i].fn();
}
