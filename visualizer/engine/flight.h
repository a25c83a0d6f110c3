/* SPDX-License-Identifier: MIT */
/*
 * What the flight recorder kept of a run at full speed (G0_TRACE=FILE; docs/instruments.md has the
 * file), as a recording: a step is an event, and what the events say of Ms, Gs, Ps and queues is
 * the state. There are no registers, no words of a stack and no code but the functions that events
 * name: arch_desc "none". Time that passed between two events comes before the step.
 */
#ifndef ENGINE_FLIGHT_H
#define ENGINE_FLIGHT_H

#include "model/recording.h"

/* Whether there is such a file at path: by what it begins with. */
bool flight_is(const char *path);
/* NULL, with a sentence that says what to do in err. */
struct recording *flight_load(const char *path, char *err, size_t nerr);

/* A recording, or what the flight recorder kept: recording_load or flight_load. */
struct recording *load_either(const char *path, char *err, size_t nerr);

#endif
