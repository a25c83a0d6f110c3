/* SPDX-License-Identifier: MIT */
/* The flight recorder's file, read: its events in the order of time. */
#ifndef ENGINE_FLIGHT_FILE_H
#define ENGINE_FLIGHT_FILE_H

#include "model/event.h"

#define FLIGHT_MAGIC "g0trace1"

struct flight_event {
	int64_t ns; /* since the program's start */
	size_t nth; /* in the file */
	int m;
	struct event is;
};

struct flight_file {
	char program[256]; /* as it was called */
	size_t n;
	struct flight_event *events;
	uint64_t older;   /* events that came before these */
	uint64_t unknown; /* events of another build, which have no name here */
};

/* False: why is then half a sentence. Either way the caller frees. */
bool flight_read(struct flight_file *f, const void *bytes, size_t n, const char **why);
/* The oldest n. */
void flight_leave_out(struct flight_file *f, size_t n);
void flight_file_free(struct flight_file *f);

#endif
