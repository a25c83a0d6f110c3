/* SPDX-License-Identifier: MIT */
/* Opening what somebody named on the command line: a file, and nothing else. */
#ifndef MODEL_REGULAR_H
#define MODEL_REGULAR_H

#include <stdio.h>

/*
 * To be read from. NULL where it cannot be opened or is no regular file (a pipe would keep us
 * waiting, a device may have no end); why is then half a sentence.
 */
FILE *open_regular(const char *path, const char **why);

#endif
