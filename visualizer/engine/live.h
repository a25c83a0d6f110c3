/* SPDX-License-Identifier: MIT */
/* What tests ask of a live stepper beyond the stepper interface. */
#ifndef ENGINE_LIVE_H
#define ENGINE_LIVE_H

#include "stepper.h"

/*
 * How many words of the program's memory differ from the copies that are kept of them; 0 is
 * right.
 */
size_t live_shadow_errors(struct stepper *s);
/* The stepped process. */
int live_pid(const struct stepper *s);

#endif
