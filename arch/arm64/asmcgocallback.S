/* SPDX-License-Identifier: MIT */
/*
 * void asmcgocallback(void (*fn)(void *), void *arg)
 *
 * From C on the M's g0: call fn(arg) on the stack of the M's curg, from where gp->sched.sp says, and come back. Meanwhile mcall and
 * systemstack begin below us: the C functions above are still at work. g0.sched.bp is not ours to change.
 * FP is kept: the chain goes from the G's stack on into the C functions that called it. Sound, since the G is locked to this M.
 * Clobbers: the caller-saved registers.
 */
#include "asm.h"
#include "offsets.h"

FUNC(asmcgocallback)
	stp	x29, x30, [sp, #-32]!	/* the caller's FP and PC: our record is {caller's FP, caller's PC} */
	.cfi_def_cfa_offset 32
	.cfi_offset x29, -32
	.cfi_offset x30, -24
	mov	x29, sp			/* FP: our record, on g0's stack */
	.cfi_def_cfa_register x29

	mov	x4, x0			/* fn */
	mov	x0, x1			/* arg, fn's argument */
	TLS_BASE(x9)
	ldr	x1, TLS_G(x9)		/* g0 */
	ldr	x2, [x1, #G_M]		/* its M */
	ldr	x2, [x2, #M_CURG]	/* gp, the G that C is called for */

	ldr	x3, [x1, #G_SCHED_SP]
	str	x3, [x29, #16]		/* where mcall put SP before us, to be put back */
	str	x29, [x1, #G_SCHED_SP]	/* where mcall puts SP from now on */

	str	x2, TLS_G(x9)		/* g = gp */
	ldr	x3, [x2, #G_SCHED_SP]
	mov	sp, x3			/* SP: gp's stack. FP: still our record, on g0's */
	blr	x4			/* fn stores FP: a link from gp's stack to g0's */
	TLS_BASE(x9)
	ldr	x1, TLS_G(x9)		/* gp */
	ldr	x1, [x1, #G_M]		/* the same M as before */
	ldr	x1, [x1, #M_G0]		/* its g0 */
	str	x1, TLS_G(x9)		/* g = g0 */
	ldr	x3, [x29, #16]
	str	x3, [x1, #G_SCHED_SP]	/* where mcall put SP before us */
	mov	sp, x29			/* SP: our record */
	ldp	x29, x30, [sp], #32	/* the caller's FP and PC */
	.cfi_def_cfa sp, 0
	.cfi_restore x29
	.cfi_restore x30
	ret
END(asmcgocallback)
