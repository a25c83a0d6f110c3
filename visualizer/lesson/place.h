/* SPDX-License-Identifier: MIT */
/* Whether a place in a program's code that a lesson names is there at all. */
#ifndef LESSON_PLACE_H
#define LESSON_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * So many bytes into a function of the executable at that path. False: err says what there is
 * instead. A file that cannot be read is believed to have it.
 */
bool place_is_there(
	const char *program, const char *function, int64_t offset, char *err, size_t nerr);

#endif
