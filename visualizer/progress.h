/* SPDX-License-Identifier: MIT */
/* How far something has come that takes long: a line that is written anew, if anybody looks. */
#ifndef PROGRESS_H
#define PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/* {0}: nobody looks. */
struct progress {
	bool wanted; /* standard error is a terminal */
	bool shown;
	int64_t next_ms, asked;
};

struct progress progress_begin(void);
/* So many steps under that policy; shown a few times a second, however often it is told. */
void progress_tell(struct progress *p, const char *policy, int64_t steps);
/* Nothing of it is to be seen any more: before anything else is said. */
void progress_clear(struct progress *p);

#endif
