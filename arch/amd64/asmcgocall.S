/* SPDX-License-Identifier: MIT */
/*
 * int32_t asmcgocall(int32_t (*fn)(void *), void *arg)
 *
 * Call fn(arg), which is C that knows nothing of Gs, on the M's g0 and come back, as systemstack does. gp->sched says where the
 * G's stack is free: a callback out of fn (asmcgocallback) goes on below our record. BP is kept, so that the chain of the C
 * functions leads to the G that called them: sound, since the G is this M's all the time.
 * Clobbers: the caller-saved registers.
 */
#include "asm.h"
#include "offsets.h"

FUNC(asmcgocall)
	push	%rbp			/* the caller's BP: our record is {caller's BP, caller's PC} */
	.cfi_def_cfa_offset 16
	.cfi_offset %rbp, -16
	mov	%rsp, %rbp		/* BP: our record, on the G's stack */
	.cfi_def_cfa_register %rbp

	mov	%rdi, %rcx		/* fn */
	mov	%rsi, %rdi		/* arg, fn's argument */
	mov	TLS_G, %rax		/* gp, the G that calls */
	mov	G_M(%rax), %rdx		/* its M */
	mov	M_G0(%rdx), %rdx	/* that M's g0 */

	lea	1f(%rip), %rsi		/* here, where our record is complete */
	mov	%rsi, G_SCHED_PC(%rax)	/* for whoever asks where gp is meanwhile; nobody resumes it there */
	mov	%rsp, G_SCHED_SP(%rax)	/* a callback begins below our record */
	mov	%rbp, G_SCHED_BP(%rax)

1:	mov	%rdx, TLS_G		/* g = g0 */
	mov	G_SCHED_SP(%rdx), %rsp	/* SP: g0's stack, below what is on it. BP: still our record, on gp's stack, which stays ours */
	call	*%rcx			/* C pushes BP: a link from g0 to gp's stack, and a sound one */
	mov	TLS_G, %rdx		/* g0 */
	mov	G_M(%rdx), %rdx		/* the same M as before */
	mov	M_CURG(%rdx), %rdx	/* gp, which it has had all the time */
	mov	%rdx, TLS_G		/* g = gp */
	mov	%rbp, %rsp		/* SP: our record */
	pop	%rbp			/* the caller's BP; fn's result still in eax */
	.cfi_def_cfa %rsp, 8
	.cfi_restore %rbp
	ret
END(asmcgocall)
