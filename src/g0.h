/* SPDX-License-Identifier: MIT */
/*
 * g0.h - the teaching runtime's public interface. A program defines go_main; the runtime owns main.
 * Every function here is called by a G, on its own stack, unless its comment says otherwise. These
 * end the process with a sentence: NULL where a function, a mutex or the like is needed; a call on
 * a thread that the runtime has not made (but for cgocallback, which needs no G); and to end a
 * thread that runs Gs, by pthread_exit or pthread_cancel.
 *
 * A signal handler of the program's may call nothing of this file, goid and g0_puts included: it
 * may have interrupted the runtime or libc half way. Nobody notices; such a program fails now and
 * then. Let it set a variable, or write(2) to a pipe that a G reads by g0_read.
 *
 * The environment of a program says how many Gs may run at once (G0_PROCS, or as many as there are
 * CPUs) and how many KiB of stack each has (G0_STACK, 16 or more; 64 without). Memory is used as a
 * stack is: a G that waits needs a page or two. A G that runs over its stack ends the process, and
 * is named; for frames of more than 64 KiB that takes -fstack-clash-protection, which pkg-config's
 * flags have: else such a frame may lie in another's stack. To find who uses the stack of a G that
 * has ended, G0_POISON=1 fills it with 0xdeaddeaddeaddead, which costs time and all of its memory.
 */
#ifndef G0_H
#define G0_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "g0_arch.h"

/*
 * C++ has no _Atomic, and a program touches none of these. An exception must be caught by the G
 * that throws it, and neither a handler nor a destructor that it runs may yield or wait: what C++
 * keeps of exceptions is the thread's.
 */
