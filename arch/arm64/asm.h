/* SPDX-License-Identifier: MIT */
/* arm64: how a routine is written down. */
#ifndef ARCH_ASM_H
#define ARCH_ASM_H

/* clang-format off */
#define FUNC(name) .text; .p2align 4; .globl name; .type name, %function; name: .cfi_startproc
#define END(name) .cfi_endproc; .size name, . - name; .section .note.GNU-stack, "", %progbits
/* clang-format on */

/* The current G, in thread-local storage (getg.h): first the base, then load or store. */
#define TLS_BASE(base) mrs base, tpidr_el0; add base, base, #:tprel_hi12:tls_g, lsl #12
#define TLS_G(base) [base, #:tprel_lo12_nc:tls_g]

#endif
