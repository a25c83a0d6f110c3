/* SPDX-License-Identifier: MIT */
/*
 * void goexit_stub(void): calls a G's function, in rcx, which so returns to here, and ends the G. From gostart alone.
 * Clobbers: everything; never returns.
 */
#include "asm.h"

FUNC(goexit_stub)
	.cfi_def_cfa %rsp, 0
	.cfi_undefined %rip		/* the root of a G: nobody called */
	call	*%rcx			/* its prologue pushes BP, 0: every chain of this G ends there */
	call	goexit1			/* BP is 0 again, SP the top of the stack */
	ud2
END(goexit_stub)
