/* SPDX-License-Identifier: MIT */
/*
 * The locks that a thread holds as it ends. The program has them in a list and tells where that is;
 * a program that waits for one of them is not to wait for ever.
 */
#ifndef EMULATOR_ROBUST_H
#define EMULATOR_ROBUST_H

#include "guest.h"

/* The thread ends: each lock on its list that is its own has a dead owner from now on. */
void robust_end(struct guest *g, const struct guest_thread *t);

#endif
