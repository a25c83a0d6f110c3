/* SPDX-License-Identifier: MIT */
/* An event as it happens: a probe's arguments read. */
#ifndef ENGINE_STEPPER_EVENT_H
#define ENGINE_STEPPER_EVENT_H

#include "memory.h"
#include "model/recording.h"
#include "image/sdt.h"

/* What happens where a thread with these registers stands at the probe. */
void event_read(struct event *e, const struct probe *probe, const uint64_t *regs,
	const struct memory *mem, const struct code *code);
/* One argument of it; false if it cannot be read. */
bool event_argument(const struct probe *probe, int i, const uint64_t *regs,
	const struct memory *mem, int64_t *value);

#endif
