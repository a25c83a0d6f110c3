/* SPDX-License-Identifier: MIT */
/*
 * void gostart(void): where a new G begins. Has goexit_stub call gp->startfn(gp->startarg).
 * Reached by gogo alone, with BP 0 and SP a multiple of 16 at the top of the G's stack.
 * Clobbers: everything.
 */
#include "asm.h"
#include "offsets.h"

FUNC(gostart)
	.cfi_def_cfa %rsp, 0
	.cfi_undefined %rip		/* the root of a G: nobody called */
	nop				/* a new G's pc is after this, so that pc - 1 is gostart too */
	mov	TLS_G, %rax		/* gp, the new G */
	mov	G_STARTARG(%rax), %rdi	/* its function's argument */
	mov	G_STARTFN(%rax), %rcx	/* its function */
	jmp	goexit_stub		/* which calls it */
END(gostart)
