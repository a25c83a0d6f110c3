/* SPDX-License-Identifier: MIT */
/* The events of src/event.def, by number: the line in the table, from 0. */
#ifndef MODEL_EVENT_H
#define MODEL_EVENT_H

enum event_id {
#define EVENT(name, nargs, args, sentence) EVENT_##name,
#include "event.def"
#undef EVENT
	EVENT_COUNT
};

struct event_info {
	const char *name;
	int nargs;
	const char *args;     /* names of the arguments, a blank between */
	const char *sentence; /* {0} {1} … stand for the arguments */
};
const struct event_info *event_info(int id); /* NULL: no such event */
int event_by_name(const char *name);         /* -1: none */
/* All of them in order, NULL at the end. */
extern const char *const event_names[EVENT_COUNT + 1];

#endif
