/* SPDX-License-Identifier: MIT */
/* How a chunk grows, for chunk_rows.c. */
#ifndef MODEL_CHUNK_PARTS_H
#define MODEL_CHUNK_PARTS_H

#include "chunk.h"

/* The facts of the next step, all that comes behind being its own. */
struct step_facts *chunk_add_facts(struct chunk *k);
void chunk_add_write(struct chunk *k, struct word_write w);
void chunk_add_turn(struct chunk *k, const struct turn *t);
int32_t chunk_add_event(struct chunk *k, const struct event *e);

#endif
