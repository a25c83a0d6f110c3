/* SPDX-License-Identifier: MIT */
/*
 * The stepper interface: what executes a program one M and one instruction at a time. `live`
 * does it with ptrace on real threads. Nothing above may assume ptrace, a process id, or that
 * this machine has the program's architecture.
 */
#ifndef ENGINE_STEPPER_H
#define ENGINE_STEPPER_H

#include "machine/run_options.h"
#include "model/recording.h"
#include "model/say.h"

enum step_result {
	STEP_DONE,   /* executed one instruction, or one whole call into library code */
	STEP_ASLEEP, /* that M is asleep in the kernel: nothing executed */
	STEP_NO_M,   /* there is no such M (yet) */
	STEP_ENDED,  /* the program is over: nothing executed; see end() */
	STEP_HALTED, /* not to be executed, as run_options.halt says; never by a stepper */
};

struct stepper;

struct stepper_ops {
	/*
	 * Execute one step of M m and say what it did in *out (valid until the next call). If none
	 * could be, out->output alone holds: what the program wrote meanwhile all the same.
	 */
	enum step_result (*step)(struct stepper *s, int m, struct step *out);
	/* Sleepers get the chance to wake up; the id of an M that can execute, -1: none can. */
	int (*awake)(struct stepper *s);
	/*
	 * M m (-1: any) was found asleep. Sleep for a moment, if it may wake without another M, and
	 * has not been given as long as run_options say; else false. *since: 0 the first time.
	 */
	bool (*doze)(struct stepper *s, int m, int64_t *since);
	/* In what M m sleeps, and until when: "in read, until …"; "": it does not. Returns buf. */
	char *(*sleeps)(struct stepper *s, int m, char *buf, size_t n);
	/* The state now. Valid until the next step. */
	const struct snapshot *(*state)(struct stepper *s);
	/*
	 * Whether, and how, the program ended; *sentence is for people: "M1 was killed by
	 * SIGSEGV at …".
	 */
	enum run_end (*end)(struct stepper *s, const char **sentence);
	/* Kill the program if it still runs, and free everything but the code. */
	void (*close)(struct stepper *s);
};

struct stepper {
	const struct stepper_ops *ops;
	/* What is known of the program; filled on demand; handed to the recording. */
	struct code *code;
	/* A number of the program's file as it is loaded: another build has another one. */
	uint64_t build;
	/* What whoever steps it should know of the program, or of this run; "": nothing. */
	char note[SENTENCE_MAX];
};

/*
 * Start a program under ptrace, up to the instant at which M0 begins to schedule (its mstart
 * event): step 0. NULL on failure, with a sentence in err that says what to do (not found,
 * not executable, not a g0 program, ptrace denied …).
 */
struct stepper *live_open(const struct run_options *o, char *err, size_t nerr);

/* What stepper.build would be for this program; 0: it cannot be stepped. */
uint64_t live_build(const char *program);

#endif
