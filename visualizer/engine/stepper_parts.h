/* SPDX-License-Identifier: MIT */
/*
 * What the files of the stepper share, and nobody else:
 *
 *   stepper           a step; begin and end
 *   stepper_threads   which thread is which M; sleepers wake up
 *   stepper_event     what happens at a probe
 *   stepper_outside   what comes from outside
 *   stepper_end       how the run ended
 */
#ifndef ENGINE_STEPPER_PARTS_H
#define ENGINE_STEPPER_PARTS_H

#include "image/image.h"
#include "machine/machine.h"
#include "memory.h"
#include "model/say.h"
#include "runtime_view.h"
#include "stepper.h"

struct stepper {
	struct image *image;
	struct machine *machine;
	struct memory memory;
	struct runtime_view *view;
	/* Which M each thread is, by its id; -1, or further on: none, or none yet. */
	int *m_of;
	size_t nm_of, m_of_cap;
	/* Where a thread begins to be an M; needm: if others than the runtime's can. */
	const struct probe *mstart, *needm;
	enum run_end end;
	char sentence[SENTENCE_MAX];
	char note[SENTENCE_MAX];

	/* Since the last step that was reported. */
	bool moved; /* it changed more than its own M's registers and memory: sleepers, new Ms */
	bool told;  /* all output so far has been handed over */
	struct schedule before; /* what came from outside; with `stepped` it has been reported */
	bool stepped;
};

/* stepper_threads.c: the M that t is, -1: none; and the thread that M m is, NULL: none. */
int m_of(const struct stepper *st, const struct thread *t);
struct thread *thread_of(const struct stepper *st, int m);
/* Whether t is held in library code. */
bool in_library(struct stepper *st, const struct thread *t);

/* The probe that t stands at, if it becomes an M there; and to make it one. */
const struct probe *birth(const struct stepper *st, const struct thread *t);
void admit(struct stepper *st, struct thread *t, const struct probe *at);
/*
 * Bring new threads to where they become Ms. Those that sleep on the way, or do something else for
 * long, get there later, or never.
 */
void bring_threads(struct stepper *st);
/*
 * See who has woken up. What they did meanwhile, in the kernel or in a library, may be
 * anything.
 */
void collect(struct stepper *st);
/* The same, and those that are no Ms are brought to where they become some. */
void look_about(struct stepper *st);
/* stepper_outside.c: what comes now, and what is written, is told with the next step. */
void forget_reported(struct stepper *st);
void keep_for_next(struct stepper *st);
/* Where t stands. */
static inline uint64_t pc_of(const struct stepper *st, const struct thread *t)
{
	return t->regs[st->machine->arch->pc];
}

/* stepper_end.c: how the run ended, in a sentence; RUN_GOES_ON if it has not. */
enum run_end end_of(const struct stepper *st, char *sentence, size_t n);

#endif
