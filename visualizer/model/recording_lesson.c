/* SPDX-License-Identifier: MIT */
/* A recording is of a lesson, or beside another run of it. */
#include <stdlib.h>
#include <string.h>

#include "recording_parts.h"
#include "xalloc.h"

static void *copy(const void *p, size_t n)
{
	char *to = xmalloc(n + 1);
	if (n)
		memcpy(to, p, n);
	to[n] = '\0';
	return to;
}

void lesson_copy_free(struct recording_lesson *l)
{
	if (!l)
		return;
	free((char *)l->name);
	free((char *)l->text);
	free((int64_t *)l->steps);
	free((int *)l->focus);
	free(l);
}

void recording_set_lesson(struct recording *r, const struct recording_lesson *is)
{
	struct recording_lesson *l = NULL;
	if (is) {
		size_t n = (size_t)is->nstops;
		l = xmalloc(sizeof *l);
		*l = *is;
		l->name = xstrdup(is->name);
		l->text = copy(is->text, is->len);
		l->steps = copy(is->steps, n * sizeof *is->steps);
		l->focus = copy(is->focus, n * sizeof *is->focus);
	}
	lesson_copy_free(r->lesson);
	r->lesson = l;
}

const struct recording_lesson *recording_lesson(const struct recording *r)
{
	return r->lesson;
}

struct recording *recording_take_twin(struct recording *r)
{
	struct recording *twin = r->twin;
	r->twin = NULL;
	return twin;
}
