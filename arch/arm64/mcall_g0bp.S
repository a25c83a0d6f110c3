/* SPDX-License-Identifier: MIT */
/*
 * void mcall_g0bp(void (*fn)(struct G *gp))
 *
 * Leave the calling G for its M's g0 and call fn(gp) there, with FP loaded from g0.sched.bp: whatever the last one
 * who saved g0's state had there, never the caller's. Go up to 1.24 on arm64.
 * Clobbers: everything. The callee-saved registers are mcall's to keep.
 */
#include "asm.h"
#include "offsets.h"

FUNC(mcall_g0bp)
	stp	x29, x30, [sp, #-16]!	/* the caller's FP and PC: our record is {caller's FP, caller's PC} */
	.cfi_def_cfa_offset 16
	.cfi_offset x29, -16
	.cfi_offset x30, -8
	mov	x29, sp			/* FP: our record, on the G's stack */
	.cfi_def_cfa_register x29

	TLS_BASE(x9)
	ldr	x1, TLS_G(x9)		/* gp, the G that calls */
	ldr	x2, [x1, #G_M]		/* its M */
	ldr	x2, [x2, #M_G0]		/* that M's g0 */
	cmp	x1, x2			/* already on g0? */
	b.eq	1f

	ldr	x3, [x29, #8]		/* caller's PC */
	str	x3, [x1, #G_SCHED_PC]	/* gp goes on there */
	add	x3, x29, #16		/* caller's SP, as it is once we have returned */
	str	x3, [x1, #G_SCHED_SP]
	ldr	x3, [x29]		/* caller's FP, out of our record */
	str	x3, [x1, #G_SCHED_BP]

	str	x2, TLS_G(x9)		/* g = g0 */
	ldr	x3, [x2, #G_SCHED_SP]	/* the top of g0's stack */
	mov	sp, x3			/* SP: there. From here on gp's stack is not ours to write */
	ldr	x29, [x2, #G_SCHED_BP]	/* FP: g0's, from whenever that was saved (0 on an M that nobody saved it on) */
	.cfi_remember_state
	.cfi_def_cfa sp, 0
	.cfi_undefined x30		/* nobody on g0 called us */

	mov	x3, x0			/* fn */
	mov	x0, x1			/* gp, fn's argument */
	blr	x3			/* fn stores FP: that word leads wherever g0.sched.bp did */
	bl	badmcall2		/* fn returned */
	brk	#1
	.cfi_restore_state
1:	bl	badmcall		/* called on g0 */
	brk	#1
END(mcall_g0bp)
