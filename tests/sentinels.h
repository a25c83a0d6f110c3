/* SPDX-License-Identifier: MIT */
#ifndef TESTS_SENTINELS_H
#define TESTS_SENTINELS_H

#include <stdint.h>

struct G;

/*
 * Fill every callee-saved register with a value of its own made from seed, call call(fn, fn), and
 * count the registers that came back with another value. In assembly
 * (tests/<arch>/sentinels.S), because a compiler would save them itself.
 */
int sentinels_survive(void (*call)(void (*fn)(struct G *)), void (*fn)(struct G *), uintptr_t seed);

/* Returns with none of the caller-saved registers as it was (tests/<arch>/scratch.S). */
void lose_scratch(void);

#endif
