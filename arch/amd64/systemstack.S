/* SPDX-License-Identifier: MIT */
/*
 * void systemstack(void (*fn)(void *), void *arg)
 *
 * Call fn(arg) on the M's g0 and come back. BP is kept on purpose: the record that fn opens on g0 leads to ours on the G's
 * stack, and that stays true, since the G is still this M's (curg) and we return to it. Compare mcall_keep, which does the
 * same and goes away. Our CFA comes from BP, so it holds on either stack.
 * On g0 already: as if the caller had called fn itself, without a trace of us.
 * Clobbers: the caller-saved registers.
 */
#include "asm.h"
#include "offsets.h"

FUNC(systemstack)
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
	cmp	%rax, %rdx		/* already on g0? */
	je	1f

	mov	8(%rbp), %rsi		/* caller's PC */
	mov	%rsi, G_SCHED_PC(%rax)	/* for whoever asks where gp is meanwhile; nobody resumes it there */
	lea	16(%rbp), %rsi		/* caller's SP, as it is once we have returned */
	mov	%rsi, G_SCHED_SP(%rax)
	mov	(%rbp), %rsi		/* caller's BP, out of our record */
	mov	%rsi, G_SCHED_BP(%rax)

	mov	%rdx, TLS_G		/* g = g0 */
	mov	G_SCHED_SP(%rdx), %rsp	/* SP: the top of g0's stack. BP: still our record, on gp's stack, which stays ours */
	call	*%rcx			/* fn pushes BP: a link from g0 to gp's stack, and a sound one */
	mov	TLS_G, %rax		/* g0 */
	mov	G_M(%rax), %rax		/* the same M as before */
	mov	M_CURG(%rax), %rax	/* gp, which it has had all the time */
	mov	%rax, TLS_G		/* g = gp */
	mov	%rbp, %rsp		/* SP: our record */
	.cfi_remember_state
	pop	%rbp			/* the caller's BP */
	.cfi_def_cfa %rsp, 8
	.cfi_restore %rbp
	ret
	.cfi_restore_state
1:	pop	%rbp			/* the caller's BP */
	.cfi_def_cfa %rsp, 8
	.cfi_restore %rbp
	jmp	*%rcx
END(systemstack)
