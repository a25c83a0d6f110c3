/* SPDX-License-Identifier: MIT */
/*
 * __x86_return_thunk: how functions return that are marked RESUMED (getg.h). The name is the compilers'.
 * Clobbers: rcx.
 */
#include "asm.h"

FUNC(__x86_return_thunk)
	pop	%rcx			/* the caller's PC */
	.cfi_def_cfa_offset 0
	.cfi_register %rip, %rcx
	jmp	*%rcx
END(__x86_return_thunk)
