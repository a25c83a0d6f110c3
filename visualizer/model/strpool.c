/* SPDX-License-Identifier: MIT */
#include "strpool.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "xalloc.h"

/* FNV-1a */
static uint64_t hash(const char *s)
{
	uint64_t h = 0xcbf29ce484222325;
	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 0x100000001b3;
	return h;
}

/* The slot that holds s, or the free one where it belongs. */
static char **slot_of(const struct strpool *t, const char *s)
{
	size_t i = hash(s) & (t->nslots - 1);
	while (t->slots[i] && strcmp(t->slots[i], s))
		i = (i + 1) & (t->nslots - 1);
	return &t->slots[i];
}

static void grow(struct strpool *t)
{
	struct strpool bigger = {.n = t->n, .nslots = t->nslots ? 2 * t->nslots : 64};
	bigger.slots = xcalloc(bigger.nslots, sizeof *bigger.slots);
	for (size_t i = 0; i < t->nslots; i++)
		if (t->slots[i])
			*slot_of(&bigger, t->slots[i]) = t->slots[i];
	free(t->slots);
	*t = bigger;
}

const char *strpool_keep(struct strpool *t, const char *s)
{
	if (!s)
		return NULL;
	if (2 * t->n >= t->nslots)
		grow(t);
	char **slot = slot_of(t, s);
	if (!*slot) {
		*slot = xstrdup(s);
		t->n++;
	}
	return *slot;
}

void strpool_free(struct strpool *t)
{
	for (size_t i = 0; i < t->nslots; i++)
		free(t->slots[i]);
	free(t->slots);
	*t = (struct strpool){0};
}
