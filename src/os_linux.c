/* SPDX-License-Identifier: MIT */
/*
 * os_linux.c - the one place that touches the operating system, with os_linux_file.c for files.
 *
 * What the scheduler, the switches and the locks need (futex, write, exit_group, memory) are
 * raw system calls, in code that has frame pointers, on any stack, and without libc's state.
 * Threads come from pthread_create, so that a program may use all of libc; environment and CPU
 * count are asked of libc before anything runs.
 */
#define _GNU_SOURCE
#include "os.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include "async.h"
#include "context.h"
#include "os_linux.h"
#include "runtime.h"

enum { HOST_STACK_SIZE = STACK_SIZE, SAMPLE_NANOS = 997000 };
enum { GUARD_INSTALL = 102, NO_ADVICE = -1 }; /* MADV_GUARD_INSTALL: too new for libc */

static struct sigaction oldsegv;

/*
 * Whether a thread that is no M has called the runtime: its G is NULL there, so the first look into
 * it faults, and no call has to ask before. Any other fault is the program's; a sent signal also.
 */
static bool calledwithoutm(const siginfo_t *info, uintptr_t pc)
{
	return getg() == NULL && info->si_code == SEGV_MAPERR &&
	       (uintptr_t)info->si_addr < sizeof(G) && pc >= (uintptr_t)runtime_text &&
	       pc < (uintptr_t)runtime_etext;
}

/*
 * SIGSEGV, on the M's signal stack. A G in the guard under its stack, and who has called without
 * one, end with a sentence; for others do what would have been done without us, as it faults again.
 */
static void sigsegv(int sig, siginfo_t *info, void *context)
{
	G *gp = getg();
	uintptr_t addr = (uintptr_t)info->si_addr;

	(void)sig;
	if (calledwithoutm(info, context_pc(context)))
		badcall();
	if (gp == NULL || addr >= gp->stack.lo || addr < gp->stack.lo - STACK_GUARD) {
		tracewrite();
		profwrite();
		sigaction(SIGSEGV, &oldsegv, NULL);
		return;
	}
	if (gp == gp->m->g0)
		eprint("g0: stack overflow: the g0 of M%d", gp->m->id);
	else
		eprint("g0: stack overflow: G%D (fn %p)", gp->goid, gp->startfn);
	/* In pages: what a colour or libc takes of the top is less than one. */
	eprint(" ran over its %d KiB stack\n",
		(int32_t)((gp->stack.hi - gp->stack.lo + 4095) >> 12 << 2));
	PROBE(exit, 2);
	osexit(2);
}

/*
 * SIGPIPE, on the thread that writes. g0_write is told by what the kernel returns; for others do
 * what would have been done without us, as soon as this handler returns.
 */
static void sigpipe(int sig, siginfo_t *info, void *context)
{
	G *gp = getg();

	(void)info, (void)context;
	if (gp != NULL && gp->m->epipe)
		return;
	signal(sig, SIG_DFL);
	raise(sig);
}

/* What a thread has here while it is an M: that M. */
static pthread_key_t mkey;

/* A thread ends with it: libc calls this on the thread's own stack, whichever that was left on. */
static void endsasm(void *mp)
{
	eprint("g0: M%d's thread was to end: goexit, or a return, ends a G\n", ((M *)mp)->id);
	throw("pthread_exit, or pthread_cancel: of a thread that runs Gs");
}

void osinit(void)
{
	struct sigaction sa = {.sa_sigaction = sigsegv, .sa_flags = SA_SIGINFO | SA_ONSTACK}, old;

	pthread_key_create(&mkey, endsasm);
	sigemptyset(&sa.sa_mask);
	sigaction(SIGSEGV, &sa, &oldsegv);
	/* Not ignored, as exec would leave that to other programs. */
	sa.sa_sigaction = sigpipe;
	sa.sa_flags |= SA_RESTART;
	if (sigaction(SIGPIPE, NULL, &old) == 0 && old.sa_handler == SIG_DFL)
		sigaction(SIGPIPE, &sa, NULL);
}

/* SIGPROF, on the M's signal stack: its timer, which is periodic, has expired. */
static void sigprof(int sig, siginfo_t *info, void *context)
{
	(void)sig, (void)info;
	profsample(context_pc(context), context_sp(context), context_fp(context));
}

/* As the kernel has it. */
struct ksigaction {
	void (*handler)(int sig, siginfo_t *info, void *context);
	unsigned long flags;
	void (*restorer)(void);
	uint64_t mask;
};

static uint64_t startmask; /* the signals that Ms have blocked, as the process was started */

/*
 * SIGURG, on the M's signal stack: preempt.c. Not a G that has blocked signals of its thread's,
 * or is in a handler of its own for one.
 */
LOOKS static void sigurg(int sig, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;

	(void)sig, (void)info;
	preemptarrived();
	if (*(uint64_t *)&uc->uc_sigmask != startmask ||
		!asyncsafepoint(context_pc(uc), context_sp(uc)))
		return;
	fiber_inject(context_sp(uc), ASYNC_ROOM);
	context_call(uc, asyncPreempt);
}

