/* SPDX-License-Identifier: MIT */
/* Steps of a recording that somebody wants to find again. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "recording_parts.h"
#include "xalloc.h"

/* Where a bookmark of that step is, or would be: they are in order. */
static int place_of(const struct bookmarks *all, int64_t step)
{
	int i = 0;
	while (i < all->n && all->at[i].step < step)
		i++;
	return i;
}

static void drop(struct bookmarks *all, int i)
{
	free((char *)all->at[i].note);
	memmove(&all->at[i], &all->at[i + 1], (size_t)(--all->n - i) * sizeof *all->at);
}

bool recording_set_bookmark(struct recording *r, int64_t step, const char *note)
{
	struct bookmarks *all = &r->bookmarks;
	assert(step >= 0 && step <= r->last);
	int i = place_of(all, step);
	if (i < all->n && all->at[i].step == step)
		drop(all, i);
	if (!note || all->n == BOOKMARKS_MAX)
		return !note;
	all->at = xrealloc(all->at, (size_t)(all->n + 1) * sizeof *all->at);
	memmove(&all->at[i + 1], &all->at[i], (size_t)(all->n++ - i) * sizeof *all->at);
	all->at[i] = (struct bookmark){step, xstrdup(note)};
	return true;
}

const struct bookmark *recording_bookmarks(const struct recording *r, int *n)
{
	*n = r->bookmarks.n;
	return r->bookmarks.at;
}

void bookmarks_free(struct bookmarks *all)
{
	while (all->n)
		drop(all, all->n - 1);
	free(all->at);
}
