/* SPDX-License-Identifier: MIT */
/*
 * void mcall_g0bp(void (*fn)(struct G *gp))
 *
 * Leave the calling G for its M's g0 and call fn(gp) there, with BP loaded from g0.sched.bp: whatever the last one
 * who saved g0's state had there, never the caller's. Go up to 1.24 on arm64; on amd64 a counterfactual.
 * Clobbers: everything. The callee-saved registers are mcall's to keep.
 */
#include "asm.h"
#include "offsets.h"

FUNC(mcall_g0bp)
	push	%rbp			/* the caller's BP: our record is {caller's BP, caller's PC} */
	.cfi_def_cfa_offset 16
	.cfi_offset %rbp, -16
	mov	%rsp, %rbp		/* BP: our record, on the G's stack */
	.cfi_def_cfa_register %rbp

	mov	TLS_G, %rax		/* gp, the G that calls */
	mov	G_M(%rax), %rdx		/* its M */
	mov	M_G0(%rdx), %rdx	/* that M's g0 */
	cmp	%rax, %rdx		/* already on g0? */
	je	1f

	mov	8(%rbp), %rcx		/* caller's PC */
	mov	%rcx, G_SCHED_PC(%rax)	/* gp goes on there */
	lea	16(%rbp), %rcx		/* caller's SP, as it is once we have returned */
	mov	%rcx, G_SCHED_SP(%rax)
	mov	(%rbp), %rcx		/* caller's BP, out of our record */
	mov	%rcx, G_SCHED_BP(%rax)

	mov	%rdx, TLS_G		/* g = g0 */
	mov	G_SCHED_SP(%rdx), %rsp	/* SP: the top of g0's stack. From here on gp's stack is not ours to write */
	mov	G_SCHED_BP(%rdx), %rbp	/* BP: g0's, from whenever that was saved (0 on an M that nobody saved it on) */
	.cfi_remember_state
	.cfi_def_cfa %rsp, 0
	.cfi_undefined %rip		/* nobody on g0 called us */

	mov	%rdi, %rcx		/* fn */
	mov	%rax, %rdi		/* gp, fn's argument */
	call	*%rcx			/* fn pushes BP: that word leads wherever g0.sched.bp did */
	call	badmcall2		/* fn returned */
	ud2
	.cfi_restore_state
1:	and	$-16, %rsp		/* as C wants it; G0_CALL does not care */
	call	badmcall		/* called on g0 */
	ud2
END(mcall_g0bp)
