/* SPDX-License-Identifier: MIT */
/*
 * void gostart(void): where a new G begins. Calls gp->startfn(gp->startarg) so that it returns to goexit_stub.
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
	adrp	x30, goexit_stub+4	/* where that returns to; after goexit_stub's nop, for the same reason */
	add	x30, x30, #:lo12:goexit_stub+4
	.cfi_same_value x30
	br	x3			/* its prologue stores FP, 0: every chain of this G ends there */
END(gostart)
