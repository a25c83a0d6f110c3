/* SPDX-License-Identifier: MIT */
/* The bookmarks of a recording file. */
#include <string.h>

#include "recfile_parts.h"

enum { NOTE_MAX = 1024 };

void put_bookmarks(struct bytes *out, const struct recording *r)
{
	int n;
	const struct bookmark *at = recording_bookmarks(r, &n);
	put_u8(out, FRAME_BOOKMARKS);
	put_uv(out, (uint64_t)n);
	for (int i = 0; i < n; i++) {
		put_uv(out, (uint64_t)at[i].step);
		put_text(out, at[i].note);
	}
}

bool get_bookmarks(struct reader in, struct recording *r)
{
	char note[NOTE_MAX];
	uint64_t n = get_uv(&in);
	if (n > BOOKMARKS_MAX)
		return false;
	while (n-- && !in.bad) {
		uint64_t step = get_uv(&in);
		get_text(&in, note, sizeof note);
		if (!in.bad && step <= (uint64_t)r->last)
			recording_set_bookmark(r, (int64_t)step, note);
	}
	return !in.bad;
}