/*
 * libc knows what else belongs to a handler. But ThreadSanitizer has it put another one there,
 * which would call ours when what was interrupted is long past: the kernel is told again which
 * one is meant.
 */
bool ospreemptinit(void)
{
	struct sigaction sa = {
		.sa_sigaction = sigurg, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART};
	struct ksigaction k;

	sigemptyset(&sa.sa_mask);
	sigaddset(&sa.sa_mask, SIGPROF);
	sigaction(SIGURG, &sa, NULL);
	SYSCALL(SYS_rt_sigprocmask, SIG_BLOCK, 0, (long)&startmask, sizeof startmask);
	if (SYSCALL(SYS_rt_sigaction, SIGURG, 0, (long)&k, sizeof k.mask) != 0)
		return false;
	k.handler = sigurg;
	return SYSCALL(SYS_rt_sigaction, SIGURG, (long)&k, 0, sizeof k.mask) == 0;
}

bool osunmasked(void)
{
	uint64_t mask = 0;

	SYSCALL(SYS_rt_sigprocmask, SIG_BLOCK, 0, (long)&mask, sizeof mask);
	return mask == startmask;
}

void ospreempt(int32_t procid)
{
	SYSCALL(SYS_tgkill, SYSCALL(SYS_getpid), procid, SIGURG);
}

uintptr_t oslibrary(void)
{
	return (uintptr_t)pthread_create;
}

static bool sampling;

void ossampler(void)
{
	struct sigaction sa = {
		.sa_sigaction = sigprof, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART};
	sigemptyset(&sa.sa_mask);
	sigaddset(&sa.sa_mask, SIGURG);
	sigaction(SIGPROF, &sa, NULL);
	sampling = true;
}

/* A timer of mp's CPU time, that interrupts mp. */
static void starttimer(M *mp)
{
	const struct timespec every = {.tv_nsec = SAMPLE_NANOS};
	struct itimerspec when = {every, every};
	struct sigevent ev = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGPROF};

	/* As far as it had come: a foreign thread is an M for short times only. */
	if (mp->timerleft > 0)
		when.it_value.tv_nsec = mp->timerleft;
	ev._sigev_un._tid = mp->procid;
	if (SYSCALL(SYS_timer_create, CLOCK_THREAD_CPUTIME_ID, (long)&ev, (long)&mp->timer) == 0)
		SYSCALL(SYS_timer_settime, mp->timer, 0, (long)&when, 0);
}

static void stoptimer(M *mp)
{
	struct itimerspec when = {0};

	SYSCALL(SYS_timer_gettime, mp->timer, (long)&when);
	mp->timerleft = (int32_t)when.it_value.tv_nsec;
	SYSCALL(SYS_timer_delete, mp->timer);
}

