/* SPDX-License-Identifier: MIT */
/*
 * The runtime's own structs, read out of shadow memory and said in the model's words. The
 * only part of the visualizer that knows src/runtime.h; nothing of it goes further up than a
 * struct snapshot.
 */
#ifndef ENGINE_LIVE_STATE_H
#define ENGINE_LIVE_STATE_H

#include "live_memory.h"
#include "program.h"

struct live_state;

/*
 * Keeps the copies of the runtime's variables in mem; both must outlive it. NULL, with a
 * sentence in err, if they are not there.
 */
struct live_state *live_state_new(struct memory *mem, const struct program *p,
	const struct arch_desc *arch, char *err, size_t nerr);
void live_state_free(struct live_state *ls);

/*
 * From now on M m is in the state: its thread has come to its g0. False: no M is called that,
 * the program is broken.
 */
bool live_state_arrived(struct live_state *ls, int64_t m);
/*
 * Read it all again, out of the copies. Registers, asleep, exited and history of the Ms are
 * left as they were; those of a new M are 0. Whatever the program has done to its structs, the
 * state is sound (snap_is_sound): what cannot be believed stays as it was before, and is named.
 */
void live_state_read(struct live_state *ls);
/*
 * Where the stacks' copies are and how far they are written may change at each step: say so
 * anew.
 */
void live_state_stacks(struct live_state *ls);
struct snapshot *live_state_snapshot(struct live_state *ls);

#endif
