/* SPDX-License-Identifier: MIT */
/*
 * What differs between two snapshots, as packed bytes. A delta is a series of items: a letter, a
 * count, and so many numbers, nearly all of them by how much something grew. So it leads from the
 * one snapshot to the other, and back: each number is taken away again, in the opposite order. A
 * step's delta is mostly one item with two registers, eight or nine bytes.
 *
 * It is applied to what a cursor builds, and to what a file brings: therefore every number is
 * checked, each item by itself leaves a snapshot that is sound (snap_is_sound), and what a delta
 * makes grow it pays for, byte for byte. Letters and fields that are not known are skipped: who
 * writes them is newer. What items there are stands in docs/recording.md.
 */
#ifndef MODEL_DELTA_H
#define MODEL_DELTA_H

#include "bytes.h"
#include "snapmem.h"

/* The registers of M number i. */
void delta_regs(struct bytes *out, const struct snapshot *was, const struct snapshot *now, int i);
/*
 * Everything but the Ms' history, which engines do not know, and words of stacks that are the same:
 * those a step says that it has written.
 */
void delta_state(struct bytes *out, const struct snapshot *was, const struct snapshot *now);
/* The history of M number i, which was `was`. */
void delta_history(
	struct bytes *out, int i, const struct departure *was, const struct departure *now);
/* Hold stack number i from `from` on, which is below what is held now; what is new there is 0. */
void delta_hold(struct bytes *out, const struct snapshot *now, int i, uint64_t from);
/* Everything, words and history too. */
void delta_all(struct bytes *out, const struct snapshot *was, const struct snapshot *now);

/* Its end, where others follow. */
void delta_end(struct bytes *out);

/*
 * Apply all items, or take them back; false, with `to` half changed but sound, where they are not
 * such items.
 */
enum delta_way { DELTA_BACK = -1, DELTA_FORWARD = 1 };
bool delta_apply(struct snapmem *to, struct reader in, enum delta_way way);
/* The same forward of the delta that a reader is at, which is behind its end then. */
bool delta_apply_to_end(struct snapmem *to, struct reader *in);
#endif
