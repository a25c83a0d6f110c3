/* SPDX-License-Identifier: MIT */
/* What of a command line cannot be meant. */
#ifndef USAGE_H
#define USAGE_H

#include "options.h"

/* Say what is wrong, with the word it is about (NULL: none). Returns the exit status. */
int usage_error(const char *what, const char *word);
/* What a command lacks, and what does not go together. -1, or the exit status. */
int usage_check(const struct options *o);

#endif
