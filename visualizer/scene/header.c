/* SPDX-License-Identifier: MIT */
/*
 * The first two lines: what is shown (program or lesson, policy, step, schedule), and what
 * each M is doing. Below them what the program has done to the runtime's structs, if anything.
 */
#include "picture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TIERS = 4, SCHEDULE_W = 48 };

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/* The schedule's last turns, as many as there is room for. */
static void add_schedule_tail(const struct facts *f, char *buf, size_t n, int room)
{
	bool whole;
	if (room <= 0)
		return;
	char *tail =
		schedule_tail(recording_schedule(f->at.r), f->at.now->step, (size_t)room, &whole);
	if (*tail)
		append(buf, n, " · %s%s", whole ? "" : "… ", tail);
	free(tail);
}

static void draw_title(struct picture *p)
{
	const struct facts *f = &p->f;
	char left[256] = "", right[256] = "", policy[WORDS_MAX];
	append(left, sizeof left, "%s · ",
		f->s->lesson ? f->s->lesson->name : base_name(recording_info(f->at.r)->program));
	append(right, sizeof right, "step %lld of %lld", (long long)f->at.now->step,
		(long long)f->last);
	int64_t parting = timeline_parting(f->s->tl, NULL);
	if (parting >= 0)
		append(right, sizeof right, " · parts at %lld", (long long)parting);
	int room = p->l.title.w - text_width(left) - text_width(right) - 2;
	if (text_width(policy_words(f, false, policy, sizeof policy)) > room)
		policy_words(f, true, policy, sizeof policy);
	append(left, sizeof left, "%s", policy);
	/* " · … " before the turns, and a blank or two between left and right. */
	room -= text_width(policy) + 7;
	add_schedule_tail(f, right, sizeof right, room < SCHEDULE_W ? room : SCHEDULE_W);
	struct rect at = p->l.title;
	int w = text_width(right);
	at.w -= w + 2;
	draw_text(p->sc, draw_id(TAG_TITLE, 0, 0), at, BOLD(ROLE_TITLE), left);
	at = p->l.title;
	at.x += at.w - w;
	at.w = w;
	draw_text(p->sc, draw_id(TAG_TITLE_RIGHT, 0, 0), at, STYLE(ROLE_TITLE), right);
}

/* "M0 [P0] on g0, curg none, gave up G1 9 steps ago", shorter with each tier. */
static void m_words(const struct facts *f, const struct m_state *m, int tier, char *buf, size_t n)
{
	char words[256];
	*buf = '\0';
	append(buf, n, "%sM%d ", m == &f->at.now->ms[f->focus] ? "▸" : " ", m->id);
	if (m->p >= 0 && tier < 3)
		append(buf, n, "[P%d] ", m->p);
	char *history = words + sizeof words / 2;
	history_words(f, m, tier >= 2, history, sizeof words / 2);
	if (tier < 4 || !*history)
		append(buf, n, "%s", where_words(f, m, tier >= 1, words, sizeof words / 2));
	append(buf, n, "%s%s", *history && tier < 4 ? ", " : "", history);
}

static void draw_m(struct picture *p, int i, struct rect at)
{
	const struct facts *f = &p->f;
	const struct m_state *m = &f->at.now->ms[i];
	enum verdict v = f->answers[i].verdict;
	const char *verdict = m->exited ? "" : verdict_name(v);
	char text[WORDS_MAX];
	int room = at.w - text_width(verdict) - 4;
	for (int tier = 0; tier <= TIERS; tier++) {
		m_words(f, m, tier, text, sizeof text);
		if (text_width(text) <= room)
			break;
	}
	struct style st = {.role = ROLE_OWNER, .owner = m->id, .bold = i == f->focus};
	append(text, sizeof text, "%s", *verdict ? ":" : "");
	struct rect words = {at.x, at.y, room + 1, 1};
	words.x = draw_text(p->sc, draw_id_of(TAG_M, m->id, 0), words, st, text) + 1;
	words.w = at.x + at.w - words.x - 1;
	st = BOLD(verdict_role(v));
	st.badge = text_width(verdict);
	draw_text(p->sc, draw_id_of(TAG_M, m->id, 1), words, st, verdict);
}

/* As many of the sentences as there is room for, and how many more there are. */
static void draw_damage(struct picture *p)
{
	const struct snapshot *now = p->f.at.now;
	char text[WORDS_MAX], more[24] = "";
	int shown = now->ndamage, room = p->l.damage.w;
	if (room >= (int)sizeof p->sc->draws->text)
		room = sizeof p->sc->draws->text - 1;
	do {
		*text = '\0';
		if (shown < now->ndamage)
			snprintf(more, sizeof more, " · and %d more", now->ndamage - shown);
		append(text, sizeof text, "DAMAGED: ");
		for (int i = 0; i < shown; i++)
			append(text, sizeof text, "%s%s", i ? " · " : "", now->damage[i]);
		append(text, sizeof text, "%s", more);
	} while (text_width(text) > room && --shown > 0);
	draw_text(p->sc, draw_id(TAG_DAMAGE, 0, 0), p->l.damage, BOLD(ROLE_ERROR), text);
}

void draw_header(struct picture *p)
{
	int n = p->f.at.now->nms, least = 24;
	draw_title(p);
	if (p->l.damage.h)
		draw_damage(p);
	/* Where the Ms are too many, those from the focused one on. */
	int across = p->l.ms.w / least < n ? p->l.ms.w / least : n;
	int first = p->f.focus >= across ? p->f.focus - across + 1 : 0;
	for (int i = 0; i < across; i++) {
		struct rect at = p->l.ms;
		at.w = p->l.ms.w / across;
		at.x += i * at.w;
		draw_m(p, first + i, at);
	}
}
