/* SPDX-License-Identifier: MIT */
/*
 * int hog(void)
 *
 * rax to r15 but rsp, then ymm0 to ymm15, or xmm0 to xmm15 where there is no AVX.
 */
#include "asm.h"

.macro each_gpr what
	\what	%rax, 0
	\what	%rbx, 1
	\what	%rcx, 2
	\what	%rdx, 3
	\what	%rsi, 4
	\what	%rdi, 5
	\what	%rbp, 6
	\what	%r8,  7
	\what	%r9,  8
	\what	%r10, 9
	\what	%r11, 10
	\what	%r12, 11
	\what	%r13, 12
	\what	%r14, 13
	\what	%r15, 14
.endm
.macro fill register, n
	mov	hog_in+8*\n(%rip), \register
.endm
.macro copy register, n
	mov	\register, hog_out+8*\n(%rip)
.endm

FUNC(hog)
	push	%rbp
	push	%rbx
	push	%r12
	push	%r13
	push	%r14
	push	%r15
	.cfi_def_cfa_offset 56
	fldpi
	ldmxcsr	6f(%rip)
	testl	$4, async_state(%rip)
	jz	1f
.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	vmovdqu	hog_in+120+32*\n(%rip), %ymm\n
.endr
	jmp	2f
1:
.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	movdqu	hog_in+120+16*\n(%rip), %xmm\n
.endr
2:	each_gpr fill
	std

3:	stc
	pause
	jc	4f
	incl	hog_lost(%rip)
4:	clc
	pause
	jnc	5f
	incl	hog_lost(%rip)
5:	cmpl	$0, hog_stop(%rip)
	je	3b

	each_gpr copy
	pushfq
	cld
	pop	%rdx
	test	$0x400, %edx		/* DF */
	jnz	1f
	incl	hog_lost(%rip)
1:	fldpi
	fcomip	%st(1), %st
	je	1f
	incl	hog_lost(%rip)
1:	fstp	%st(0)
	stmxcsr	-8(%rsp)
	mov	-8(%rsp), %edx
	cmp	6f(%rip), %edx
	je	1f
	incl	hog_lost(%rip)
1:	ldmxcsr	7f(%rip)
	mov	$15+2*16, %eax
	testl	$4, async_state(%rip)
	jz	1f
	mov	$15+4*16, %eax
.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	vmovdqu	%ymm\n, hog_out+120+32*\n(%rip)
.endr
	vzeroupper
	jmp	2f
1:
.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	movdqu	%xmm\n, hog_out+120+16*\n(%rip)
.endr
2:	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%rbx
	pop	%rbp
	.cfi_def_cfa_offset 8
	ret
	.p2align 2
6:	.long	0x7f80			/* MXCSR: round to zero */
7:	.long	0x1f80
END(hog)

	.comm	hog_in, 96*8, 16
	.comm	hog_out, 96*8, 16
	.comm	hog_stop, 4, 4
	.comm	hog_lost, 4, 4
