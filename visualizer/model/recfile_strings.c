/* SPDX-License-Identifier: MIT */
/* Strings of a recording file that stand in it more than once: each is told once. */
#include <stdlib.h>
#include <string.h>

#include "recfile_parts.h"
#include "xalloc.h"

void string_put(struct string_writer *w, const char *s, struct bytes *out)
{
	uint64_t seen = s ? addrmap_get(&w->seen, (uintptr_t)s) : STRING_NONE;
	if (!s || seen) {
		put_uv(out, seen);
		return;
	}
	addrmap_put(&w->seen, (uintptr_t)s, STRING_SEEN + w->seen.n);
	put_uv(out, STRING_NEW);
	put_text(out, s);
}

void string_writer_free(struct string_writer *w)
{
	addrmap_free(&w->seen);
}

const char *string_get(struct string_reader *sr, struct reader *in)
{
	uint64_t kind = get_uv(in);
	if (kind == STRING_NONE)
		return NULL;
	if (kind >= STRING_SEEN) {
		if (kind - STRING_SEEN < sr->n)
			return sr->seen[kind - STRING_SEEN];
		in->bad = true;
		return NULL;
	}
	size_t n;
	const char *p = get_blob(in, &n);
	if (!p || memchr(p, 0, n)) {
		in->bad = true;
		return NULL;
	}
	char *s = strndup(p, n);
	sr->seen = xgrow(sr->seen, &sr->cap, sr->n + 1, sizeof *sr->seen);
	sr->seen[sr->n] = strpool_keep(&sr->pool, s);
	free(s);
	return sr->seen[sr->n++];
}

void string_reader_free(struct string_reader *sr)
{
	strpool_free(&sr->pool);
	free(sr->seen);
}
