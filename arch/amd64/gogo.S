/* SPDX-License-Identifier: MIT */
/*
 * void gogo(struct gobuf *buf)
 *
 * Go on where buf says, on the stack that buf says.
 * Clobbers: everything; never returns.
 */
#include "asm.h"
#include "offsets.h"

FUNC(gogo)
	push	%rbp			/* execute's BP: a record, so that a chain holds until BP itself is loaded */
	.cfi_def_cfa_offset 16
	.cfi_offset %rbp, -16
	mov	%rsp, %rbp		/* BP: our record, on g0's stack */
	.cfi_def_cfa_register %rbp

	mov	GOBUF_G(%rdi), %rdx	/* gp, the G that goes on */
	mov	GOBUF_PC(%rdi), %rcx	/* where it goes on */
	mov	%rdx, TLS_G		/* g = gp */
	mov	GOBUF_SP(%rdi), %rsp	/* SP: gp's stack; BP for one instruction still g0's, as in Go */
	mov	GOBUF_BP(%rdi), %rbp	/* BP: gp's */
	.cfi_def_cfa %rsp, 0
	.cfi_register %rip, %rcx	/* for unwinders we have returned to gp's pc */
	.cfi_same_value %rbp
	jmp	*%rcx			/* jumps, where ret would mislead the return predictor */
END(gogo)
