/* SPDX-License-Identifier: MIT */
/*
 * int sentinels_survive(void (*call)(void (*fn)(struct G *)), void (*fn)(struct G *), uintptr_t seed)
 *
 * Register k of rbx, r12 … r15 gets seed * 16 + k; BP is checked by its own value.
 */
#include "asm.h"

FUNC(sentinels_survive)
	push	%rbp
	.cfi_def_cfa_offset 16
	.cfi_offset %rbp, -16
	mov	%rsp, %rbp
	.cfi_def_cfa_register %rbp
	push	%rbx
	push	%r12
	push	%r13
	push	%r14
	push	%r15
	shl	$4, %rdx
	push	%rdx			/* seed * 16, for afterwards; SP is a multiple of 16 now */

	lea	1(%rdx), %rbx
	lea	2(%rdx), %r12
	lea	3(%rdx), %r13
	lea	4(%rdx), %r14
	lea	5(%rdx), %r15
	mov	%rdi, %rax
	mov	%rsi, %rdi
	call	*%rax

	xor	%eax, %eax		/* how many differ */
	pop	%rdx
	lea	40(%rsp), %rcx
	cmp	%rcx, %rbp
	setne	%cl
	movzbl	%cl, %ecx
	add	%ecx, %eax
.macro differs register, k
	lea	\k(%rdx), %rcx
	cmp	%rcx, \register
	setne	%cl
	movzbl	%cl, %ecx
	add	%ecx, %eax
.endm
	differs	%rbx, 1
	differs	%r12, 2
	differs	%r13, 3
	differs	%r14, 4
	differs	%r15, 5
	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%rbx
	pop	%rbp
	.cfi_def_cfa %rsp, 8
	ret
END(sentinels_survive)
