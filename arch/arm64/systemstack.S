/* SPDX-License-Identifier: MIT */
/*
 * void systemstack(void (*fn)(void *), void *arg)
 *
 * Call fn(arg) on the M's g0 and come back. FP is kept on purpose: the record that fn opens on g0 leads to ours on the G's
 * stack, and that stays true, since the G is still this M's (curg) and we return to it. Compare mcall_keep, which does the
 * same and goes away. Our CFA comes from FP, so it holds on either stack.
 * On g0 already: as if the caller had called fn itself, without a trace of us.
 * Clobbers: the caller-saved registers.
 */
#include "asm.h"
#include "offsets.h"

FUNC(systemstack)
	stp	x29, x30, [sp, #-16]!	/* the caller's FP and PC: our record is {caller's FP, caller's PC} */
	.cfi_def_cfa_offset 16
	.cfi_offset x29, -16
	.cfi_offset x30, -8
	mov	x29, sp			/* FP: our record, on the G's stack */
	.cfi_def_cfa_register x29

	mov	x4, x0			/* fn */
	mov	x0, x1			/* arg, fn's argument */
	TLS_BASE(x9)
	ldr	x1, TLS_G(x9)		/* gp, the G that calls */
	ldr	x2, [x1, #G_M]		/* its M */
	ldr	x2, [x2, #M_G0]		/* that M's g0 */
	cmp	x1, x2			/* already on g0? */
	b.eq	1f

	ldr	x3, [x29, #8]		/* caller's PC */
	str	x3, [x1, #G_SCHED_PC]	/* for whoever asks where gp is meanwhile; nobody resumes it there */
	add	x3, x29, #16		/* caller's SP, as it is once we have returned */
	str	x3, [x1, #G_SCHED_SP]
	ldr	x3, [x29]		/* caller's FP, out of our record */
	str	x3, [x1, #G_SCHED_BP]

	str	x2, TLS_G(x9)		/* g = g0 */
	ldr	x3, [x2, #G_SCHED_SP]	/* the top of g0's stack */
	mov	sp, x3			/* SP: there. FP: still our record, on gp's stack, which stays ours */
	blr	x4			/* fn stores FP: a link from g0 to gp's stack, and a sound one */
	TLS_BASE(x9)
	ldr	x1, TLS_G(x9)		/* g0 */
	ldr	x1, [x1, #G_M]		/* the same M as before */
	ldr	x1, [x1, #M_CURG]	/* gp, which it has had all the time */
	str	x1, TLS_G(x9)		/* g = gp */
	mov	sp, x29			/* SP: our record */
	.cfi_remember_state
	ldp	x29, x30, [sp], #16	/* the caller's FP and PC */
	.cfi_def_cfa sp, 0
	.cfi_restore x29
	.cfi_restore x30
	ret
	.cfi_restore_state
1:	ldp	x29, x30, [sp], #16	/* the caller's FP and PC */
	.cfi_def_cfa sp, 0
	.cfi_restore x29
	.cfi_restore x30
	br	x4
END(systemstack)
