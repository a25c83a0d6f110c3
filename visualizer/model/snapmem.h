/* SPDX-License-Identifier: MIT */
/*
 * A snapshot that owns its memory and can be changed: what a recording keeps of its last
 * step, and what a cursor builds.
 *
 * Of a stack the words from `from` up are held; those below are as never written. The
 * block behind them has room for twice as many at most: a stack's size is only a number that
 * a file may say, and a file is not to take more memory than what it holds is worth.
 */
#ifndef MODEL_SNAPMEM_H
#define MODEL_SNAPMEM_H

#include "snapshot.h"

struct snapmem {
	struct snapshot s;
	size_t ms_cap, gs_cap, ps_cap, stacks_cap, global_cap;
	size_t waits_cap, wait_entries_cap;
	uint64_t nwords, words_max; /* how many are held, and how many delta_apply may make held */
};

/* As many as a file may ask for, in words: 256 MiB. */
enum { SNAP_WORDS_MAX = 1 << 25 };

void snapmem_init(
	struct snapmem *k, const struct arch_desc *arch); /* empty, at step 0; words_max: no end */
void snapmem_free(struct snapmem *k);
/* Change the counts: what is new is zero and without history, what is too many is dropped. */
void snapmem_resize(struct snapmem *k, int nms, int ngs, int nps, int nstacks);
void snapmem_resize_global(struct snapmem *k, int n);
/* Another object that is waited for, at its place (wait_place); all its numbers are 0. */
void snapmem_add_wait(struct snapmem *k, int place, enum wait_kind kind, uint64_t addr);
void snapmem_drop_wait(struct snapmem *k, int place);
/* Its list becomes these n, which are not there now. */
void snapmem_set_wait_list(struct snapmem *k, int place, int list, const uint64_t *entries, int n);
/* Stack i is now that of another owner or at another place; it holds no word. */
void snapmem_set_stack(
	struct snapmem *k, int i, enum stack_kind kind, int id, uint64_t lo, uint64_t hi);
/* Hold the words from `from` on; those not held before are 0. May move the others. */
void snapmem_hold(struct snapmem *k, int i, uint64_t from);
/* Hold those below `from` no longer. May move the others. */
void snapmem_let_go(struct snapmem *k, int i, uint64_t from);
/* The same words, from the same addresses on; `to` is one that was initialised. */
void snapmem_copy(struct snapmem *to, const struct snapshot *from);
/* Write a word; false if addr is unaligned or not held. */
bool snapmem_write(struct snapmem *k, uint64_t addr, uint64_t word);

#endif
