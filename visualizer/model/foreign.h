/* SPDX-License-Identifier: MIT */
/*
 * The first step of a recording at which an M's chain has a foreign link. An index of the
 * recording: looked for once, and further as that grows, wherever anybody looks.
 */
#ifndef MODEL_FOREIGN_H
#define MODEL_FOREIGN_H

#include "recording.h"

struct foreign;
struct foreign *foreign_new(const struct recording *r); /* which must outlive it */
void foreign_free(struct foreign *f);
/* That step; -1: none has one, of those that were looked at: `most` more are, at each call. */
int64_t foreign_first(struct foreign *f, int64_t most);

/* Whether one of its links is, the register's among them. */
bool chain_is_foreign(const struct chain *c);

#endif
