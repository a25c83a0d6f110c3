/* SPDX-License-Identifier: MIT */
/*
 * Unicorn calls abort() where it cannot translate what stands in the code: of amd64 that is far
 * calls and jumps by register, and LOCK before cmp and bt. No CPU executes these.
 */
#ifndef EMULATOR_ENGINE_H
#define EMULATOR_ENGINE_H

#include <stdbool.h>
#include <unicorn/unicorn.h>

/* Once, before any is run. */
void engine_begin(void);
/*
 * Execute from pc on until a hook stops it; *why is what it says itself then. False: it called
 * abort(), before it executed any of the instructions from its pc on that are translated at once.
 * After the 64th time, as each of them counts as one run within another, it executes nothing.
 */
bool engine_run(uc_engine *engine, uint64_t pc, uc_err *why);

#endif
