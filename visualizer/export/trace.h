/* SPDX-License-Identifier: MIT */
/*
 * Trace events, one by one, as Chrome's trace format has them and chrome://tracing and Perfetto
 * read: JSON objects, each of a phase ("B" a slice begins, "E" it ends, "i" an instant, "C" a
 * counter, "s" and "f" the ends of an arrow, "M" a name), at a time, on a track. A track is an M;
 * the time is a number of steps, a microsecond each, or what the steps themselves say.
 */
#ifndef EXPORT_TRACE_H
#define EXPORT_TRACE_H

#include "jsonw.h"

struct trace {
	struct jsonw j;
	int64_t flows; /* arrows so far */
	int64_t *ns; /* when each step was, and the one behind the last; NULL: 1 us after another */
};

/* What all of them have; then what else it has, by json_*; then trace_end. name NULL: none. */
void trace_begin(struct trace *t, const char *phase, int64_t step, int m, const char *name);
void trace_end(struct trace *t);
void trace_category(struct trace *t, const char *category);
/* What a name stands for: "thread_name" of an M, say. */
void trace_meta(struct trace *t, const char *what, int m, const char *name);

#endif
