/* SPDX-License-Identifier: MIT */
#include "foreign.h"

#include <assert.h>
#include <stdlib.h>

#include "xalloc.h"

struct foreign {
	const struct recording *r;
	struct cursor *cursor;
	int64_t looked; /* up to this step */
	int64_t first;
};

struct foreign *foreign_new(const struct recording *r)
{
	struct foreign *f = xcalloc(1, sizeof *f);
	*f = (struct foreign){.r = r, .cursor = cursor_new(r), .looked = -1, .first = -1};
	return f;
}

void foreign_free(struct foreign *f)
{
	if (!f)
		return;
	cursor_free(f->cursor);
	free(f);
}

bool chain_is_foreign(const struct chain *c)
{
	bool foreign = c->start == LINK_FOREIGN;
	for (int i = 0; i < c->n && !foreign; i++)
		foreign = c->rec[i].link == LINK_FOREIGN;
	return foreign;
}

static bool any_foreign(const struct recording *r, const struct snapshot *s)
{
	struct chain c;
	for (int i = 0; i < s->nms; i++) {
		if (s->ms[i].exited)
			continue;
		walk(s, recording_code(r), s->ms[i].id, &c);
		if (chain_is_foreign(&c))
			return true;
	}
	return false;
}

int64_t foreign_first(struct foreign *f, int64_t most)
{
	assert(f->looked <= recording_last(f->r));
	while (f->first < 0 && f->looked < recording_last(f->r) && most-- > 0) {
		f->looked++;
		if (any_foreign(f->r, cursor_seek(f->cursor, f->looked)))
			f->first = f->looked;
	}
	return f->first;
}
