/* SPDX-License-Identifier: MIT */
/*
 * A random scheduler for the toy machine: two Ms that start, leave and resume two Gs,
 * which call and return.
 */
#ifndef TESTS_MODEL_DRIVE_H
#define TESTS_MODEL_DRIVE_H

#include "sim.h"

/* Go on until the recording has at least this many steps. The same seed does the same. */
void drive(struct sim *s, unsigned seed, int64_t steps);

#endif
