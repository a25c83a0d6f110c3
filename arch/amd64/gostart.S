/* SPDX-License-Identifier: MIT */
/*
 * void gostart(void): where a new G begins. Calls gp->startfn(gp->startarg) so that it returns to goexit_stub.
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
	lea	goexit_stub+1(%rip), %rdx /* where that returns to; after goexit_stub's nop, for the same reason */
	push	%rdx
	.cfi_def_cfa_offset 8
	.cfi_offset %rip, -8
	jmp	*%rcx			/* its prologue pushes BP, 0: every chain of this G ends there */
END(gostart)
