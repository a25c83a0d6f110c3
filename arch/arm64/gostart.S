/* SPDX-License-Identifier: MIT */
/*
 * void gostart(void): where a new G begins. Has goexit_stub call gp->startfn(gp->startarg).
 * Reached by gogo alone, with FP 0 and SP a multiple of 16 at the top of the G's stack.
 * Clobbers: everything.
 */
#include "asm.h"
#include "offsets.h"

FUNC(gostart)
	.cfi_undefined x30		/* the root of a G: nobody called */
	nop				/* a new G's pc is after this, so that pc - 1 is gostart too */
	TLS_BASE(x9)
	ldr	x1, TLS_G(x9)		/* gp, the new G */
	ldr	x0, [x1, #G_STARTARG]	/* its function's argument */
	ldr	x3, [x1, #G_STARTFN]	/* its function */
	b	goexit_stub		/* which calls it */
END(gostart)
