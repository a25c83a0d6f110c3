/* SPDX-License-Identifier: MIT */
/*
 * The steps of a recording at which the verdict on an M becomes another. An index of the recording:
 * looked for once, and further as that grows, wherever anybody looks. An M that is not there yet,
 * or has exited, has no verdict.
 */
#ifndef MODEL_VERDICTS_H
#define MODEL_VERDICTS_H

#include "recording.h"

struct verdicts;
struct verdicts *verdicts_new(const struct recording *r); /* which must outlive it */
void verdicts_free(struct verdicts *v);
/* The first such step after `step`, the last before it; -1: none so far. */
int64_t verdicts_next(struct verdicts *v, int64_t step, int m);
int64_t verdicts_prev(struct verdicts *v, int64_t step, int m);

#endif
