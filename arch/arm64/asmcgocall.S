/* SPDX-License-Identifier: MIT */
/*
 * int32_t asmcgocall(int32_t (*fn)(void *), void *arg)
 *
 * Call fn(arg), which is C that knows nothing of Gs, on the M's g0 and come back, as systemstack does. gp->sched says where the
 * G's stack is free: a callback out of fn (asmcgocallback) goes on below our record. FP is not kept but loaded from g0.sched.bp, as in
 * Go to this day, which mended mcall and systemstack and left this: the chain of the C functions does not lead to the G that called
 * them, but ends, or goes wherever g0.sched.bp does. So our record is kept in x19.
 * Clobbers: the caller-saved registers.
 */
#include "asm.h"
#include "offsets.h"

FUNC(asmcgocall)
	stp	x29, x30, [sp, #-32]!	/* the caller's FP and PC: our record is {caller's FP, caller's PC} */
	.cfi_def_cfa_offset 32
	.cfi_offset x29, -32
	.cfi_offset x30, -24
	mov	x29, sp			/* FP: our record, on the G's stack */
	.cfi_def_cfa_register x29
	str	x19, [sp, #16]
	.cfi_offset x19, -16

	mov	x4, x0			/* fn */
	mov	x0, x1			/* arg, fn's argument */
	TLS_BASE(x9)
	ldr	x1, TLS_G(x9)		/* gp, the G that calls */
	ldr	x2, [x1, #G_M]		/* its M */
	ldr	x2, [x2, #M_G0]		/* that M's g0 */

	adr	x3, 1f			/* here, where our record is complete */
	str	x3, [x1, #G_SCHED_PC]	/* for whoever asks where gp is meanwhile; nobody resumes it there */
	str	x29, [x1, #G_SCHED_SP]	/* a callback begins below our record */
	str	x29, [x1, #G_SCHED_BP]
	mov	x19, x29		/* our record, where C keeps it for us */

1:	str	x2, TLS_G(x9)		/* g = g0 */
	.cfi_def_cfa_register x19
	ldr	x3, [x2, #G_SCHED_SP]
	mov	sp, x3			/* SP: g0's stack, below what is on it */
	ldr	x29, [x2, #G_SCHED_BP]	/* FP: g0's, from whenever that was saved (0 on an M that nobody saved it on) */
	blr	x4
	TLS_BASE(x9)
	ldr	x2, TLS_G(x9)		/* g0 */
	ldr	x2, [x2, #G_M]		/* the same M as before */
	ldr	x2, [x2, #M_CURG]	/* gp, which it has had all the time */
	str	x2, TLS_G(x9)		/* g = gp */
	mov	sp, x19			/* SP: our record */
	.cfi_def_cfa_register sp
	ldr	x19, [sp, #16]
	.cfi_restore x19
	ldp	x29, x30, [sp], #32	/* the caller's FP and PC; fn's result still in w0 */
	.cfi_def_cfa sp, 0
	.cfi_restore x29
	.cfi_restore x30
	ret
END(asmcgocall)
