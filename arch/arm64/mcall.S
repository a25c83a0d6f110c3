/* SPDX-License-Identifier: MIT */
/*
 * void mcall(void (*fn)(struct G *gp))
 *
 * What C calls: keeps what a C caller expects to survive a call on the G's own stack, where Go's compiler would
 * have spilled it before, and calls the policy. Its own epilogue does not depend on FP,
 * so it returns rightly even where the policy (cycle) brings back a wrong one.
 * Clobbers: the caller-saved registers.
 */
#include "asm.h"

FUNC(mcall)
	stp	x29, x30, [sp, #-160]!	/* the caller's FP and PC */
	.cfi_def_cfa_offset 160
	.cfi_offset x29, -160
	.cfi_offset x30, -152
	mov	x29, sp			/* FP: our record */
	stp	x19, x20, [sp, #16]	/* the caller's callee-saved registers, x19 to x28 and d8 to d15 */
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

	adrp	x1, mcall_policy
	ldr	x1, [x1, #:lo12:mcall_policy]
	blr	x1			/* fn still in x0. gogo comes back to the next line, perhaps on another M */
	bl	gresumed		/* on the G's stack again */

	ldp	d14, d15, [sp, #144]
	ldp	d12, d13, [sp, #128]
	ldp	d10, d11, [sp, #112]
	ldp	d8, d9, [sp, #96]
	ldp	x27, x28, [sp, #80]
	ldp	x25, x26, [sp, #64]
	ldp	x23, x24, [sp, #48]
	ldp	x21, x22, [sp, #32]
	ldp	x19, x20, [sp, #16]
	ldp	x29, x30, [sp], #160	/* the caller's FP and PC, from their own words */
	.cfi_def_cfa_offset 0
	.cfi_restore x29
	.cfi_restore x30
	br	x30			/* jumps, for what the return predictor knows is the scheduler's calls, not ours */
END(mcall)
