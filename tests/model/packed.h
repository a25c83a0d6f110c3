/* SPDX-License-Identifier: MIT */
/* What tests of recordings compare and put together by hand. */
#ifndef TESTS_MODEL_PACKED_H
#define TESTS_MODEL_PACKED_H

#include "model/bytes.h"
#include "model/recording.h"

/* All of a state as bytes, whatever led to it, with the step and whose that was. */
struct bytes packed(const struct snapshot *s);
/* That it is the same as those bytes. */
void assert_packed(const struct snapshot *s, const struct bytes *is);
/* moment_departure at a step, by a cursor of its own: 0 where there is none, else 1 + how many. */
int departed_at(const struct recording *r, int64_t step, int m);

#endif
