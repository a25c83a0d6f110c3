/* SPDX-License-Identifier: MIT */
/*
 * The stepper: a program, executed one M and one instruction at a time, on whatever machine.
 * Nothing above may assume a process, or that this computer has the program's architecture.
 */
#ifndef ENGINE_STEPPER_H
#define ENGINE_STEPPER_H

#include "machine/run_options.h"
#include "model/recording.h"

struct image;
struct machine;

enum step_result {
	STEP_DONE,   /* executed one instruction, or one whole call into library code */
	STEP_ASLEEP, /* that M is asleep in the kernel: nothing executed */
	STEP_NO_M,   /* there is no such M (yet) */
	STEP_ENDED,  /* the program is over: nothing executed; see stepper_end */
	STEP_HALTED, /* not to be executed, as run_options.halt says; never by a stepper */
};

struct stepper;

/*
 * Start a program, up to the instant at which M0 begins to schedule (its mstart event): step 0.
 * NULL on failure, with a sentence in err that says what to do (not found, not executable, not a
 * g0 program, ptrace denied …).
 */
struct stepper *stepper_open(const struct run_options *o, char *err, size_t nerr);
/*
 * The same of a program that this machine has brought there. Machine and image are the stepper's
 * from now on, also if it fails.
 */
struct stepper *stepper_on(struct machine *mc, struct image *image, char *err, size_t nerr);
/* End the program if it still runs, and free everything but the code. */
void stepper_close(struct stepper *st);

/*
 * These turns are likely to be stepped next, so that the machine can be faster; whatever comes then
 * is right all the same.
 */
void stepper_expect(struct stepper *st, const struct turn *turns, size_t n);
/*
 * Execute one step of M m and say what it did in *out (valid until the next call). If none could
 * be, out->output alone holds: what the program wrote meanwhile all the same.
 */
enum step_result stepper_step(struct stepper *st, int m, struct step *out);
/*
 * What comes over the program from outside before its next step, whoever's that will be; it is
 * reported with that. False: there is no such M, or the machine cannot.
 */
bool stepper_precede(struct stepper *st, const struct turn *t);
/* What has come so since the last step. */
struct before stepper_before(const struct stepper *st);
/* Sleepers get the chance to wake up; the id of an M that can execute, -1: none can. */
int stepper_awake(struct stepper *st);
/*
 * M m (-1: any) was found asleep. Sleep for a moment, if it may wake without another M, and has not
 * been given as long as run_options say; else false. *since: 0 the first time.
 */
bool stepper_doze(struct stepper *st, int m, int64_t *since);
/* In what M m sleeps, and until when: "in read, until …"; "": it does not. Returns buf. */
char *stepper_sleeps(const struct stepper *st, int m, char *buf, size_t n);
/* The state now. Valid until the next step. */
const struct snapshot *stepper_state(const struct stepper *st);
/* Whether, and how, the program ended; *sentence is for people: "M1 was killed by SIGSEGV at …". */
enum run_end stepper_end(const struct stepper *st, const char **sentence);

/* What is known of the program; filled on demand; to be handed to a recording. */
struct code *stepper_code(const struct stepper *st);
/* What whoever steps it should know of the program, or of this run; "": nothing. */
const char *stepper_note(const struct stepper *st);
/*
 * Add to a sentence, of how the run came to its end or did not, what the program has asked for and
 * the machine does not emulate: that may be why.
 */
void stepper_add_lacks(const struct stepper *st, char *sentence, size_t n);
/* Whether no real CPU executes it. */
bool stepper_is_emulated(const struct stepper *st);
/* A number of the program's file as it is loaded: another build has another one. */
uint64_t stepper_build(const struct stepper *st);
/* What that would be for this file; 0: it cannot be stepped. */
uint64_t stepper_build_of(const char *program);

/* For tests: what it is stepped on. */
struct machine *stepper_machine(const struct stepper *st);
/* And how many words of its memory differ from the copies that are kept of them; 0 is right. */
size_t stepper_shadow_errors(const struct stepper *st);

#endif
