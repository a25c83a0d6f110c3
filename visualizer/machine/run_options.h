/* SPDX-License-Identifier: MIT */
/* How to start a program, and how long to go on with it. */
#ifndef MACHINE_RUN_OPTIONS_H
#define MACHINE_RUN_OPTIONS_H

#include <stdatomic.h>

#include "model/recording.h"

/* Strings are the caller's and must outlive the run. */
struct run_options {
	const char *program; /* path of the executable */
	char *const *args;   /* what follows --, NULL-terminated; may be NULL */
	char *const *env;    /* more of its environment, "NAME=VALUE", likewise */
	const char *input;   /* the file that it reads; NULL: ours, but for a terminal */
	bool emulated;       /* on an emulated CPU, though the real one could */
	bool real;           /* on the real one or not at all */
	const char *arch;    /* of a lesson, the build for that; NULL: the one that is found */
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
	const atomic_bool *hurry; /* while it is set, no sleeper is waited for; NULL: never */
};

#endif
