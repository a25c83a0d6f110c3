/* SPDX-License-Identifier: MIT */
/* The lesson of a recording file. */
#include <stdlib.h>
#include <string.h>

#include "recfile_parts.h"
#include "xalloc.h"

enum { NAME_MAX_LEN = 256, STOPS_MAX = 1 << 12 };

void put_lesson(struct bytes *out, const struct recording_lesson *l, int nstops)
{
	put_u8(out, FRAME_LESSON);
	put_text(out, l->name);
	put_blob(out, l->text, l->len);
	put_uv(out, (uint64_t)nstops);
	for (int i = 0; i < nstops; i++) {
		put_uv(out, (uint64_t)l->steps[i]);
		put_sv(out, l->focus[i]);
	}
}

bool get_lesson(struct reader in, struct recording *r)
{
	char name[NAME_MAX_LEN];
	struct recording_lesson l = {.name = name};
	get_text(&in, name, sizeof name);
	l.text = get_blob(&in, &l.len);
	uint64_t n = get_uv(&in);
	if (in.bad || n > STOPS_MAX)
		return false;
	int64_t *steps = xmalloc((n + 1) * sizeof *steps);
	int *focus = xmalloc((n + 1) * sizeof *focus);
	for (; (uint64_t)l.nstops < n && !in.bad; l.nstops++) {
		steps[l.nstops] = (int64_t)get_uv(&in);
		focus[l.nstops] = (int)get_in(&in, INT32_MIN, INT32_MAX);
	}
	l.steps = steps;
	l.focus = focus;
	if (!in.bad)
		recording_set_lesson(r, &l);
	free(steps);
	free(focus);
	return !in.bad;
}
