/* SPDX-License-Identifier: MIT */
/*
 * int sentinels_survive(void (*call)(void (*fn)(struct G *)), void (*fn)(struct G *), uintptr_t seed)
 *
 * Register k of x19 … x28, d8 … d15 gets seed * 32 + k; FP is checked by its own value.
 */
#include "asm.h"

.macro fill register, k
	add	\register, x2, #\k
.endm
.macro fill_d register, k
	add	x9, x2, #\k
	fmov	\register, x9
.endm
.macro differs register, k
	add	x10, x2, #\k
	cmp	\register, x10
	cinc	w0, w0, ne
.endm
.macro differs_d register, k
	fmov	x9, \register
	differs	x9, \k
.endm

FUNC(sentinels_survive)
	stp	x29, x30, [sp, #-176]!
	.cfi_def_cfa_offset 176
	.cfi_offset x29, -176
	.cfi_offset x30, -168
	mov	x29, sp
	stp	x19, x20, [sp, #16]
	stp	x21, x22, [sp, #32]
	stp	x23, x24, [sp, #48]
	stp	x25, x26, [sp, #64]
	stp	x27, x28, [sp, #80]
	stp	d8, d9, [sp, #96]
	stp	d10, d11, [sp, #112]
	stp	d12, d13, [sp, #128]
	stp	d14, d15, [sp, #144]
	lsl	x2, x2, #5
	str	x2, [sp, #160]		/* seed * 32, for afterwards */

	fill	x19, 1
	fill	x20, 2
	fill	x21, 3
	fill	x22, 4
	fill	x23, 5
	fill	x24, 6
	fill	x25, 7
	fill	x26, 8
	fill	x27, 9
	fill	x28, 10
	fill_d	d8, 11
	fill_d	d9, 12
	fill_d	d10, 13
	fill_d	d11, 14
	fill_d	d12, 15
	fill_d	d13, 16
	fill_d	d14, 17
	fill_d	d15, 18
	mov	x3, x0
	mov	x0, x1
	blr	x3

	mov	w0, #0			/* how many differ */
	ldr	x2, [sp, #160]
	mov	x9, sp
	cmp	x29, x9
	cinc	w0, w0, ne
	differs	x19, 1
	differs	x20, 2
	differs	x21, 3
	differs	x22, 4
	differs	x23, 5
	differs	x24, 6
	differs	x25, 7
	differs	x26, 8
	differs	x27, 9
	differs	x28, 10
	differs_d d8, 11
	differs_d d9, 12
	differs_d d10, 13
	differs_d d11, 14
	differs_d d12, 15
	differs_d d13, 16
	differs_d d14, 17
	differs_d d15, 18
	ldp	x19, x20, [sp, #16]
	ldp	x21, x22, [sp, #32]
	ldp	x23, x24, [sp, #48]
	ldp	x25, x26, [sp, #64]
	ldp	x27, x28, [sp, #80]
	ldp	d8, d9, [sp, #96]
	ldp	d10, d11, [sp, #112]
	ldp	d12, d13, [sp, #128]
	ldp	d14, d15, [sp, #144]
	ldp	x29, x30, [sp], #176
	.cfi_def_cfa sp, 0
	ret
END(sentinels_survive)
