/* SPDX-License-Identifier: MIT */
/*
 * void goexit_stub(void): where a G's function returns to. Ends the G.
 * Clobbers: everything; never returns.
 */
#include "asm.h"

FUNC(goexit_stub)
	.cfi_undefined x30		/* the root of a G: nobody called */
	nop				/* G functions return to the next line, so that pc - 1 is goexit_stub too */
	bl	goexit1			/* FP is 0 again, SP the top of the stack */
	brk	#1
END(goexit_stub)
