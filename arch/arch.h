/* SPDX-License-Identifier: MIT */
/*
 * The contract between C and the assembly in arch/<arch>/, one routine a file. Everything here is
 * below src: it knows struct offsets (offsets.h) and nothing else of the runtime.
 *
 * How a G leaves its M and comes back:
 *
 *   C on a G stack            assembly                       C on the M's g0 stack
 *   gosched() ─────────────▶ mcall ─▶ mcall_<policy> ══════▶ gosched_m(gp) ─▶ schedule()
 *                                     saves gp->sched,                            │
 *                                     takes g0's stack                        execute(gp)
 *   gosched() goes on ◀───── mcall ◀═════════════ gogo ◀──────────────────────────┘
 *
 * ══ changes the stack. gogo does not return to its caller, nor does fn to mcall_<policy>.
 */
#ifndef ARCH_H
#define ARCH_H

#include <stdint.h>

#include "offsets.h"
#include "getg.h" /* arch/<arch>/getg.h: the current G, this thread's M, and what else is in line */

struct G;
struct M;
struct gobuf;

/*
 * mcall - leave the G that calls for its M's g0 and call fn(gp) there.
 * On: a G stack, never g0. Returns when somebody resumes gp, perhaps on another M: what was read
 * from thread-local storage before is then wrong. fn must not return (badmcall2).
 * Saves the C ABI's callee-saved registers on the G stack, which Go's compiler has no need of, and
 * then calls the policy chosen at start.
 */
void mcall(void (*fn)(struct G *gp));

/*
 * goyield1 - mcall(goyield_m) for a caller that has nothing in registers which it needs later.
 * On: a G stack. Not for C to call as it is, but by G0_CALL (g0_arch.h).
 */
void goyield1(void);

/*
 * The policies of policy.def: Go's mcall itself, in versions that differ in what the frame-pointer
 * register holds on g0 after the switch (and, for cycle, in what gobuf.bp gets). Called by mcall,
 * goyield1.
 */
typedef void mcall_policy_fn(void (*fn)(struct G *gp));
#define POLICY(name, arch, what, go) mcall_policy_fn mcall_##name;
#include "policy.def"
#undef POLICY
extern mcall_policy_fn *mcall_policy;

/*
 * gogo - go on where buf says: sets g, SP, the frame pointer, and jumps.
 * On: g0. Never returns; not declared so, because a compiler would then put nothing after the
 * call, and the return address that a profiler meets would belong to the next function.
 * The G must be owned by this M (status running).
 */
void gogo(struct gobuf *buf);

/*
 * systemstack - call fn(arg) on the M's g0, for what needs more stack than a G may have left.
 * On: a G stack; or g0, where it only calls. Returns to the same G on the same M: the G stays
 * running and curg, so its stack stays ours, and the frame-pointer chain goes on into it, which
 * is kept on purpose. fn must not leave its stack (mcall traps that). g0.sched is untouched, and
 * gp->sched says who called.
 */
void systemstack(void (*fn)(void *arg), void *arg);

/*
 * asmcgocall - call fn(arg), C that knows nothing of Gs, on the M's g0; returns what it
 * returns. On: a G stack. As systemstack, but that gp->sched says where the G's stack is free,
 * and that on arm64 the chain of what fn calls does not lead back to the G (asmcgocall.S). fn
 * may call asmcgocallback, and nothing else that changes stacks.
 */
int32_t asmcgocall(int32_t (*fn)(void *arg), void *arg);

/*
 * asmcgocallback - from C on an M's own stack, call fn(arg) on the stack of the M's curg, below
 * gp->sched.sp. fn may leave its stack by mcall, and must come back on the same M: our caller's
 * frames are there. g0.sched.sp is ours meanwhile, and then what it was.
 */
void asmcgocallback(void (*fn)(void *arg), void *arg);

/*
 * gostart - the first instruction that a new G executes; never called, only ever a gobuf.pc
 * (gostart + PCQUANTUM, so that pc - 1 still lies in it). Calls gp->startfn(gp->startarg) with
 * a return address in goexit_stub and a frame pointer of 0, which ends every chain of this G.
 */
void gostart(void);

/*
 * goexit_stub - calls a new G's function for gostart, so that this is where it returns to, and then
 * goexit1. Never called by C.
 */
void goexit_stub(void);

/*
 * mstart - the entry of an M: saves the thread's callee-saved registers on the thread's own stack,
 * takes g0's stack with a frame pointer of 0, records it in g0.sched for mcall, calls mstart1().
 * On: the stack the thread came with. Returns when somebody resumes g0.sched or mstart1 returns,
 * with the thread's registers as they were: C epilogues use `leave`, so the caller's frame pointer
 * must be right again.
 */
void mstart(struct G *g0);

/*
 * asyncPreempt - what a signal handler makes a G call between any two instructions (context_call
 * in async.h), as if that call stood there. Keeps every register on the G's stack, calls
 * asyncPreempt2, returns with all of them as they were: perhaps on another M. Never called by C.
 */
void asyncPreempt(void);

/*
 * runtime_text - the first byte of the runtime's code; never called. From _start, which is
 * crt1.o's, up to here lies the program's own code. runtime_etext is behind the last one.
 */
void _start(void);
void runtime_text(void);
void runtime_etext(void);

/* Traps. Called from assembly, in src/panic.c; never return. */
_Noreturn void badmcall(void);  /* mcall called on g0 */
_Noreturn void badmcall2(void); /* fn returned to mcall */

/* Called from assembly, in src/proc.c. */
void gresumed(void);          /* on the G's stack, each time the G is back from mcall */
void goyield_m(struct G *gp); /* on g0, for mcall_<policy>; never returns */
_Noreturn void goexit1(void); /* on the G's stack, when its function has returned */
void mstart1(void);           /* on g0, once an M has it */
void asyncPreempt2(void);     /* on the G's stack: yields the M, as gosched does */

#endif
