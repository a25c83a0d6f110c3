/* SPDX-License-Identifier: MIT */
/*
 * What is looked for along a recording (search.h), by whom it is about: lines of a source, changes
 * of a chain or of a verdict, links that turn foreign, and calls.
 */
#ifndef MODEL_SIGHTS_H
#define MODEL_SIGHTS_H

#include "search.h"

/* The ctx of these four is an int, an M's id. */

/*
 * Where M m (-1: whoever has executed) comes to a source line, or to the start of a function.
 * Library code, and all that no line is known of, is on the way.
 */
bool sight_line(void *m, const struct moment *was, const struct moment *is);
/* Where the chain from M m's frame pointer becomes another: its records, or where one leads. */
bool sight_chain(void *m, const struct moment *was, const struct moment *is);
/* Where the verdict on M m becomes another; one that has exited has none. */
bool sight_verdict(void *m, const struct moment *was, const struct moment *is);
/* Where an M's chain comes to have a foreign link; *m is that M from then on. */
bool sight_foreign(void *m, const struct moment *was, const struct moment *is);

/* A call that an M is in: its stack, how far its frame goes, and the line that it is at. */
struct call_place {
	bool of_g0; /* else the stack is of a G, wherever that runs */
	int id;     /* of the M, or of the G */
	uint64_t cfa;
	const char *file;
	int line;
	/* Of a search back for a line: the first step of the line before, as far as is known. */
	int64_t first;
	const char *first_file;
	int first_line;
};
/* False: it is not known in which call M m is, for want of unwind information. */
bool call_of(const struct moment *at, int m, struct call_place *out);

/*
 * These look for where the same stack is again, whichever M is on it: at another line of the call,
 * or, beyond its end, in its caller; a G that has ended is at its end.
 */
bool sight_over(void *call, const struct moment *was, const struct moment *is);
/* Where it has returned; looked for backwards: where it was called. */
bool sight_out(void *call, const struct moment *was, const struct moment *is);
/*
 * For looking back for the start of the line before, or of the line it is in the midst of: not the
 * step that it is found at, but call->first is where that is; -1: nowhere, so far.
 */
bool sight_over_back(void *call, const struct moment *was, const struct moment *is);

#endif
