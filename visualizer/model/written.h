/* SPDX-License-Identifier: MIT */
/* Which words were written, and by which step last: a table, in order of address. */
#ifndef MODEL_WRITTEN_H
#define MODEL_WRITTEN_H

#include "chunk.h"

struct written {
	struct word_at *at;
	size_t n;
};

void written_free(struct written *w);
/* What a chunk has written. */
struct written written_of(struct chunk *k);
/* Of two in a row, the earlier one becomes that of both. */
void written_join(struct written *earlier, const struct written *later);
/* The step that wrote a word last; 0: none of these. */
int64_t written_by(const struct written *w, uint64_t addr);

/* As bytes, and back; end: a step after all of them. False: these bytes are none. */
void written_put(const struct written *w, int64_t end, struct bytes *out);
bool written_get(struct written *w, int64_t end, struct reader *in);

#endif
