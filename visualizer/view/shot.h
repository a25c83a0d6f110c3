/* SPDX-License-Identifier: MIT */
/* A screen that the user wants to keep, whichever view it is of. */
#ifndef VIEW_SHOT_H
#define VIEW_SHOT_H

#include <stddef.h>

#include "session/session.h"

/*
 * These bytes into a file of the current directory that was not there: g0scope-STEP.ext, or
 * g0scope-STEP-2.ext and so on. The session's message says where "this screen" (what) is, or why
 * not.
 */
void shot_save(struct session *s, const char *what, const char *ext, const void *p, size_t n);

#endif
