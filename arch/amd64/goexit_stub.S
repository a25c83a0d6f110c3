/* SPDX-License-Identifier: MIT */
/*
 * void goexit_stub(void): where a G's function returns to. Ends the G.
 * Clobbers: everything; never returns.
 */
#include "asm.h"

FUNC(goexit_stub)
	.cfi_def_cfa %rsp, 0
	.cfi_undefined %rip		/* the root of a G: nobody called */
	nop				/* G functions return to the next line, so that pc - 1 is goexit_stub too */
	call	goexit1			/* BP is 0 again, SP the top of the stack */
	ud2
END(goexit_stub)
