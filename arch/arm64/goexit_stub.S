/* SPDX-License-Identifier: MIT */
/*
 * void goexit_stub(void): calls a G's function, in x3, which so returns to here, and ends the G. From gostart alone.
 * Clobbers: everything; never returns.
 */
#include "asm.h"

FUNC(goexit_stub)
	.cfi_undefined x30		/* the root of a G: nobody called */
	blr	x3			/* its prologue stores FP, 0: every chain of this G ends there */
	bl	goexit1			/* FP is 0 again, SP the top of the stack */
	brk	#1
END(goexit_stub)
