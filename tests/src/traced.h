/* SPDX-License-Identifier: MIT */
/* A program of ends[], run with G0_TRACE, and the file that it has left, taken apart (trace.c). */
#ifndef TESTS_SRC_TRACED_H
#define TESTS_SRC_TRACED_H

#include "runtime.h"
#include "test.h"

enum { MAXSTRINGS = 32 };

/* One M's part of a file. */
struct ring {
	uint64_t m, n, kept;
	struct traceentry entry[TRACE_EVENTS];
	int nstrings;
	struct {
		uint64_t addr;
		char text[64];
	} string[MAXSTRINGS];
};

extern struct ring rings[];
extern int nrings;

struct ending run_traced(const char *program);
/* The same of a file that is there, behind so many bytes of something else. */
void read_trace(const char *name, size_t skip);
enum event_id id_of(const struct traceentry *e);

#endif
