/* SPDX-License-Identifier: MIT */
#include "event.h"

#include <stddef.h>
#include <string.h>

static const struct event_info events[EVENT_COUNT] = {
#define EVENT(name, nargs, args, sentence) {#name, nargs, args, sentence},
#include "event.def"
#undef EVENT
};

const char *const event_names[EVENT_COUNT + 1] = {
#define EVENT(name, nargs, args, sentence) #name,
#include "event.def"
#undef EVENT
};

const struct event_info *event_info(int id)
{
	return id >= 0 && id < EVENT_COUNT ? &events[id] : NULL;
}

int event_by_name(const char *name)
{
	for (int i = 0; i < EVENT_COUNT; i++)
		if (strcmp(event_names[i], name) == 0)
			return i;
	return -1;
}
