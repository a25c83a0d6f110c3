/* SPDX-License-Identifier: MIT */
/* amd64: how a routine is written down. */
#ifndef ARCH_ASM_H
#define ARCH_ASM_H

/* clang-format off */
#define FUNC(name) .text; .p2align 4; .globl name; .type name, @function; name: .cfi_startproc
#define END(name) .cfi_endproc; .size name, . - name; .section .note.GNU-stack, "", @progbits
/* clang-format on */

/* The current G, in thread-local storage (getg.h). */
#define TLS_G %fs:tls_g@tpoff

#endif
