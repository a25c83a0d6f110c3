/* SPDX-License-Identifier: MIT */
#ifndef SESSION_PAGE_H
#define SESSION_PAGE_H

#include <stdbool.h>

/* What fills the screen. */
enum page { PAGE_MAIN, PAGE_OUTPUT, PAGE_HELP, PAGE_PLACES, PAGE_SCHEDULE, PAGE_TWIN };

/* Whether it is lines to be read, of as many pages as the screen makes of them. */
static inline bool page_is_lines(enum page p)
{
	return p >= PAGE_HELP;
}

#endif
