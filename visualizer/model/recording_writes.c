/* SPDX-License-Identifier: MIT */
/* Which step wrote a word last: for each word written, the steps that did, in order. */
#include <stdlib.h>

#include "recording_parts.h"
#include "xalloc.h"

void writes_add(struct recording *r, int64_t step, const struct word_write *w, int n)
{
	for (int i = 0; i < n; i++) {
		uint64_t at = addrmap_get(&r->written, w[i].addr);
		if (!at) {
			r->write_lists = xgrow(r->write_lists, &r->write_lists_cap,
				r->nwrite_lists + 1, sizeof *r->write_lists);
			r->write_lists[r->nwrite_lists++] = (struct write_list){0};
			addrmap_put(&r->written, w[i].addr, at = r->nwrite_lists);
		}
		struct write_list *l = &r->write_lists[at - 1];
		l->steps = xgrow(l->steps, &l->cap, l->n + 1, sizeof *l->steps);
		l->steps[l->n++] = step;
	}
}

/* The last step known, which made these writes, is forgotten. */
void writes_forget(struct recording *r, const struct word_write *w, int n)
{
	for (int i = 0; i < n; i++)
		r->write_lists[addrmap_get(&r->written, w[i].addr) - 1].n--;
}

void writes_free(struct recording *r)
{
	for (size_t i = 0; i < r->nwrite_lists; i++)
		free(r->write_lists[i].steps);
	free(r->write_lists);
	addrmap_free(&r->written);
}

int64_t recording_last_write(const struct recording *r, int64_t step, uint64_t addr)
{
	uint64_t at = addrmap_get(&r->written, addr);
	if (!at)
		return 0;
	const struct write_list *l = &r->write_lists[at - 1];
	size_t lo = 0, hi = l->n; /* how many of them are <= step? */
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (l->steps[mid] <= step)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo ? l->steps[lo - 1] : 0;
}
