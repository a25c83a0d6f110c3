/* SPDX-License-Identifier: MIT */
/* Ids of what has a place in memory. */
#ifndef SCENE_IDS_H
#define SCENE_IDS_H

#include "facts.h"
#include "thing.h"

struct thing_id stack_id(const struct facts *f, enum tag tag, int stack);
struct thing_id word_id(const struct facts *f, enum tag tag, int stack, uint64_t addr, int part);
/* Of record rec of the chain of f->at.now->ms[m], or (rec < 0) its register. */
struct thing_id record_id(const struct facts *f, enum tag tag, int m, int rec, int part);
struct thing_id frame_id(const struct facts *f, int m, int frame);

#endif
