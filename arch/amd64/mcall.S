/* SPDX-License-Identifier: MIT */
/*
 * void mcall(void (*fn)(struct G *gp))
 *
 * What C calls: keeps what a C caller expects to survive a call on the G's own stack, where Go's compiler would
 * have spilled it before, and calls the policy. Like Go's epilogues, and unlike `leave`, its own does not depend on BP,
 * so it returns rightly even where the policy (cycle) brings back a wrong one.
 * Clobbers: the caller-saved registers.
 */
#include "asm.h"

FUNC(mcall)
	push	%rbp			/* the caller's BP */
	.cfi_def_cfa_offset 16
	.cfi_offset %rbp, -16
	mov	%rsp, %rbp		/* BP: our record */
	push	%rbx			/* the caller's callee-saved registers, rbx to r15 */
	.cfi_def_cfa_offset 24
	.cfi_offset %rbx, -24
	push	%r12
	.cfi_def_cfa_offset 32
	.cfi_offset %r12, -32
	push	%r13
	.cfi_def_cfa_offset 40
	.cfi_offset %r13, -40
	push	%r14
	.cfi_def_cfa_offset 48
	.cfi_offset %r14, -48
	push	%r15
	.cfi_def_cfa_offset 56
	.cfi_offset %r15, -56
	sub	$8, %rsp		/* SP: a multiple of 16 at the calls */
	.cfi_def_cfa_offset 64

	call	*mcall_policy(%rip)	/* fn still in rdi. gogo comes back to the next line, perhaps on another M */
	call	gresumed		/* on the G's stack again */

	add	$8, %rsp
	.cfi_def_cfa_offset 56
	pop	%r15
	.cfi_def_cfa_offset 48
	.cfi_restore %r15
	pop	%r14
	.cfi_def_cfa_offset 40
	.cfi_restore %r14
	pop	%r13
	.cfi_def_cfa_offset 32
	.cfi_restore %r13
	pop	%r12
	.cfi_def_cfa_offset 24
	.cfi_restore %r12
	pop	%rbx
	.cfi_def_cfa_offset 16
	.cfi_restore %rbx
	pop	%rbp			/* the caller's BP, from its own word */
	.cfi_def_cfa_offset 8
	.cfi_restore %rbp
	pop	%rcx			/* the caller's PC: for unwinders we have returned there */
	.cfi_def_cfa_offset 0
	.cfi_register %rip, %rcx
	jmp	*%rcx			/* jumps, for what the return predictor knows is the scheduler's calls, not ours */
END(mcall)
