/* SPDX-License-Identifier: MIT */
/* The list of things, made and searched. See thing.h. */
#include "thing.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/xalloc.h"

/* Words lie in pieces of memory that never move: texts point into them. */
enum { PIECE = 1 << 16 };
struct piece {
	struct piece *next;
	size_t used, size;
	char text[];
};

struct thing_id thing_numbered(enum tag tag, uint64_t number, unsigned part)
{
	return (struct thing_id){.tag = tag, .part = part, .address = number};
}

struct thing_id thing_of(enum tag tag, int id, unsigned part)
{
	return (struct thing_id){.tag = tag, .part = part, .id = id};
}

int thing_compare(struct thing_id a, struct thing_id b)
{
	int order = (a.tag > b.tag) - (a.tag < b.tag);
	order = order ? order : (a.side > b.side) - (a.side < b.side);
	order = order ? order : (a.part > b.part) - (a.part < b.part);
	order = order ? order : (a.id > b.id) - (a.id < b.id);
	order = order ? order : (a.gen > b.gen) - (a.gen < b.gen);
	return order ? order : (a.address > b.address) - (a.address < b.address);
}

int thing_next(const struct scene *sc, enum tag tag, int i)
{
	if (i < (int)sc->first[tag])
		i = (int)sc->first[tag];
	for (; i < (int)sc->end[tag]; i++)
		if (sc->things[i].id.tag == tag)
			return i;
	return -1;
}

int thing_count(const struct scene *sc, enum tag tag, unsigned is)
{
	int n = 0;
	for (size_t i = sc->first[tag]; i < sc->end[tag]; i++)
		n += sc->things[i].id.tag == tag && (sc->things[i].is & is) == is;
	return n;
}

const struct text *thing_text(const struct scene *sc, const struct thing *t, unsigned part)
{
	assert(t->text + t->ntexts <= (int)sc->ntexts);
	for (int i = t->text; i < t->text + t->ntexts; i++)
		if (sc->texts[i].part == part)
			return &sc->texts[i];
	return NULL;
}

static const char *keep(struct scene *sc, const char *text)
{
	size_t n = strlen(text) + 1;
	struct piece *p = sc->pieces;
	if (!*text)
		return "";
	if (!p || p->size - p->used < n) {
		size_t size = n > PIECE ? n : PIECE;
		p = xmalloc(sizeof *p + size);
		*p = (struct piece){.next = sc->pieces, .size = size};
		sc->pieces = p;
	}
	char *at = p->text + p->used;
	p->used += n;
	return memcpy(at, text, n);
}

void scene_clear(struct scene *sc)
{
	while (sc->pieces) {
		struct piece *next = sc->pieces->next;
		free(sc->pieces);
		sc->pieces = next;
	}
	sc->n = sc->ntexts = 0;
	memset(sc->end, 0, sizeof sc->end);
	memset(sc->first, 0, sizeof sc->first);
}

struct thing *thing_add(struct scene *sc, struct thing_id id)
{
	sc->things = xgrow(sc->things, &sc->cap, sc->n + 1, sizeof *sc->things);
	if (!sc->end[id.tag])
		sc->first[id.tag] = sc->n;
	struct thing *t = &sc->things[sc->n++];
	sc->end[id.tag] = sc->n;
	*t = (struct thing){.id = id, .in = -1, .from = -1, .to = -1, .text = (int)sc->ntexts};
	return t;
}

struct text *thing_say(struct scene *sc, unsigned part, struct style st, const char *words)
{
	assert(sc->n > 0 && !thing_text(sc, &sc->things[sc->n - 1], part));
	sc->texts = xgrow(sc->texts, &sc->texts_cap, sc->ntexts + 1, sizeof *sc->texts);
	struct text *t = &sc->texts[sc->ntexts++];
	*t = (struct text){.part = (uint16_t)part, .style = st};
	words = keep(sc, words);
	for (int i = 0; i < LENGTHS; i++)
		t->words[i] = words;
	sc->things[sc->n - 1].ntexts++;
	return t;
}

void thing_say_shorter(struct scene *sc, enum length from, const char *words)
{
	assert(sc->ntexts > 0);
	words = keep(sc, words);
	for (int i = from; i < LENGTHS; i++)
		sc->texts[sc->ntexts - 1].words[i] = words;
}

void thing_sayf(struct scene *sc, unsigned part, struct style st, const char *format, ...)
{
	char text[1024];
	va_list ap;
	va_start(ap, format);
	vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	thing_say(sc, part, st, text);
}
