/* SPDX-License-Identifier: MIT */
/* A recording file put together by hand. */
#ifndef TESTS_MODEL_FRAMES_H
#define TESTS_MODEL_FRAMES_H

#include "model/bytes.h"

struct frames {
	struct bytes file;
	struct bytes b; /* the frame being put together */
};

/* With a header, and a run of amd64 under keep. */
void frames_begin(struct frames *f);
void frames_header(struct frames *f, const char *json);
/* What is in f->b becomes a frame. */
void frames_add(struct frames *f);
/* Key 0 with this delta from nothing, which is emptied. */
void frames_key(struct frames *f, struct bytes *delta);
/* A chunk of n steps from `first` on whose rows are these, which are emptied. */
void frames_steps(struct frames *f, int64_t first, uint64_t n, struct bytes *rows);
/* To `path`, and empty; returns how large it is. */
size_t frames_write(struct frames *f);

#endif