const char *osmapself(void)
{
	long fd, n, p;

	fd = SYSCALL(SYS_openat, AT_FDCWD, (long)"/proc/self/exe", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	n = SYSCALL(SYS_lseek, fd, 0, SEEK_END);
	p = SYSCALL(SYS_mmap, 0, n, PROT_READ, MAP_PRIVATE, fd, 0);
	SYSCALL(SYS_close, fd);
	return p < 0 ? NULL : (const char *)p;
}

void minit(M *mp)
{
	stack_t ss = {0}, was;

	if (mp->sigstack.lo == 0)
		mp->sigstack = sigstackalloc();
	ss.ss_sp = (void *)mp->sigstack.lo;
	ss.ss_size = mp->sigstack.hi - mp->sigstack.lo;
	mp->procid = (int32_t)SYSCALL(SYS_gettid);
	pthread_setspecific(mkey, mp);
	/* A foreign thread may have one of its own. */
	if (mp->extrag == NULL || (sigaltstack(NULL, &was) == 0 && (was.ss_flags & SS_DISABLE)))
		sigaltstack(&ss, NULL);
	if (sampling)
		starttimer(mp);
}

void unminit(M *mp)
{
	stack_t none = {.ss_flags = SS_DISABLE}, is;

	pthread_setspecific(mkey, NULL);
	if (sampling)
		stoptimer(mp);
	if (sigaltstack(NULL, &is) == 0 && (uintptr_t)is.ss_sp == mp->sigstack.lo)
		sigaltstack(&none, NULL);
	mp->procid = 0;
}

/* libc keeps what a thread is to it at the top of the thread's stack. */
void osstack(uintptr_t *lo, uintptr_t *hi)
{
	const uintptr_t self = (uintptr_t)pthread_self();
	pthread_attr_t attr;
	void *addr;
	size_t size;

	if (pthread_getattr_np(pthread_self(), &attr) != 0)
		throw("osstack: libc does not say");
	pthread_attr_getstack(&attr, &addr, &size);
	pthread_attr_destroy(&attr);
	*lo = (uintptr_t)addr;
	*hi = *lo + size;
	if (self > *lo && self < *hi)
		*hi = self & -(uintptr_t)16;
}

/* The first function of a thread other than main's. */
static void *threadstart(void *arg)
{
	M *mp = arg;
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

/*
 * A directory of which each thread is a folder, and so a link to it; it has two others. What else
 * the kernel tells of it is another in each run, and would be seen on a stack.
 */
LOOKS static int32_t threads(void)
{
	static struct stat st;

	if (SYSCALL(SYS_newfstatat, AT_FDCWD, (long)"/proc/self/task", (long)&st, 0) != 0)
		return INT32_MAX;
	return st.st_nlink > 2 ? (int32_t)st.st_nlink - 2 : INT32_MAX;
}

/* Before libraries begin, whose threads count, there is this one, and perhaps qemu-user's own. */
static int32_t qemus;

LOOKS static void countqemus(void)
{
	qemus = threads() - 1;
}

__attribute__((section(".preinit_array"), used)) static void (*const first)(void) = countqemus;

int32_t osthreads(void)
{
	int32_t n = threads();

	return n == INT32_MAX ? n : n - qemus - TOOL_THREADS;
}

void *sysreserve(uintptr_t hint, size_t n)
{
	long p = SYSCALL(SYS_mmap, (long)hint, (long)n, PROT_NONE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	return p < 0 ? NULL : (void *)p;
}

/* Huge pages would make memory of what is only near to something touched. */
bool sysmap(uintptr_t p, size_t n)
{
	SYSCALL(SYS_madvise, (long)p, (long)n, MADV_NOHUGEPAGE);
	return SYSCALL(SYS_mprotect, (long)p, (long)n, PROT_READ | PROT_WRITE) == 0;
}

/* qemu-user takes any advice and does nothing, hence the second question. */
bool sysguard(uintptr_t p, size_t n)
{
	return SYSCALL(SYS_madvise, (long)p, (long)n, GUARD_INSTALL) == 0 &&
	       SYSCALL(SYS_madvise, (long)p, (long)n, NO_ADVICE) != 0;
}

size_t physpagesize(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

void futexsleep(_Atomic uint32_t *addr, uint32_t val, int64_t ns)
{
	struct timespec t;

	ns = fiber_nap(ns);
	t = (struct timespec){ns / 1000000000, ns % 1000000000};
	SYSCALL(SYS_futex, (long)addr, FUTEX_WAIT_PRIVATE, val, ns < 0 ? 0 : (long)&t);
}

void futexwakeup(_Atomic uint32_t *addr, uint32_t n)
{
	SYSCALL(SYS_futex, (long)addr, FUTEX_WAKE_PRIVATE, n);
}

long osread(int fd, void *p, size_t n)
{
	return SYSCALL(SYS_read, fd, (long)p, (long)n);
}

long oswrite(int fd, const void *p, size_t n)
{
	return SYSCALL(SYS_write, fd, (long)p, (long)n);
}

void ossleep(uint32_t microseconds)
{
	struct timespec t = {microseconds / 1000000, microseconds % 1000000 * 1000};
	SYSCALL(SYS_nanosleep, (long)&t, 0);
}

/* By the linker: the table that PROBE makes. */
extern const struct probe __start_g0_probes[], __stop_g0_probes[];

/* Each at most over two pages. The other instructions there stay executable all the while. */
static bool protect(uintptr_t at, size_t size, long protection)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t lo = at & -page, n = ((at + size - 1) & -page) + page - lo;

	return SYSCALL(SYS_mprotect, (long)lo, (long)n, protection) == 0;
}

static bool patch(uintptr_t nop, uintptr_t record)
{
	if (!protect(nop, PROBE_SIZE, PROT_READ | PROT_WRITE | PROT_EXEC))
		return false;
	patchjump(nop, record);
	__builtin___clear_cache((char *)nop, (char *)nop + PROBE_SIZE);
	return protect(nop, PROBE_SIZE, PROT_READ | PROT_EXEC);
}

LOOKS bool ospatch(uintptr_t at, const void *code, size_t n)
{
	if (!protect(at, n, PROT_READ | PROT_WRITE | PROT_EXEC))
		return false;
	for (size_t i = 0; i < n; i++)
		((volatile char *)at)[i] = ((const char *)code)[i];
	__builtin___clear_cache((char *)at, (char *)at + n);
	return protect(at, n, PROT_READ | PROT_EXEC);
}

bool ospatchprobes(void)
{
	for (const struct probe *p = __start_g0_probes; p < __stop_g0_probes; p++)
		if (!patch(p->nop, p->record))
			return false;
	return true;
}

int64_t osnanotime(void)
{
	struct timespec ts;

	SYSCALL(SYS_clock_gettime, CLOCK_MONOTONIC, (long)&ts);
	return ts.tv_sec * 1000000000 + ts.tv_nsec;
}

void osatexit(void (*f)(void))
{
	atexit(f);
}

void osexit(int32_t status)
{
	tracewrite();
	profwrite();
	for (;;)
		SYSCALL(SYS_exit_group, status);
}

void goexitprocess(int32_t status)
{
	exit(status);
}
