/* SPDX-License-Identifier: MIT */
/*
 * The first two lines: what is shown, and what each M is doing. Below them what the program has
 * done to the runtime's structs, if anything.
 */
#include "picture.h"

#include <assert.h>
#include <stdio.h>

#include "scene/append.h"

enum { M_MIN_W = 24 };

/* The last turns that have room: the first of them; -1: none has. */
static int first_turn(const struct scene *sc, int room)
{
	int from = -1, used = 0, turns = thing_count(sc, TAG_TURN, 0);
	int at = thing_next(sc, TAG_TURN, 0);
	for (int i = at + turns - 1; turns && i >= at; i--) {
		int w = text_width(thing_text(sc, &sc->things[i], 0)->words[IN_FULL]);
		if (used + w + (used > 0) > room)
			break;
		used += w + (used > 0);
		from = i;
	}
	return from;
}

/* The schedule's last turns, as many as there is room for; before them that there were others. */
static void add_turns(const struct scene *sc, char *buf, size_t n, int room)
{
	int i = first_turn(sc, room);
	if (i >= 0)
		append(buf, n, " · %s", sc->things[i].id.address ? "… " : "");
	for (int first = i; i >= 0; i = thing_next(sc, TAG_TURN, i + 1))
		append(buf, n, "%s%s", i > first ? " " : "",
			thing_text(sc, &sc->things[i], 0)->words[IN_FULL]);
}

static void draw_title(struct picture *p)
{
	const struct scene *sc = p->sc;
	const struct thing *left = &sc->things[thing_next(sc, TAG_TITLE, 0)];
	const struct thing *right = &sc->things[thing_next(sc, TAG_TITLE_RIGHT, 0)];
	const struct text *name = thing_text(sc, left, 0), *step = thing_text(sc, right, 0);
	char words[256] = "";
	append(words, sizeof words, "%s", step->words[IN_FULL]);
	int room = p->l.title.w - text_width(words) - 2;
	enum length l = text_width(name->words[IN_FULL]) > room ? SHORTER : IN_FULL;
	/* " · … " before the turns, and a blank or two between left and right. */
	add_turns(sc, words, sizeof words, room - text_width(name->words[l]) - 7);
	struct rect at = p->l.title;
	int w = text_width(words);
	at.w -= w + 2;
	draw_thing(p, left, 0, at, l);
	at.x = p->l.title.x + p->l.title.w - w;
	at.w = w;
	draw_text(p->grid, right->id, at, step->style, words);
}

static void draw_m(struct picture *p, const struct thing *t, struct rect at)
{
	const struct text *does = thing_text(p->sc, t, M_WORDS);
	const char *verdict = thing_text(p->sc, t, M_VERDICT)->words[IN_FULL];
	int room = at.w - text_width(verdict) - 4;
	enum length l = length_that_fits(does, room);
	char words[DRAW_TEXT_MAX] = "";
	append(words, sizeof words, "%s%s", does->words[l], *verdict ? ":" : "");
	struct rect here = {at.x, at.y, room + 1, 1};
	here.x = draw_text(p->grid, t->id, here, does->style, words) + 1;
	here.w = at.x + at.w - here.x - 1;
	draw_thing(p, t, M_VERDICT, here, IN_FULL);
}

/* Where the Ms are too many, those from the focused one on. */
static void draw_ms(struct picture *p)
{
	const struct scene *sc = p->sc;
	int n = thing_count(sc, TAG_M, 0), first = thing_next(sc, TAG_M, 0), focus = -1;
	for (int i = 0; i < n; i++)
		if (sc->things[first + i].is & IS_FOCUS)
			focus = i;
	int across = p->l.ms.w / M_MIN_W < n ? p->l.ms.w / M_MIN_W : n;
	int from = focus >= across ? focus - across + 1 : 0;
	for (int i = 0; i < across; i++) {
		struct rect at = p->l.ms;
		at.w = p->l.ms.w / across;
		at.x += i * at.w;
		assert(sc->things[first + from + i].id.tag == TAG_M); /* one after the other */
		draw_m(p, &sc->things[first + from + i], at);
	}
}

/* `shown` of the sentences, and how many more there are. */
static void damage_words(const struct scene *sc, int shown, char *buf, size_t n)
{
	int first = thing_next(sc, TAG_DAMAGE, 0), all = thing_count(sc, TAG_DAMAGE, 0);
	*buf = '\0';
	append(buf, n, "DAMAGED: ");
	for (int i = 0; i < shown; i++)
		append(buf, n, "%s%s", i ? " · " : "",
			thing_text(sc, &sc->things[first + i], 0)->words[IN_FULL]);
	if (shown < all)
		append(buf, n, " · and %d more", all - shown);
}

/* As many of the sentences as there is room for. */
static void draw_damage(struct picture *p)
{
	int first = thing_next(p->sc, TAG_DAMAGE, 0), shown = thing_count(p->sc, TAG_DAMAGE, 0);
	char words[DRAW_TEXT_MAX];
	int room = p->l.damage.w < DRAW_TEXT_MAX ? p->l.damage.w : DRAW_TEXT_MAX - 1;
	do
		damage_words(p->sc, shown, words, sizeof words);
	while (text_width(words) > room && --shown > 0);
	draw_text(p->grid, p->sc->things[first].id, p->l.damage,
		thing_text(p->sc, &p->sc->things[first], 0)->style, words);
}

void draw_header(struct picture *p)
{
	draw_title(p);
	if (p->l.damage.h)
		draw_damage(p);
	draw_ms(p);
}
