/* SPDX-License-Identifier: MIT */
#include "roll.h"

#include <assert.h>
#include <stdlib.h>

#include "model/xalloc.h"

struct member *roll_find(const struct roll *r, uint64_t at)
{
	uint64_t place = addrmap_get(&r->places, at);
	return place ? &r->members[place - 1] : NULL;
}

struct member *roll_add(struct roll *r, uint64_t at, int is)
{
	assert(!roll_find(r, at));
	r->members = xgrow(r->members, &r->cap, r->n + 1, sizeof *r->members);
	struct member *m = &r->members[r->n++];
	*m = (struct member){.at = at, .is = is};
	addrmap_put(&r->places, at, r->n);
	return m;
}

void roll_free(struct roll *r)
{
	free(r->members);
	addrmap_free(&r->places);
}
