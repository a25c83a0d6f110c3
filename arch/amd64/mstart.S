/* SPDX-License-Identifier: MIT */
/*
 * void mstart(struct G *g0)
 *
 * The entry of an M: leave the thread's own stack for g0's (from g0->sched.sp down), call mstart1 there, and give the
 * thread its stack and registers back when that returns or mexit resumes g0->sched.
 * Clobbers: the caller-saved registers. BP among the others must be right again: C epilogues use `leave`.
 */
#include "asm.h"
#include "offsets.h"

FUNC(mstart)
	push	%rbp			/* the thread's BP */
	.cfi_def_cfa_offset 16
	.cfi_offset %rbp, -16
	mov	%rsp, %rbp		/* BP: our record, on the thread's stack */
	.cfi_def_cfa_register %rbp
	push	%rbx			/* the thread's callee-saved registers, rbx to r15 */
	.cfi_offset %rbx, -24
	push	%r12
	.cfi_offset %r12, -32
	push	%r13
	.cfi_offset %r13, -40
	push	%r14
	.cfi_offset %r14, -48
	push	%r15
	.cfi_offset %r15, -56

	mov	%rdi, TLS_G		/* g = g0 */
	mov	G_SCHED_SP(%rdi), %rdx	/* the top of g0's stack */
	sub	$16, %rdx		/* a word there for the thread's SP, and one to keep SP a multiple of 16 */
	mov	%rsp, (%rdx)		/* the thread's SP */
	mov	%rdx, G_SCHED_SP(%rdi)	/* where mcall puts SP from now on */
	lea	1f(%rip), %rcx
	mov	%rcx, G_SCHED_PC(%rdi)	/* where mexit goes on */
	movq	$0, G_SCHED_BP(%rdi)	/* 0: nobody has used g0 yet */

	mov	%rdx, %rsp		/* SP: g0's stack */
	mov	$0, %ebp		/* BP: 0, the end of every chain of this M */
	.cfi_remember_state
	.cfi_def_cfa %rsp, 0
	.cfi_undefined %rip		/* the root of an M: nobody on g0 called */
	call	mstart1
1:	mov	(%rsp), %rsp		/* SP: the thread's stack again */
	lea	40(%rsp), %rbp		/* BP: our record, five words up */
	.cfi_restore_state

	pop	%r15			/* the thread's callee-saved registers, r15 to rbx */
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%rbx
	pop	%rbp			/* the thread's BP */
	.cfi_def_cfa %rsp, 8
	.cfi_restore %rbp
	ret
END(mstart)
