/* SPDX-License-Identifier: MIT */
/* runtime_etext: where the runtime's code ends; never called. The Makefile has it last in libg0.a, as text.S is first. */
#include "asm.h"

FUNC(runtime_etext)
	.cfi_undefined %rip
	ud2
END(runtime_etext)
