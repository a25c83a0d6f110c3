/* SPDX-License-Identifier: MIT */
/* What tell.c and check.c share of a lesson being told. */
#ifndef LESSON_TELL_H
#define LESSON_TELL_H

#include "lesson.h"

struct telling {
	const struct lesson *l;
	struct timeline *tl;
	struct schedule path; /* the turns up to the last stop found */
	uint64_t build;       /* of the program that it was found with */
	int nfound, current;  /* stops found; the stop gone to last, -1 none */
	int64_t *step;        /* of each stop found */
	int *focus;
};

#endif
