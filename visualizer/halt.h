/* SPDX-License-Identifier: MIT */
/*
 * What lets a run go no further, asked before each step: the limit on its steps, a signal, and
 * that what it does cannot be kept any more.
 */
#ifndef HALT_H
#define HALT_H

#include "model/say.h"
#include "options.h"
#include "progress.h"
#include "session/worker.h"

struct halt {
	char why[SENTENCE_MAX]; /* "": nothing yet */
	int64_t limit;          /* 0: none */
	bool by_itself;         /* which nobody has given */
	/* Recordings under this policy are kept in a file as they grow; NULL: none are. */
	const char *output;
	char policy[8];
	struct recsaver *saver;   /* NULL: not begun yet */
	bool lost;                /* something could not be written */
	struct progress progress; /* told of both, a run and its twin */
	/* Who runs it for a view, and may be asked to end what it runs; NULL: nobody. */
	struct worker *worker;
	char ended[SENTENCE_MAX]; /* that it was, the last time */
	/* The last one that was to be kept; after a halt it is there as long as the session. */
	const struct recording *recording;
};

/* How a program is to be started that h may halt. h must live as long as what is started. */
struct run_options halt_options(struct halt *h, const struct options *o);
/* From now on signals that ask to end halt what runs; the second one of a kind ends g0scope. */
void halt_on_signals(void);
/* The one that came last, 0: none. */
int halt_signal(void);

#endif