#ifdef __cplusplus
#define G0_ATOMIC(type) type
extern "C" {
#else
#define G0_ATOMIC(type) _Atomic type
#endif

struct chan;

/* Gs, linked by a word in each. n may be read by anyone, as a hint. */
struct gqueue {
	struct G *head, *tail;
	G0_ATOMIC(int32_t) n;
};

/* The program's arguments, as main got them. */
extern int g0_argc;
extern char **g0_argv;

/*
 * The program: runs as G1. When it returns the process exits with status 0, whatever other Gs
 * do (as in Go).
 */
void go_main(void);

/*
 * Start a G that calls fn(arg). Runnable at once, on this M's P or a thief's. Ends the process
 * if memory is out.
 */
void go(void (*fn)(void *arg), void *arg);

/* Let other Gs run: this one goes to the tail of the global run queue. */
void gosched(void);

/*
 * Let the others in this P's queue run: this G goes to its tail. Cheaper than gosched, and the
 * G stays near what it has in the cache; but Gs in the global queue may wait a little longer.
 *
 * With G0_INLINE, which pkg-config's flags define, optimized code has it in line: of what the
 * caller has in registers only that is kept which it needs later. Coming back is no event
 * (gresume) then. Define it only with -mno-red-zone on amd64, -ffixed-x18 on arm64.
 */
void goyield(void);
#if defined(G0_INLINE) && defined(__OPTIMIZE__)
extern inline __attribute__((gnu_inline)) void goyield(void)
{
	G0_CALL("goyield1");
}
#endif

/*
 * A G that has run for 10 ms while others wait is preempted: it goes to the tail of the global
 * run queue as if it had called gosched, between any two instructions of its own, or at the end
 * of any call here. Gs that ready each other, and run for that, have the 10 ms together. A G's own
 * instructions are those of files linked before libg0.a. In libc it is not preempted, so libraries
 * go behind libg0.a; on arm64, what goes before is to be compiled with -ffixed-x18. With -flto all
 * this holds too, but where lld links: it puts such code last, and there it is preempted at calls
 * only. While a program is stepped, a G is preempted when who steps it says so.
 *
 * So a G may find itself on another thread from one instruction to the next, and what is a
 * thread's is another's then: errno and other thread-locals, rounding modes, the ownership of a
 * flockfile. And who waits for a lock of pthreads keeps its P waiting too, perhaps the one that
 * the lock's owner needs to go on. Such things belong
 * - between preemptoff and preempton: nobody preempts the G there. They nest. It may call libc,
 *   but nothing of this file that waits or yields, which ends the process;
 * - or, for what may block, between entersyscall and exitsyscall;
 * - for errno, into g0_read and g0_write, which return it.
 * In any case in a function of its own that is not inlined and has no other calls that wait: a
 * compiler looks up where errno is once a function, and keeps the address.
 *
 * The signal is SIGURG, with SA_RESTART. Calls that never go on after a signal, like nanosleep and
 * poll, may return EINTR. A program that handles SIGURG itself is preempted at calls only.
 */
void preemptoff(void);
void preempton(void);

/*
 * Yields here if this G has had its time. For long loops of what cannot be preempted, such as
 * calls of libc. Costs a few loads.
 */
void preemptpoint(void);

/* End this G. Returning from its function does the same. */
__attribute__((noreturn)) void goexit(void);

/* This G's number: 1 is go_main, never used twice. */
int64_t goid(void);

/* How many Gs there are that have not ended. Those that begin or end meanwhile may count or not. */
int64_t numgoroutine(void);

/* How many Ps there are: so many Gs can run at once. */
int32_t numprocs(void);

/*
 * A channel for n elements of elemsize bytes each; n == 0: unbuffered, a send waits for its
 * receiver. Lives until chanfree, which must find nobody waiting on it. Ends the process if that,
 * or one element, is more than 512 MiB, or memory is out. A freed channel that is used ends it too,
 * but not once makechan has its memory for another.
 *
 * NULL is a nil channel: nobody ever sends to it or receives from it. Who tries to waits for ever;
 * chantrysend and chantryrecv return false, and a select passes it by. To close or free it ends
 * the process.
 */
struct chan *makechan(size_t elemsize, size_t n);
void chanfree(struct chan *c);

/*
 * Copy *elem into the channel; waits while it is full. Elements arrive in the order sent. A send
 * on a closed channel ends the process.
 */
void chansend(struct chan *c, const void *elem);

/*
 * Take the next element into *elem, or from the channel only, if elem is NULL; waits while there
 * is none. False: there will be none any more, as the channel is closed and empty; *elem is zero
 * then.
 */
bool chanrecv(struct chan *c, void *elem);

/*
 * The same without waiting: whether it was done. *ok is what chanrecv would have returned; ok may
 * be NULL.
 */
bool chantrysend(struct chan *c, const void *elem);
bool chantryrecv(struct chan *c, void *elem, bool *ok);

/*
 * Nobody will send any more. What was sent can still be received; all who wait go on. For the
 * sender to call, once: closing a closed channel ends the process.
 */
void chanclose(struct chan *c);

/*
 * A case of a select: send *elem to the channel, or receive from it into *elem, which may be NULL
 * as for chanrecv. c may be NULL: then it is never done.
 */
struct scase {
	struct chan *c;
	void *elem;
	bool send;
	bool ok; /* set if this case was done: what chanrecv would have returned */
};

/*
 * Do one of n cases, at most 256, and return its index. If several could be done one of them is
 * drawn; if none, it waits, or, unless block, returns -1. A send to a closed channel ends the
 * process. With no channel at all it waits for ever. A case takes about 80 bytes of stack while
 * it waits.
 */
int selectgo(struct scase *cases, int n, bool block);

/*
 * A mutex, free when it is zero. A G that waits for it does not keep its M from running others.
 * Who waits first gets it first. Any G may unlock it, on any M, not only its owner. To unlock one
 * that is not locked ends the process; so does a deadlock, if no other G can go on.
 */
struct sema {
	G0_ATOMIC(uint32_t) lock;
	uint32_t n;
	struct gqueue waiters;
};
struct mutex {
	G0_ATOMIC(uint32_t) users;
	struct sema sema;
};
void mutexlock(struct mutex *m);
void mutexunlock(struct mutex *m);
/* Whether the mutex was free; if so it is locked now. Never waits. */
bool mutextrylock(struct mutex *m);

/*
 * A mutex for many readers or one writer, free when it is zero. Nobody starves: readers that
 * come while a writer waits let it go first; a writer that unlocks lets all readers in that
 * wait. So a G that reads already must not lock it again. To unlock what is not locked in this
 * way ends the process.
 */
struct rwmutex {
	G0_ATOMIC(uint32_t) lock;
	bool writing;
	int32_t reading;
	struct gqueue readers, writers;
};
void rwmutexlock(struct rwmutex *rw);
void rwmutexunlock(struct rwmutex *rw);
void rwmutexrlock(struct rwmutex *rw);
void rwmutexrunlock(struct rwmutex *rw);

/*
 * A counter of what is still to be done, 0 when it is zero. wgwait returns at once at 0, else as
 * soon as it gets there; it can be used again then. Add before the Gs are started that call
 * wgdone, which is wgadd of -1. A counter below 0 ends the process.
 */
struct waitgroup {
	G0_ATOMIC(uint32_t) lock;
	int32_t n;
	struct gqueue waiters;
};
void wgadd(struct waitgroup *wg, int32_t n);
void wgdone(struct waitgroup *wg);
void wgwait(struct waitgroup *wg);

/*
 * Nanoseconds of a clock that only goes forward; where it began means nothing. Stepped by g0scope,
 * a program has a clock of its own instead: it begins at 0, stands still while any M is awake,
 * and jumps to the next timer when all would sleep.
 */
int64_t g0_nanotime(void);

/* Wait for at least ns nanoseconds, while others run. 0 or less: as goyield. */
void g0_sleep(int64_t ns);

/*
 * A timer; all zero when it is new. Once timerstart is called it is the runtime's, and must stay
 * where it is, until f begins or timerstop returns. Then it may be started again, or freed.
 * Starting and stopping one timer at once is a race, as with any variable.
 */
struct timer {
	int64_t when;
	uint64_t seq;
	void (*f)(void *arg);
	void *arg;
	struct G *sleeper;
	uint32_t place;
};

/*
 * After ns nanoseconds or more, have a new G call f(arg). 0 or less: as soon as an M looks for a
 * G. Timers that are due at one time go off in the order they were started. Never waits. Ends the
 * process if t runs already, or if memory is out: the runtime needs 16 bytes for each that runs.
 */
void timerstart(struct timer *t, int64_t ns, void (*f)(void *arg), void *arg);

/*
 * Stop t. Whether it ran; then f will not be called for this start. If not, f's G has been made
 * (it may not have begun), or nobody has started t. Never waits.
 */
bool timerstop(struct timer *t);

/*
 * read(2) and write(2) that keep no other G waiting: while one blocks, another M runs them. Return
 * what the kernel does: a count (0 is the end, fewer than n is no error) or -errno, -EINTR among
 * them. errno is not set, since it is the thread's and this G may return on another.
 *
 * As in Go, g0_write to a pipe or a socket that nobody reads any more returns -EPIPE; but for 1 and
 * 2, standard output and error, where it ends the process by SIGPIPE, as any other way to write
 * does to whatever descriptor. A program that handles or ignores SIGPIPE itself is not interfered
 * with.
 */
long g0_read(int fd, void *buf, size_t n);
long g0_write(int fd, const void *buf, size_t n);

/*
 * The same for any other call that may block: entersyscall, the call, exitsyscall. In between this
 * G may call nothing of this file: what would need the P that it has released ends the process
 * with a sentence. Copy errno, or what else is the thread's, before exitsyscall.
 */
void entersyscall(void);
void exitsyscall(void);

/*
 * fork, in the child, leaves the thread that has called it, with the G that it ran, and no other M:
 * other Gs do not go on there, and locks that other threads held, the runtime's among them, stay
 * locked for ever. So the child may call what a signal handler may, and of this file goid, g0_puts
 * and g0_printf; then exec or _exit (exit would write what the parent still has to write, and its
 * G0_TRACE and G0_PROF once more). The parent goes on as if nothing had been, and waits for the
 * child between entersyscall and exitsyscall. With posix_spawn, system and popen, which need no
 * more care than any call that may block, none of this matters.
 */

/*
 * Keep this G on the thread that it is on, which runs no other G meanwhile: for what is a
 * thread's and not a G's (errno, other thread-locals, a GUI's context), if the G may yield its M
 * in between. Each switch then costs two wake-ups of threads instead of a jump. It holds
 * until unlockosthread has been called as often, or the G ends. To unlock what is not locked
 * ends the process.
 */
void lockosthread(void);
void unlockosthread(void);

/*
 * Call a C function that may block, needs much stack or calls back, and return what it does. It
 * is in a system call meanwhile: other Gs run, and it may call nothing of this file but
 * cgocallback. It has g0's stack: as much as a G's (G0_STACK), less what callbacks and calls
 * that it is nested in use of it. errno is to be copied by fn itself.
 */
int32_t cgocall(int32_t (*fn)(void *arg), void *arg);

/*
 * Call back: for C, on the stack that it has, to call fn(arg) as a G, which may do all that a G
 * may, but for goexit. Waits for a P. Two kinds of C may call it:
 * - what was called by cgocall: fn is called by the same G again;
 * - a thread that the runtime knows nothing of: it is an M until fn returns, with a G of its
 *   own. It may come as soon as go_main has begun.
 * The G is locked to the thread (lockosthread) until fn returns. A caller that has frame
 * pointers is seen by profilers; one without leads them astray.
 *
 * While there is any such thread, be it one that a library has started for itself, nothing is
 * said of a deadlock: the thread may come and end it. Once the last of them is gone it is said,
 * a second later at most; but for a program that is stepped: g0scope says that all Ms sleep.
 */
void cgocallback(void (*fn)(void *arg), void *arg);

/*
 * Write a string to standard output in one system call. Safe on a G stack; errors are not
 * reported.
 */
void g0_puts(const char *s);

/*
 * The same with %d %ld %x %s %p and %% filled in; any other % ends the process. At most 512
 * bytes, the rest is left out. No libc: a G needs a few hundred bytes of stack for it, where
 * printf may want all it has.
 */
__attribute__((format(printf, 1, 2))) void g0_printf(const char *fmt, ...);

#ifdef __cplusplus
}
#endif

#endif
