/* SPDX-License-Identifier: MIT */
/* The events of src/event.def, by number: the line in the table, from 0. */
#ifndef MODEL_EVENT_H
#define MODEL_EVENT_H

#include "code.h"
#include "snapshot.h"

enum {
#define EVENT(name, nargs, args, sentence) EVENT_##name,
#include "../../src/event.def"
#undef EVENT
	EVENT_COUNT
};

/* One that happens at a step: the M whose step it is stands at the probe afterwards. */
struct event {
	int id; /* EVENT_…; -1: none */
	int nargs;
	int64_t arg[SNAP_NARGS_MAX];
	char string[48]; /* what stands at the address that an argument is; "": none is one */
};
/* Its sentence, with the arguments in it; returns buf. */
char *event_words(const struct event *e, const struct code *code, char *buf, size_t n);

/* How many it has, and their names, a blank between. */
int event_nargs(int id);
const char *event_args(int id);
/* What an argument is, by the name that the table gives it. */
enum event_arg { ARG_NUMBER, ARG_STATUS, ARG_FUNCTION, ARG_STRING };
enum event_arg event_arg_kind(int id, int i);
/* That name, "" where it has no such argument; returns buf. */
char *event_arg_name(int id, int i, char *buf, size_t n);

int event_by_name(const char *name); /* -1: none */
/* All of them in order, NULL at the end. */
extern const char *const event_names[EVENT_COUNT + 1];

#endif
