/* SPDX-License-Identifier: MIT */
/*
 * void asyncPreempt(void)
 *
 * Where a G finds itself that a signal has interrupted for good: as if it had called us, between any two of its
 * instructions. Keeps every register, flags and vectors too, on the G's stack, calls asyncPreempt2, which goes through mcall,
 * and returns with all of them as they were, on whichever M.
 * On entry: SP is ASYNC_REDZONE + 8 below what it was, and points at the pc that was interrupted.
 * Clobbers: nothing.
 */
#include "asm.h"
#include "async.h"

.macro keep register, cfa		/* cfa: where, from the SP that was */
	push	\register
	.cfi_offset \register, \cfa
.endm

FUNC(asyncPreempt)
	.cfi_signal_frame		/* our caller's pc is exact, not behind a call */
	.cfi_def_cfa %rsp, ASYNC_REDZONE + 8
	.cfi_offset %rip, -ASYNC_REDZONE - 8
	.cfi_remember_state
	push	%rbp			/* the G's BP: our record is {G's BP, pc} */
	.cfi_def_cfa_offset ASYNC_REDZONE + 16
	.cfi_offset %rbp, -ASYNC_REDZONE - 16
	mov	%rsp, %rbp		/* BP: our record */
	.cfi_def_cfa_register %rbp
	pushfq				/* the flags, before anything changes them */
	keep	%rax, -160
	keep	%rbx, -168
	keep	%rcx, -176
	keep	%rdx, -184
	keep	%rsi, -192
	keep	%rdi, -200
	keep	%r8,  -208
	keep	%r9,  -216
	keep	%r10, -224
	keep	%r11, -232
	keep	%r12, -240
	keep	%r13, -248
	keep	%r14, -256
	keep	%r15, -264
	cld				/* as C expects it */

	sub	$ASYNC_XSAVE, %rsp
	and	$-64, %rsp		/* SP: an area for vectors, as xsave wants it. xrstor wants its header clear */
	xor	%edx, %edx		/* the upper half of the mask: nothing */
	mov	%rdx, 512(%rsp)
	mov	%rdx, 520(%rsp)
	mov	%rdx, 528(%rsp)
	mov	%rdx, 536(%rsp)
	mov	%rdx, 544(%rsp)
	mov	%rdx, 552(%rsp)
	mov	%rdx, 560(%rsp)
	mov	%rdx, 568(%rsp)
	mov	async_state(%rip), %eax
	.globl	async_save, async_upper, async_restore
async_save:				/* these three are others on CPUs without xsave, or AVX: asyncinit */
	xsave64	(%rsp)
async_upper:
	vzeroupper			/* else SSE code would be slow on this M, where other Gs run next */
	fninit				/* the modes that a thread begins with: this G's are not for others */
	ldmxcsr	1f(%rip)

	call	asyncPreempt2		/* perhaps on another M from here on */

	xor	%edx, %edx
	mov	async_state(%rip), %eax
async_restore:
	xrstor64 (%rsp)
	lea	-15*8(%rbp), %rsp	/* SP: r15 */
	pop	%r15			/* the words stay below SP, where the CFI finds them until the end */
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%r11
	pop	%r10
	pop	%r9
	pop	%r8
	pop	%rdi
	pop	%rsi
	pop	%rdx
	pop	%rcx
	pop	%rbx
	pop	%rax
	popfq
	pop	%rbp
	.cfi_restore_state
	ret	$ASYNC_REDZONE		/* to the pc, with the SP that was */
	.p2align 2
1:	.long	0x1f80			/* MXCSR: all exceptions masked, round to nearest */
END(asyncPreempt)

	.bss
	.p2align 2
	.globl	async_state
	.type	async_state, @object
async_state:
	.zero	4
	.size	async_state, 4
