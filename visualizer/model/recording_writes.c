/* SPDX-License-Identifier: MIT */
/* Which step wrote a word last: for each word written, the steps that did, in order. */
#include <assert.h>
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
			r->write_lists[r->nwrite_lists++] = (struct steps){0};
			addrmap_put(&r->written, w[i].addr, at = r->nwrite_lists);
		}
		steps_add(&r->write_lists[at - 1], step);
	}
}

/* The last step known, which made these writes, is forgotten. */
void writes_forget(struct recording *r, const struct word_write *w, int n)
{
	for (int i = 0; i < n; i++) {
		uint64_t at = addrmap_get(&r->written, w[i].addr);
		assert(at && r->write_lists[at - 1].n > 0);
		r->write_lists[at - 1].n--;
	}
}

void writes_free(struct recording *r)
{
	for (size_t i = 0; i < r->nwrite_lists; i++)
		steps_free(&r->write_lists[i]);
	free(r->write_lists);
	addrmap_free(&r->written);
}

static const struct steps *writers_of(const struct recording *r, uint64_t addr)
{
	static const struct steps none;
	uint64_t at = addrmap_get(&r->written, addr);
	return at ? &r->write_lists[at - 1] : &none;
}

int64_t recording_last_write(const struct recording *r, int64_t step, uint64_t addr)
{
	int64_t last = steps_prev(writers_of(r, addr), step + 1);
	return last < 0 ? 0 : last;
}

int64_t recording_next_write(const struct recording *r, int64_t step, uint64_t addr)
{
	int64_t next = steps_next(writers_of(r, addr), step);
	return next < 0 ? 0 : next;
}
