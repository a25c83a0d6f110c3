/* SPDX-License-Identifier: MIT */
#include "written.h"

#include <stdlib.h>
#include <string.h>

#include "xalloc.h"

void written_free(struct written *w)
{
	free(w->at);
	*w = (struct written){0};
}

struct written written_of(struct chunk *k)
{
	const struct word_at *all = chunk_by_addr(k);
	struct written w = {.at = xmalloc((k->nwrites + 1) * sizeof *w.at)};
	for (size_t i = 0; i < k->nwrites; i++)
		if (i + 1 == k->nwrites || all[i].addr != all[i + 1].addr)
			w.at[w.n++] = all[i];
	return w;
}

void written_join(struct written *earlier, const struct written *later)
{
	struct word_at *both = xmalloc((earlier->n + later->n + 1) * sizeof *both);
	size_t n = 0, a = 0, b = 0;
	while (a < earlier->n || b < later->n) {
		bool from_later = a == earlier->n ||
				  (b < later->n && later->at[b].addr <= earlier->at[a].addr);
		if (from_later && a < earlier->n && later->at[b].addr == earlier->at[a].addr)
			a++;
		both[n++] = from_later ? later->at[b++] : earlier->at[a++];
	}
	free(earlier->at);
	*earlier = (struct written){both, n};
}

int64_t written_by(const struct written *w, uint64_t addr)
{
	size_t lo = 0, hi = w->n;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (w->at[mid].addr < addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < w->n && w->at[lo].addr == addr ? w->at[lo].step : 0;
}

void written_put(const struct written *w, int64_t end, struct bytes *out)
{
	uint64_t addr = 0;
	put_uv(out, w->n);
	for (size_t i = 0; i < w->n; i++) {
		put_uv(out, (w->at[i].addr - addr) / 8);
		addr = w->at[i].addr;
	}
	for (size_t i = 0; i < w->n; i++)
		put_uv(out, (uint64_t)(end - w->at[i].step));
}

bool written_get(struct written *w, int64_t end, struct reader *in)
{
	uint64_t n = get_uv(in), addr = 0;
	if (in->bad || n > (uint64_t)(in->end - in->p) / 2) /* two numbers each */
		return false;
	w->at = xmalloc((n + 1) * sizeof *w->at);
	w->n = n;
	for (size_t i = 0; i < n; i++) {
		uint64_t more = get_uv(in);
		if ((i && !more) || more > (UINT64_MAX - addr) / 8)
			return false;
		w->at[i].addr = addr += 8 * more;
	}
	for (size_t i = 0; i < n; i++) {
		uint64_t before = get_uv(in);
		if (!before || before >= (uint64_t)end)
			return false;
		w->at[i].step = end - (int64_t)before;
	}
	return !in->bad;
}
