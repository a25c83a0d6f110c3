/* SPDX-License-Identifier: MIT */
/*
 * void asyncPreempt(void)
 *
 * Where a G finds itself that a signal has interrupted for good: as if it had called us, between any two of its instructions.
 * Keeps every register, flags and vectors too, on the G's stack, calls asyncPreempt2, which goes through mcall, and jumps back
 * with all of them as they were, on whichever M: all but x18, which takes us there, and which programs leave alone (-ffixed-x18).
 * On entry: SP is ASYNC_PC below what it was, and points at the pc that was interrupted; x30 is what it was.
 * Clobbers: x18.
 */
#include "asm.h"
#include "async.h"

#define CFA (ASYNC_FRAME + ASYNC_PC)
.macro keep first, second, at
	stp	\first, \second, [sp, #\at]
	.cfi_offset \first, \at - CFA
	.cfi_offset \second, \at + 8 - CFA
.endm

FUNC(asyncPreempt)
	.cfi_signal_frame		/* our caller's pc is exact, not behind a call; and not in its x30: */
	.cfi_return_column 32		/* 32 is DWARF's number for the pc */
	.cfi_def_cfa sp, ASYNC_PC
	.cfi_offset 32, -ASYNC_PC
	.cfi_remember_state
	str	x30, [sp, #8]
	.cfi_offset x30, 8 - ASYNC_PC
	ldr	x30, [sp]		/* the pc */
	sub	sp, sp, #ASYNC_FRAME
	.cfi_def_cfa_offset CFA
	stp	x29, x30, [sp]		/* the G's FP: our record is {G's FP, pc} */
	.cfi_offset x29, -CFA
	.cfi_offset 32, 8 - CFA
	mov	x29, sp			/* FP: our record */
	.cfi_def_cfa_register x29
	keep	x0, x1, 16
	keep	x2, x3, 32
	keep	x4, x5, 48
	keep	x6, x7, 64
	keep	x8, x9, 80
	keep	x10, x11, 96
	keep	x12, x13, 112
	keep	x14, x15, 128
	keep	x16, x17, 144
	keep	x18, x19, 160
	keep	x20, x21, 176
	keep	x22, x23, 192
	keep	x24, x25, 208
	keep	x26, x27, 224
	mrs	x0, nzcv
	mrs	x1, fpcr
	mrs	x2, fpsr
	stp	x28, x0, [sp, #240]
	.cfi_offset x28, 240 - CFA
	stp	x1, x2, [sp, #256]
	stp	q0, q1, [sp, #272]
	stp	q2, q3, [sp, #304]
	stp	q4, q5, [sp, #336]
	stp	q6, q7, [sp, #368]
	stp	q8, q9, [sp, #400]
	stp	q10, q11, [sp, #432]
	stp	q12, q13, [sp, #464]
	stp	q14, q15, [sp, #496]
	stp	q16, q17, [sp, #528]
	stp	q18, q19, [sp, #560]
	stp	q20, q21, [sp, #592]
	stp	q22, q23, [sp, #624]
	stp	q24, q25, [sp, #656]
	stp	q26, q27, [sp, #688]
	stp	q28, q29, [sp, #720]
	stp	q30, q31, [sp, #752]
	msr	fpcr, xzr		/* the modes that a thread begins with: this G's are not for others */

	bl	asyncPreempt2		/* perhaps on another M from here on */

	ldp	q30, q31, [sp, #752]
	ldp	q28, q29, [sp, #720]
	ldp	q26, q27, [sp, #688]
	ldp	q24, q25, [sp, #656]
	ldp	q22, q23, [sp, #624]
	ldp	q20, q21, [sp, #592]
	ldp	q18, q19, [sp, #560]
	ldp	q16, q17, [sp, #528]
	ldp	q14, q15, [sp, #496]
	ldp	q12, q13, [sp, #464]
	ldp	q10, q11, [sp, #432]
	ldp	q8, q9, [sp, #400]
	ldp	q6, q7, [sp, #368]
	ldp	q4, q5, [sp, #336]
	ldp	q2, q3, [sp, #304]
	ldp	q0, q1, [sp, #272]
	ldp	x1, x2, [sp, #256]
	ldp	x28, x0, [sp, #240]
	msr	fpsr, x2
	msr	fpcr, x1
	msr	nzcv, x0
	ldp	x26, x27, [sp, #224]
	ldp	x24, x25, [sp, #208]
	ldp	x22, x23, [sp, #192]
	ldp	x20, x21, [sp, #176]
	ldp	x18, x19, [sp, #160]
	ldp	x16, x17, [sp, #144]
	ldp	x14, x15, [sp, #128]
	ldp	x12, x13, [sp, #112]
	ldp	x10, x11, [sp, #96]
	ldp	x8, x9, [sp, #80]
	ldp	x6, x7, [sp, #64]
	ldp	x4, x5, [sp, #48]
	ldp	x2, x3, [sp, #32]
	ldp	x0, x1, [sp, #16]
	ldr	x30, [sp, #ASYNC_FRAME + 8]
	ldp	x29, x18, [sp]		/* x18: the pc */
	.cfi_def_cfa sp, CFA
	add	sp, sp, #CFA
	.cfi_restore_state
	.cfi_def_cfa_offset 0
	.cfi_register 32, x18
	br	x18
END(asyncPreempt)
