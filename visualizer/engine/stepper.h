/* SPDX-License-Identifier: MIT */
/*
 * The stepper interface: what executes a program one M and one instruction at a time. `live`
 * does it with ptrace on real threads. Nothing above may assume ptrace, a process id, or that
 * this machine has the program's architecture.
 */
#ifndef ENGINE_STEPPER_H
#define ENGINE_STEPPER_H

#include "model/recording.h"
#include "model/say.h"

/*
 * How to start a program, and how long to go on. Strings are the caller's and must outlive the
 * stepper.
 */
struct run_options {
	const char *program; /* path of the executable */
	char *const *args;   /* what follows --, NULL-terminated; may be NULL */
	char *const *env;    /* more of its environment, "NAME=VALUE", likewise */
	const char *input;   /* the file that it reads; NULL: ours, but for a terminal */
	const char *mcall;   /* policy; NULL: clear */
	int procs;           /* 0: 2 */
	uint64_t seed;
	bool poison; /* fill the stacks of dead Gs */
	/*
	 * Asked before each step that a timeline executes, with all that is recorded by then: NULL,
	 * or a sentence that says why no further step is to be executed. NULL: nobody to ask.
	 */
	const char *(*halt)(void *ctx, const struct recording *r);
	void *halt_ctx;
	/*
	 * An M that is to execute may sleep for something outside the program: seconds to wait for
	 * that, and one that sleeps for a time is waited for until it wakes. 0: a user waits, so a
	 * quarter of a second, and three for one that sleeps for a time.
	 */
	int wait_s;
};

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
