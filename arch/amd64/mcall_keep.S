/* SPDX-License-Identifier: MIT */
/*
 * void mcall_keep(void (*fn)(struct G *gp))
 *
 * Leave the calling G for its M's g0 and call fn(gp) there, with BP left as it was: it still points at
 * this routine's record on the G's stack. Go 1.21 to 1.24 on amd64; the bug this project is about.
 * Clobbers: everything but BP. The callee-saved registers are mcall's to keep.
 */
#include "asm.h"
#include "offsets.h"

FUNC(mcall_keep)
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
	nop				/* BP: left as it was, into gp's stack (a nop, so that all policies count the same steps) */
	.cfi_remember_state
	.cfi_def_cfa %rsp, 0
	.cfi_undefined %rip		/* nobody on g0 called us */

	mov	%rdi, %rcx		/* fn */
	mov	%rax, %rdi		/* gp, fn's argument */
	call	*%rcx			/* fn pushes BP: that word links g0's stack to gp's */
	call	badmcall2		/* fn returned */
	ud2
	.cfi_restore_state
1:	and	$-16, %rsp		/* as C wants it; G0_CALL does not care */
	call	badmcall		/* called on g0 */
	ud2
END(mcall_keep)
