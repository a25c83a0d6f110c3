/* SPDX-License-Identifier: MIT */
/*
 * What differs between two snapshots, as packed bytes: a series of items, each a letter
 * and what it says. A step's delta is mostly one item with two registers, six or seven
 * bytes. Applied to what a cursor builds, and to what a file brings: therefore every
 * index is checked, and what it makes grow it pays for, byte for byte: a count with the items
 * counted, words that come to be held with themselves. Words that a step writes are not in
 * it; those of a stack that is new are.
 */
#ifndef MODEL_DELTA_H
#define MODEL_DELTA_H

#include "bytes.h"
#include "snapmem.h"

/* The registers of M number i. */
void delta_regs(struct bytes *out, const struct snapshot *was, const struct snapshot *now, int i);
/* Everything but the Ms' history, which engines do not know. */
void delta_state(struct bytes *out, const struct snapshot *was, const struct snapshot *now);
/* The history of M number i. */
void delta_history(struct bytes *out, const struct snapshot *now, int i);
/* Hold stack number i from `from` on, which is below what is held now; what is new there is 0. */
void delta_hold(struct bytes *out, const struct snapshot *now, int i, uint64_t from);
/* A keyframe: all of it, whatever it is applied to. */
void delta_whole(struct bytes *out, const struct snapshot *now);

/*
 * Apply all items; false, with `to` half changed but sound to free, where they are not
 * such items. Whether what comes of a file's is sound is to be asked of snap_is_sound.
 */
bool delta_apply(struct snapmem *to, struct reader in);
#endif
