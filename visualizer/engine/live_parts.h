/* SPDX-License-Identifier: MIT */
/* What the files of the live stepper share, and nobody else: live.c and live_wait.c. */
#ifndef ENGINE_LIVE_PARTS_H
#define ENGINE_LIVE_PARTS_H

#include "image/image.h"
#include "memory.h"
#include "machine/machine.h"
#include "runtime_view.h"
#include "model/say.h"
#include "stepper.h"

struct live {
	struct stepper stepper; /* first: what the interface hands back is this */
	struct image *image;
	struct machine *machine;
	struct memory memory;
	struct runtime_view *state;
	/* Which M each thread is, by its id; -1, or further on: none, or none yet. */
	int *m_of;
	size_t nm_of, m_of_cap;
	/* Where a thread begins to be an M; needm: if others than the runtime's can. */
	const struct probe *mstart, *needm;
	enum run_end end;
	char sentence[SENTENCE_MAX];

	/* Since the last step that was reported. */
	bool moved; /* it changed more than its own M's registers and memory: sleepers, new Ms */
	bool told;  /* all output so far has been handed over */
};

/* live_wait.c: the M that t is, -1: none; and the thread that M m is, NULL: none. */
int m_of(const struct live *lv, const struct thread *t);
struct thread *thread_of(const struct live *lv, int m);
/* Whether t is held in library code. */
bool in_library(struct live *lv, const struct thread *t);

/* The probe that t stands at, if it becomes an M there; and to make it one. */
const struct probe *birth(const struct live *lv, const struct thread *t);
void admit(struct live *lv, struct thread *t, const struct probe *at);
/*
 * Bring new threads to where they become Ms. Those that sleep on the way, or do something else for
 * long, get there later, or never.
 */
void bring_threads(struct live *lv);
/*
 * See who has woken up. What they did meanwhile, in the kernel or in a library, may be
 * anything.
 */
void collect(struct live *lv);
/* The same, and those that are no Ms are brought to where they become some. */
void look_about(struct live *lv);
/* How the run ended, in a sentence; RUN_GOES_ON if it has not. */
enum run_end end_of(const struct live *lv, char *sentence, size_t n);
/* Where t stands. */
static inline uint64_t pc_of(const struct live *lv, const struct thread *t)
{
	return t->regs[lv->machine->arch->pc];
}

#endif
