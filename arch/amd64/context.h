/* SPDX-License-Identifier: MIT */
/* amd64: the registers of what a signal has interrupted. Needs _GNU_SOURCE and <ucontext.h>. */
#ifndef ARCH_CONTEXT_H
#define ARCH_CONTEXT_H

/* For handlers that run whatever a sanitizer was about. */
#define CONTEXT static inline __attribute__((no_sanitize("address", "thread")))

CONTEXT uintptr_t context_pc(const ucontext_t *uc)
{
	return (uintptr_t)uc->uc_mcontext.gregs[REG_RIP];
}

CONTEXT uintptr_t context_sp(const ucontext_t *uc)
{
	return (uintptr_t)uc->uc_mcontext.gregs[REG_RSP];
}

CONTEXT uintptr_t context_fp(const ucontext_t *uc)
{
	return (uintptr_t)uc->uc_mcontext.gregs[REG_RBP];
}

#endif
