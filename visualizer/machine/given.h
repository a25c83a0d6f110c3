/* SPDX-License-Identifier: MIT */
/* What a program is started with, the same on any machine: arguments, environment, input. */
#ifndef MACHINE_GIVEN_H
#define MACHINE_GIVEN_H

#include "run_options.h"

/*
 * The number by which the program is executed, whatever file it is: a descriptor that must be
 * allowed.
 */
enum { PROGRAM_FD = 255 };

/* Lists that end with NULL, to be freed; their strings are the options' and buf's. */
enum { GIVEN_ENVIRONMENT = 512 };
char **given_arguments(const struct run_options *o);
char **given_environment(const struct run_options *o, char *buf /* GIVEN_ENVIRONMENT */);
/*
 * In the child: what is typed at our terminal does not reach it, and it has none itself. By a group
 * of its own in our session. In another session it would have as little of the terminal; but Linux
 * shares a CPU among sessions first (autogroup), and two processes that go by turns, each in one of
 * its own, had a sixth there beside one that is busy. errno stays.
 */
void given_no_terminal(void);
/* A descriptor of what the program reads; -1: err says why there is none. */
int given_input(const struct run_options *o, char *err, size_t nerr);
/* What to do where the program could not be started, from the error number. */
const char *given_remedy(int why);

#endif
