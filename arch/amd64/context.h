/* SPDX-License-Identifier: MIT */
/* amd64: the registers of what a signal has interrupted. Needs _GNU_SOURCE and <ucontext.h>. */
#ifndef ARCH_CONTEXT_H
#define ARCH_CONTEXT_H

static inline uintptr_t context_pc(const ucontext_t *uc)
{
	return (uintptr_t)uc->uc_mcontext.gregs[REG_RIP];
}

static inline uintptr_t context_sp(const ucontext_t *uc)
{
	return (uintptr_t)uc->uc_mcontext.gregs[REG_RSP];
}

static inline uintptr_t context_fp(const ucontext_t *uc)
{
	return (uintptr_t)uc->uc_mcontext.gregs[REG_RBP];
}

#endif
