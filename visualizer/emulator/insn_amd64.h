/* SPDX-License-Identifier: MIT */
/* What must be known of an instruction that the engine has executed, or has not: of amd64. */
#ifndef EMULATOR_INSN_AMD64_H
#define EMULATOR_INSN_AMD64_H

#include "guest.h"

/* A string instruction with a REP prefix. */
bool insn_repeats(struct guest *g, uint64_t pc);
/* int N, by which programs come to a kernel's gates. */
bool insn_is_int(struct guest *g, uint64_t pc);
/* mov to a segment register, a far call, jump or return: on a real CPU that is no fault. */
bool insn_loads_segment(struct guest *g, uint64_t pc);
/* A far return, or iret, of numbers of fewer than 64 bits: how many bytes it takes; 0: none. */
uint64_t insn_narrow_return(struct guest *g, uint64_t pc);
/* Whether what it touches in memory is found by SP or BP: another fault, where that cannot be. */
bool insn_is_by_stack(struct guest *g, uint64_t pc);
/*
 * What it is that the engine does not know: a breakpoint of debuggers in a chip, which ends at
 * *behind; what only a kernel may execute; what any CPU has, or a newer one, or none.
 */
enum insn_unknown { INSN_BREAKPOINT, INSN_OF_KERNEL, INSN_PLAIN, INSN_NEWER, INSN_ILLEGAL };
enum insn_unknown insn_unknown(struct guest *g, uint64_t pc, uint64_t *behind);
/*
 * By how much a jump, call or return has moved SP. Those whose target is given in the code lead
 * nowhere from no place that a program can be at.
 */
bool insn_moved_sp(struct guest *g, uint64_t pc, int64_t *by);

#endif
