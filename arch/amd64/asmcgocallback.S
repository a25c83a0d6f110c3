/* SPDX-License-Identifier: MIT */
/*
 * void asmcgocallback(void (*fn)(void *), void *arg)
 *
 * From C on the M's g0: call fn(arg) on the stack of the M's curg, from where gp->sched.sp says, and come back. Meanwhile mcall and
 * systemstack begin below us: the C functions above are still at work. g0.sched.bp is not ours to change.
 * BP is kept: the chain goes from the G's stack on into the C functions that called it. Sound, since the G is locked to this M.
 * Clobbers: the caller-saved registers.
 */
#include "asm.h"
#include "offsets.h"

FUNC(asmcgocallback)
	push	%rbp			/* the caller's BP: our record is {caller's BP, caller's PC} */
	.cfi_def_cfa_offset 16
	.cfi_offset %rbp, -16
	mov	%rsp, %rbp		/* BP: our record, on g0's stack */
	.cfi_def_cfa_register %rbp

	mov	%rdi, %rcx		/* fn */
	mov	%rsi, %rdi		/* arg, fn's argument */
	mov	TLS_G, %rax		/* g0 */
	mov	G_M(%rax), %rdx		/* its M */
	mov	M_CURG(%rdx), %rdx	/* gp, the G that C is called for */

	push	G_SCHED_SP(%rax)	/* where mcall put SP before us, to be put back */
	sub	$8, %rsp		/* SP: a multiple of 16 again */
	mov	%rsp, G_SCHED_SP(%rax)	/* where mcall puts SP from now on */

	mov	%rdx, TLS_G		/* g = gp */
	mov	G_SCHED_SP(%rdx), %rsp	/* SP: gp's stack. BP: still our record, on g0's */
	call	*%rcx			/* fn pushes BP: a link from gp's stack to g0's */
	mov	TLS_G, %rax		/* gp */
	mov	G_M(%rax), %rax		/* the same M as before */
	mov	M_G0(%rax), %rax	/* its g0 */
	mov	%rax, TLS_G		/* g = g0 */
	mov	-8(%rbp), %rcx
	mov	%rcx, G_SCHED_SP(%rax)	/* where mcall put SP before us */
	mov	%rbp, %rsp		/* SP: our record */
	pop	%rbp			/* the caller's BP */
	.cfi_def_cfa %rsp, 8
	.cfi_restore %rbp
	ret
END(asmcgocallback)
