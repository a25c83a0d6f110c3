/* SPDX-License-Identifier: MIT */
/*
 * void gogo(struct gobuf *buf)
 *
 * Go on where buf says, on the stack that buf says.
 * Clobbers: everything; never returns.
 */
#include "asm.h"
#include "offsets.h"

FUNC(gogo)
	stp	x29, x30, [sp, #-16]!	/* execute's FP: a record, so that a chain holds until FP itself is loaded */
	.cfi_def_cfa_offset 16
	.cfi_offset x29, -16
	.cfi_offset x30, -8
	mov	x29, sp			/* FP: our record, on g0's stack */
	.cfi_def_cfa_register x29

	TLS_BASE(x9)
	ldr	x2, [x0, #GOBUF_G]	/* gp, the G that goes on */
	ldr	x3, [x0, #GOBUF_PC]	/* where it goes on */
	str	x2, TLS_G(x9)		/* g = gp */
	ldr	x4, [x0, #GOBUF_SP]
	mov	sp, x4			/* SP: gp's stack; FP for one instruction still g0's, as in Go */
	ldr	x29, [x0, #GOBUF_BP]	/* FP: gp's */
	.cfi_def_cfa sp, 0
	.cfi_register x30, x3		/* for unwinders we have returned to gp's pc */
	.cfi_same_value x29
	br	x3			/* jumps, where ret would mislead the return predictor */
END(gogo)
