/* SPDX-License-Identifier: MIT */
/*
 * void mstart(struct G *g0)
 *
 * The entry of an M: leave the thread's own stack for g0's (from g0->sched.sp down), call mstart1 there, and give the
 * thread its stack and registers back when that returns or mexit resumes g0->sched.
 * Clobbers: the caller-saved registers.
 */
#include "asm.h"
#include "offsets.h"

FUNC(mstart)
	stp	x29, x30, [sp, #-160]!	/* the thread's FP, and the PC it goes on at */
	.cfi_def_cfa_offset 160
	.cfi_offset x29, -160
	.cfi_offset x30, -152
	mov	x29, sp			/* FP: our record, on the thread's stack */
	.cfi_def_cfa_register x29
	stp	x19, x20, [sp, #16]	/* the thread's callee-saved registers, x19 to x28 and d8 to d15 */
	stp	x21, x22, [sp, #32]
	stp	x23, x24, [sp, #48]
	stp	x25, x26, [sp, #64]
	stp	x27, x28, [sp, #80]
	stp	d8, d9, [sp, #96]
	stp	d10, d11, [sp, #112]
	stp	d12, d13, [sp, #128]
	stp	d14, d15, [sp, #144]
	.cfi_offset x19, -144
	.cfi_offset x20, -136
	.cfi_offset x21, -128
	.cfi_offset x22, -120
	.cfi_offset x23, -112
	.cfi_offset x24, -104
	.cfi_offset x25, -96
	.cfi_offset x26, -88
	.cfi_offset x27, -80
	.cfi_offset x28, -72

	TLS_BASE(x9)
	str	x0, TLS_G(x9)		/* g = g0 */
	ldr	x2, [x0, #G_SCHED_SP]	/* the top of g0's stack */
	sub	x2, x2, #16		/* a word there for the thread's SP, and one to keep SP a multiple of 16 */
	mov	x3, sp
	str	x3, [x2]		/* the thread's SP */
	str	x2, [x0, #G_SCHED_SP]	/* where mcall puts SP from now on */
	adr	x3, 1f
	str	x3, [x0, #G_SCHED_PC]	/* where mexit goes on */
	str	xzr, [x0, #G_SCHED_BP]	/* 0: nobody has used g0 yet */

	mov	sp, x2			/* SP: g0's stack */
	mov	x29, #0			/* FP: 0, the end of every chain of this M */
	.cfi_remember_state
	.cfi_def_cfa sp, 0
	.cfi_undefined x30		/* the root of an M: nobody on g0 called */
	bl	mstart1
1:	ldr	x3, [sp]
	mov	sp, x3			/* SP: the thread's stack again */
	mov	x29, sp			/* FP: our record */
	.cfi_restore_state

	ldp	d14, d15, [sp, #144]	/* the thread's callee-saved registers, d15 to d8 and x28 to x19 */
	ldp	d12, d13, [sp, #128]
	ldp	d10, d11, [sp, #112]
	ldp	d8, d9, [sp, #96]
	ldp	x27, x28, [sp, #80]
	ldp	x25, x26, [sp, #64]
	ldp	x23, x24, [sp, #48]
	ldp	x21, x22, [sp, #32]
	ldp	x19, x20, [sp, #16]
	ldp	x29, x30, [sp], #160	/* the thread's FP and PC */
	.cfi_def_cfa sp, 0
	.cfi_restore x29
	.cfi_restore x30
	ret
END(mstart)
