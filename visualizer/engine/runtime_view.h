/* SPDX-License-Identifier: MIT */
/*
 * The runtime's own structs, read out of shadow memory and said in the model's words. The
 * only part of the visualizer that knows them, by offsets that the program itself tells
 * (image/layout.h); nothing of it goes further up than a
 * struct snapshot.
 */
#ifndef ENGINE_RUNTIME_VIEW_H
#define ENGINE_RUNTIME_VIEW_H

#include "memory.h"
#include "image/program.h"

struct runtime_view;

/* NULL, with a sentence in err, if the program does not say where its runtime has what is read. */
struct runtime_view *runtime_view_new(
	const struct program *p, const struct arch_desc *arch, char *err, size_t nerr);
/*
 * The program runs: keep copies of the runtime's variables in mem, which must outlive it. False,
 * with a sentence, if they are not there.
 */
bool runtime_view_begin(struct runtime_view *rv, struct memory *mem, char *err, size_t nerr);
void runtime_view_free(struct runtime_view *rv);

/*
 * From now on M m is in the state: its thread has come to its g0. False: no M is called that,
 * the program is broken.
 */
bool runtime_view_arrived(struct runtime_view *rv, int64_t m);
/*
 * Read it all again, out of the copies. Registers, asleep, exited and history of the Ms are
 * left as they were; those of a new M are 0. Whatever the program has done to its structs, the
 * state is sound (snap_is_sound): what cannot be believed stays as it was before, and is named.
 */
void runtime_view_read(struct runtime_view *rv);
/*
 * Where the stacks' copies are and how far they are written may change at each step: say so
 * anew.
 */
void runtime_view_stacks(struct runtime_view *rv);
/* Where the runtime has the time, in nanoseconds: a word, which it alone goes by. */
uint64_t runtime_view_clock(const struct runtime_view *rv);
struct snapshot *runtime_view_snapshot(struct runtime_view *rv);

#endif
