/* SPDX-License-Identifier: MIT */
/* All of the guest as it is at some time: memory, threads, and what the kernel knows. */
#ifndef EMULATOR_KEPT_H
#define EMULATOR_KEPT_H

#include "guest.h"

struct kept;

struct kept *kept_new(struct guest *g);
/* Be there again, as often as wanted. Who watches, and where output goes, stays as it is. */
void kept_return(struct guest *g, const struct kept *k);
void kept_free(struct guest *g, struct kept *k);

#endif
