/* SPDX-License-Identifier: MIT */
/*
 * os_linux.c - the one place that touches the operating system.
 *
 * What the scheduler, the switches and the locks need (futex, write, exit_group, memory) are
 * raw system calls, in code that has frame pointers, on any stack, and without libc's state.
 * Threads come from pthread_create, so that a program may use all of libc; environment and CPU
 * count are asked of libc before anything runs.
 */
#define _GNU_SOURCE
#include "os.h"

#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "fiber.h"
#include "runtime.h"
#include "syscall.h"

enum { SIGSTACK_SIZE = 32 << 10, HOST_STACK_SIZE = STACK_SIZE };

static struct sigaction oldsegv;

/*
 * SIGSEGV, on the M's signal stack. If the G has run into the guard under its stack, say so and
 * end; otherwise do what would have been done without us, when the instruction faults again.
 */
static void sigsegv(int sig, siginfo_t *info, void *context)
{
	G *gp = getg();
	uintptr_t addr = (uintptr_t)info->si_addr;

	(void)sig, (void)context;
	if (gp == NULL || addr >= gp->stack.lo || addr < gp->stack.lo - STACK_GUARD) {
		sigaction(SIGSEGV, &oldsegv, NULL);
		return;
	}
	if (gp == gp->m->g0)
		eprint("g0: stack overflow: the g0 of M%d", gp->m->id);
	else
		eprint("g0: stack overflow: G%D (fn %p)", gp->goid, gp->startfn);
	eprint(" ran over its %d KiB stack\n", STACK_SIZE >> 10);
	PROBE(exit, 2);
	osexit(2);
}

void osinit(void)
{
	struct sigaction sa = {.sa_sigaction = sigsegv, .sa_flags = SA_SIGINFO | SA_ONSTACK};
	sigemptyset(&sa.sa_mask);
	sigaction(SIGSEGV, &sa, &oldsegv);
}

void minit(M *mp)
{
	stack_t ss = {.ss_sp = mallocz(SIGSTACK_SIZE), .ss_size = SIGSTACK_SIZE};

	mp->procid = (int32_t)syscall6(SYS_gettid, 0, 0, 0, 0, 0, 0);
	sigaltstack(&ss, NULL);
}

/* The first function of a thread other than main's. */
static void *threadstart(void *arg)
{
	M *mp = arg;
	fiber_thread(mp->g0);
	mstart(mp->g0);
	return NULL;
}

int32_t newosproc(M *mp)
{
	pthread_attr_t attr;
	pthread_t thread;
	int err;

	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attr, HOST_STACK_SIZE);
	err = pthread_create(&thread, &attr, threadstart, mp);
	pthread_attr_destroy(&attr);
	return err;
}

int32_t getncpu(void)
{
	return (int32_t)sysconf(_SC_NPROCESSORS_ONLN);
}

const char *gogetenv(const char *name)
{
	return getenv(name);
}

void *sysreserve(uintptr_t hint, size_t n)
{
	long p = syscall6(SYS_mmap, (long)hint, (long)n, PROT_NONE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	return p < 0 ? NULL : (void *)p;
}

bool sysmap(uintptr_t p, size_t n)
{
	return syscall6(SYS_mprotect, (long)p, (long)n, PROT_READ | PROT_WRITE, 0, 0, 0) == 0;
}

void futexsleep(_Atomic uint32_t *addr, uint32_t val)
{
	syscall6(SYS_futex, (long)addr, FUTEX_WAIT_PRIVATE, val, 0, 0, 0);
}

void futexwakeup(_Atomic uint32_t *addr, uint32_t n)
{
	syscall6(SYS_futex, (long)addr, FUTEX_WAKE_PRIVATE, n, 0, 0, 0);
}

long osread(int fd, void *p, size_t n)
{
	return syscall6(SYS_read, fd, (long)p, (long)n, 0, 0, 0);
}

long oswrite(int fd, const void *p, size_t n)
{
	return syscall6(SYS_write, fd, (long)p, (long)n, 0, 0, 0);
}

void ossleep(uint32_t microseconds)
{
	struct timespec t = {microseconds / 1000000, microseconds % 1000000 * 1000};
	syscall6(SYS_nanosleep, (long)&t, 0, 0, 0, 0, 0);
}

void osexit(int32_t status)
{
	for (;;)
		syscall6(SYS_exit_group, status, 0, 0, 0, 0, 0);
}

void goexitprocess(int32_t status)
{
	exit(status);
}
