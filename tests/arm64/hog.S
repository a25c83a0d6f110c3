/* SPDX-License-Identifier: MIT */
/*
 * int hog(void)
 *
 * x0 to x16, x19 to x30, then q0 to q31. x17 the loop needs; x18 is reserved.
 */
#include "asm.h"

.macro each_pair what
	\what	x0, x1, 0
	\what	x2, x3, 16
	\what	x4, x5, 32
	\what	x6, x7, 48
	\what	x8, x9, 64
	\what	x10, x11, 80
	\what	x12, x13, 96
	\what	x14, x15, 112
	\what	x16, x19, 128
	\what	x20, x21, 144
	\what	x22, x23, 160
	\what	x24, x25, 176
	\what	x26, x27, 192
	\what	x28, x29, 208
.endm
.macro fill first, second, at
	ldp	\first, \second, [x17, #\at]
.endm
.macro copy first, second, at
	stp	\first, \second, [x17, #\at]
.endm
.macro lost unless
	b.\unless 1f
	adrp	x17, hog_lost
	ldr	w18, [x17, #:lo12:hog_lost]
	add	w18, w18, #1
	str	w18, [x17, #:lo12:hog_lost]
1:
.endm

FUNC(hog)
	stp	x29, x30, [sp, #-160]!
	.cfi_def_cfa_offset 160
	.cfi_offset x29, -160
	.cfi_offset x30, -152
	stp	x19, x20, [sp, #16]
	stp	x21, x22, [sp, #32]
	stp	x23, x24, [sp, #48]
	stp	x25, x26, [sp, #64]
	stp	x27, x28, [sp, #80]
	stp	d8, d9, [sp, #96]
	stp	d10, d11, [sp, #112]
	stp	d12, d13, [sp, #128]
	stp	d14, d15, [sp, #144]
	mov	x0, #0xc00000		/* round to zero */
	msr	fpcr, x0
	mov	x0, #0x1f		/* all exceptions have been */
	msr	fpsr, x0
	adrp	x17, hog_in
	add	x17, x17, #:lo12:hog_in
	each_pair fill
	ldr	x30, [x17, #224]
	add	x17, x17, #232
.irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	ldr	q\n, [x17, #16*\n]
.endr

3:	cmp	xzr, xzr		/* Z */
	yield
	lost	eq
	cmp	sp, #0			/* no Z */
	yield
	lost	ne
	adrp	x17, hog_stop
	ldr	w17, [x17, #:lo12:hog_stop]
	cbz	w17, 3b

	adrp	x17, hog_out
	add	x17, x17, #:lo12:hog_out
	each_pair copy
	str	x30, [x17, #224]
	add	x17, x17, #232
.irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	str	q\n, [x17, #16*\n]
.endr
	mrs	x0, fpcr
	msr	fpcr, xzr
	mov	x1, #0xc00000
	cmp	x0, x1
	lost	eq
	mrs	x0, fpsr
	and	x0, x0, #0x1f
	cmp	x0, #0x1f
	lost	eq
	mov	w0, #29+64
	ldp	x19, x20, [sp, #16]
	ldp	x21, x22, [sp, #32]
	ldp	x23, x24, [sp, #48]
	ldp	x25, x26, [sp, #64]
	ldp	x27, x28, [sp, #80]
	ldp	d8, d9, [sp, #96]
	ldp	d10, d11, [sp, #112]
	ldp	d12, d13, [sp, #128]
	ldp	d14, d15, [sp, #144]
	ldp	x29, x30, [sp], #160
	.cfi_def_cfa_offset 0
	ret
END(hog)

	.comm	hog_in, 96*8, 16
	.comm	hog_out, 96*8, 16
	.comm	hog_stop, 4, 4
	.comm	hog_lost, 4, 4
