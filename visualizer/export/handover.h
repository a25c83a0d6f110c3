/* SPDX-License-Identifier: MIT */
/*
 * Arrows from where a G was made ready, or let go of, to where it next begins to run. One is
 * written when it has come there, both ends of it: what nobody runs any more has none.
 */
#ifndef EXPORT_HANDOVER_H
#define EXPORT_HANDOVER_H

#include "model/moment.h"
#include "trace.h"

struct handovers;

struct handovers *handovers_new(struct trace *t);
void handovers_free(struct handovers *h);
/* After each step with an event. */
void handovers_depart(struct handovers *h, const struct moment *at);
/* M m begins to run G g, in a slice that has just been begun. */
void handovers_arrive(struct handovers *h, int64_t step, int m, int g);

#endif
