/* SPDX-License-Identifier: MIT */
/*
 * os.h - what the runtime asks of the operating system. All of it is in os_linux*.c; nothing
 * else in src makes a system call or calls libc.
 */
#ifndef OS_H
#define OS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct M;

/*
 * Once, before the first stack exists: installs the handlers for a G that runs over its stack, and
 * for a write to a pipe that has no reader.
 */
void osinit(void);
/* On an M's thread, before it runs Gs: the thread's id, and a stack for its signal handlers. */
void minit(struct M *mp);
/* A thread ceases to be mp: what minit has done for it is undone. */
void unminit(struct M *mp);
/* Where the caller's thread has its stack: [*lo, *hi), without what libc keeps at the top. */
void osstack(uintptr_t *lo, uintptr_t *hi);
/* Start a thread that calls mstart(mp->g0). 0, or an errno. */
int32_t newosproc(struct M *mp);
int32_t getncpu(void);
const char *gogetenv(const char *name);
/*
 * How many threads the process has, Ms and others, but for those of a tool that watches it.
 * INT32_MAX: the kernel does not say. For one caller at a time.
 */
int32_t osthreads(void);

/* n bytes of address space that nothing else will use, near hint if that is free. NULL: none. */
void *sysreserve(uintptr_t hint, size_t n);
/* Put zeroed memory there, a small page at a time as it is touched. */
bool sysmap(uintptr_t p, size_t n);
/*
 * Make n bytes of what sysreserve or sysmap gave fault for ever, without a mapping of their own.
 * False: the kernel cannot (Linux 6.13 is the first that can).
 */
bool sysguard(uintptr_t p, size_t n);
size_t physpagesize(void);

/* Sleep while *addr == val, at most ns nanoseconds (-1: no limit); may return early. */
void futexsleep(_Atomic uint32_t *addr, uint32_t val, int64_t ns);
/* Wake up to n that sleep on addr. */
void futexwakeup(_Atomic uint32_t *addr, uint32_t n);

/* What the kernel returns: a count, or -errno. */
long osread(int fd, void *p, size_t n);
long oswrite(int fd, const void *p, size_t n);
/* May return early. */
void ossleep(uint32_t microseconds);

/*
 * Make every probe's nop into the jump that records its event. Before there is a second thread.
 * false: the kernel does not let us.
 */
bool ospatchprobes(void);
/*
 * Write n bytes of the program's code, which nobody executes meanwhile. false: the kernel does not
 * let us.
 */
bool ospatch(uintptr_t at, const void *code, size_t n);
/*
 * Have SIGURG end in asyncPreempt where asyncsafepoint allows. Before there is a second thread.
 * false: the kernel refuses.
 */
bool ospreemptinit(void);
/* Whether the caller's thread has blocked no signal but what Ms have: it is in no handler. */
bool osunmasked(void);
/* Send it to a thread of ours; nothing if that is gone. */
void ospreempt(int32_t procid);
/* An address in a library: libc's, or a sanitizer's that stands in for it. */
uintptr_t oslibrary(void);
/* From now on each new M has profsample called, every so often of its CPU time. */
void ossampler(void);
/* The program's own file, to read; NULL: the kernel does not give it. */
const char *osmapself(void);
/* Nanoseconds of the monotonic clock: the real time, also of a program that is stepped. */
int64_t osnanotime(void);
/* Have f called by exit. */
void osatexit(void (*f)(void));

enum { OSPATH_MAX = 4096 };

/* A file being written; of no concern to others than os_linux_file.c. */
struct osfile {
	int32_t fd, named; /* what is written to; what was named, the same if that is no file */
	int32_t err;       /* the first thing that went wrong, an errno; 0: nothing */
	bool through;      /* it is no regular file, or a descriptor of ours */
	bool beside;       /* what is written to takes its place in the end */
	bool fresh;        /* it was not there before */
	bool linked;       /* there is a file called `part` */
	int64_t size;      /* as it was */
	uint64_t mask;     /* the signals blocked before */
	char target[OSPATH_MAX], part[OSPATH_MAX];
	_Atomic int32_t writer; /* the thread that was the first; 0: none yet */
	_Atomic bool done;
};

/*
 * Write a file in pieces, whatever its name stands for. A regular file is there whole or not at
 * all, keeps its mode, owner and other names, and is found through links; anything else is written
 * to as it is. What went wrong is said by osfinish, once, with the environment's variable that had
 * the name. On any stack, in a signal handler too.
 */
/*
 * Whether the caller is the first who comes to write f, at the end of the process. If not, f is
 * done by now, for whoever goes on takes the first one's thread away; but for a thread that has
 * come to its end in the middle of it.
 */
bool osfirst(struct osfile *f);
void oscreate(struct osfile *f, const char *name);
void osput(struct osfile *f, const void *p, size_t n);
void osfinish(struct osfile *f, const char *variable, const char *name);

/* At once, nothing flushed. */
_Noreturn void osexit(int32_t status);
/* As if main had returned status: what was printed with stdio comes out. */
_Noreturn void goexitprocess(int32_t status);

#endif
