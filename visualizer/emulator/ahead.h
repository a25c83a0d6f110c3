/* SPDX-License-Identifier: MIT */
/*
 * Steps before anybody has asked for each of them: as they are asked for one by one, the way there
 * and back takes far longer than a step. They go as far as the kernel has no part in it, and can be
 * taken back.
 */
#ifndef EMULATOR_AHEAD_H
#define EMULATOR_AHEAD_H

#include "guest.h"
#include "wire.h"

struct ahead;

struct ahead *ahead_new(struct guest *g, struct wire *w);
void ahead_free(struct ahead *a);

/* Execute the wire's turns, and tell of each step; as many as there can be. */
void ahead_run(struct ahead *a);
/* Of the steps told last, only the first n have been executed. */
void ahead_back(struct ahead *a, uint32_t n);

#endif
