/* SPDX-License-Identifier: MIT */
/*
 * void lose_scratch(void)
 *
 * rax, rcx, rdx, rsi, rdi and r8 … r11 come back with nothing in them that anybody had.
 */
#include "asm.h"

FUNC(lose_scratch)
.irp register, %rax, %rcx, %rdx, %rsi, %rdi, %r8, %r9, %r10, %r11
	mov	$0x5c5c, \register
.endr
	ret
END(lose_scratch)
