/* SPDX-License-Identifier: MIT */
/*
 * fiber.c - for the sanitizers alone: the routines of arch.h that change stacks, announced. Where
 * the runtime says mcall, fiber.h has it call fiber_mcall, and so on. Each tells the tool of the
 * switch on the stack that is left (fiber_switch), and once more on the one that is reached
 * (fiber_arrived): so what mcall is given to call on g0 is fiber_m, which calls what was meant.
 *
 *   G's stack                    g0's stack
 *   fiber_mcall(fn) ══ mcall ══▶ fiber_m ─▶ fn ─▶ schedule ─▶ execute ─▶ fiber_gogo
 *       goes on ◀═ gogo ════════ fiber_m ◀──────── longjmp ──────────────────┘
 *
 * What fn calls never returns. But the thread sanitizer keeps a list of the functions that were
 * entered, and the address sanitizer has marked what lies between their variables. Both know what
 * a longjmp leaves: so fiber_gogo takes one back to fiber_m, as if fn had returned, and the gogo is
 * done there.
 */
#include "runtime.h"

#ifdef ANNOUNCED
#include <setjmp.h>

/* Entered on one stack and left on another, which a tool is not to see. */
#if __has_attribute(disable_sanitizer_instrumentation)
#define UNSEEN __attribute__((disable_sanitizer_instrumentation))
#else
#define UNSEEN LOOKS
#endif

/* Of this thread: nobody gets to another one between writing a field and reading it. */
static _Thread_local struct {
	void (*fn)(G *gp); /* what fiber_m is to call */
	struct gobuf *buf; /* where it is to go on afterwards */
	jmp_buf top;       /* how to get back to it */
} on_g0;

/* A name in brackets is the routine of arch.h itself. */
static INLINE void leave(void)
{
	fiber_switch(getg(), on_g0.buf->g);
	(gogo)(on_g0.buf);
}

/* On g0. Returns if fn does, to badmcall2. */
UNSEEN static void fiber_m(G *gp)
{
	fiber_arrived();
	if (setjmp(on_g0.top) != 0)
		leave();
	on_g0.fn(gp);
}

void fiber_mcall(void (*fn)(G *gp))
{
	G *gp = getg();

	on_g0.fn = fn;
	fiber_switch(gp, gp->m->g0);
	(mcall)(fiber_m);
	fiber_arrived();
}

void fiber_gogo(struct gobuf *buf)
{
	on_g0.buf = buf;
	longjmp(on_g0.top, 1);
}

/*
 * The thread is g0 from now on. What mstart calls on its stack is mstart1, nobody of ours: so all
 * is said before. The M's first gogo is done here, on the thread's own stack.
 */
void fiber_mstart(G *g0)
{
	fiber_switch(g0, g0);
	fiber_arrived();
	if (setjmp(on_g0.top) != 0)
		leave();
	(mstart)(g0);
}

/* A call on another stack that comes back; the way back is announced where it begins. */
struct fiber_call {
	void (*fn)(void *arg);
	int32_t (*cfn)(void *arg); /* or this one */
	void *arg;
	G *from;
};

UNSEEN static void fiber_call(void *call)
{
	const struct fiber_call *c = call;

	fiber_arrived();
	c->fn(c->arg);
	fiber_switch(getg(), c->from);
}

UNSEEN static int32_t fiber_ccall(void *call)
{
	const struct fiber_call *c = call;
	int32_t r;

	fiber_arrived();
	r = c->cfn(c->arg);
	fiber_switch(getg(), c->from);
	return r;
}

void fiber_systemstack(void (*fn)(void *arg), void *arg)
{
	G *gp = getg(), *g0 = gp->m->g0;
	struct fiber_call c = {.fn = fn, .arg = arg, .from = gp};

	if (gp == g0) {
		(systemstack)(fn, arg);
		return;
	}
	fiber_switch(gp, g0);
	(systemstack)(fiber_call, &c);
	fiber_arrived();
}

int32_t fiber_asmcgocall(int32_t (*fn)(void *arg), void *arg)
{
	G *gp = getg();
	struct fiber_call c = {.cfn = fn, .arg = arg, .from = gp};
	int32_t r;

	fiber_switch(gp, gp->m->g0);
	r = (asmcgocall)(fiber_ccall, &c);
	fiber_arrived();
	return r;
}

void fiber_asmcgocallback(void (*fn)(void *arg), void *arg)
{
	G *g0 = getg();
	struct fiber_call c = {.fn = fn, .arg = arg, .from = g0};

	fiber_switch(g0, g0->m->curg);
	(asmcgocallback)(fiber_call, &c);
	fiber_arrived();
}
#endif
