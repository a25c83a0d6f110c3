/* SPDX-License-Identifier: MIT */
/*
 * runtime_text: where the runtime's code begins; never called. The Makefile makes libg0.a of one object, with this first
 * in its .text. A linker places the .text of files in the order in which they are named, so from _start up to here there
 * is the program's own code and no other: whoever links names the program, then libg0.a, then other libraries.
 */
#include "asm.h"

FUNC(runtime_text)
	.cfi_undefined %rip
	ud2
END(runtime_text)
