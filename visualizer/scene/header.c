/* SPDX-License-Identifier: MIT */
/*
 * What is shown (program or lesson, policy, step, schedule); what each M is doing, and each G; and
 * what the program has done to the runtime's structs, if anything.
 */
#include "parts.h"

#include <stdlib.h>
#include <string.h>

enum { SCHEDULE_W = 48 };

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/* The schedule's last turns, as many as anybody has room for. */
static void make_turns(struct making *mk)
{
	const struct recording *r = mk->f.at.r;
	const int64_t step = mk->f.at.now->step;
	bool whole;
	char *rest, *tail = recording_schedule_tail(r, step, SCHEDULE_W, &whole);
	size_t n = 0, last = recording_turns(r, step);
	for (const char *c = tail; *c; c++)
		n += c == tail || *c == ' ';
	for (char *turn = strtok_r(tail, " ", &rest); turn; turn = strtok_r(NULL, " ", &rest)) {
		thing_add(mk->sc, thing_numbered(TAG_TURN, last - n, 0));
		thing_say(mk->sc, 0, STYLE(ROLE_TITLE), turn);
		n--;
	}
	free(tail);
}

static void make_title(struct making *mk)
{
	const struct facts *f = &mk->f;
	char left[256] = "", brief[256] = "", right[256] = "", policy[WORDS_MAX];
	const struct recording_info *info = recording_info(f->at.r);
	const char *name = f->s->lesson ? f->s->lesson->name : base_name(info->program);
	append(left, sizeof left, "%s · ", name);
	if (info->emulated)
		append(left, sizeof left, "emulated %s · ", info->arch);
	if (!has_registers(f))
		append(left, sizeof left, "what the flight recorder kept: events alone");
	append(brief, sizeof brief, "%s%s", left, policy_words(f, true, policy, sizeof policy));
	append(left, sizeof left, "%s", policy_words(f, false, policy, sizeof policy));
	append(right, sizeof right, "step %lld of %lld", (long long)f->at.now->step,
		(long long)f->last);
	int64_t parting = timeline_parting(f->s->tl, NULL);
	if (parting >= 0)
		append(right, sizeof right, " · parts at %lld", (long long)parting);
	thing_add(mk->sc, thing_numbered(TAG_TITLE, 0, 0));
	thing_say(mk->sc, 0, BOLD(ROLE_TITLE), left);
	thing_say_shorter(mk->sc, SHORTER, brief);
	thing_add(mk->sc, thing_numbered(TAG_TITLE_RIGHT, 0, 0));
	thing_say(mk->sc, 0, STYLE(ROLE_TITLE), right);
}

/* "M0 [P0] on g0, curg none, gave up G1 9 steps ago", shorter with each length. */
static const char *m_words(
	const struct facts *f, const struct m_state *m, enum length l, char *buf, size_t n)
{
	char history[128], where[128];
	*buf = '\0';
	append(buf, n, "%sM%d ", m == &f->at.now->ms[f->focus] ? "▸" : " ", m->id);
	if (m->p >= 0 && l < 3)
		append(buf, n, "[P%d] ", m->p);
	history_words(f, m, l >= 2, history, sizeof history);
	if (l < 4 || !*history)
		append(buf, n, "%s", where_words(f, m, l >= 1, where, sizeof where));
	append(buf, n, "%s%s", *history && l < 4 ? ", " : "", history);
	return buf;
}

static void make_m(struct making *mk, int i)
{
	const struct facts *f = &mk->f;
	const struct m_state *m = &f->at.now->ms[i];
	const char *verdict = m->exited ? "" : verdict_name(f->answers[i].verdict);
	char words[WORDS_MAX];
	struct style st = {.role = ROLE_OWNER, .owner = m->id, .bold = i == f->focus};
	thing_add(mk->sc, thing_of(TAG_M, m->id, 0))->is = i == f->focus ? IS_FOCUS : 0;
	thing_say(mk->sc, M_WORDS, st, "");
	for (enum length l = 0; l < LENGTHS; l++) {
		m_words(f, m, l, words, sizeof words);
		thing_say_shorter(mk->sc, l, words);
	}
	st = BOLD(verdict_role(f->answers[i].verdict));
	st.badge = text_width(verdict);
	thing_say(mk->sc, M_VERDICT, st, verdict);
}

static void make_g(struct making *mk, const struct g_state *g)
{
	struct style st = STYLE(ROLE_OWNER);
	st.owner = g->m;
	thing_add(mk->sc, thing_of(TAG_G, g->id, 0))->is = g->status == GS_DEAD ? IS_DEAD : 0;
	thing_sayf(mk->sc, 0, st, "G%d %s", g->id, status_name(g->status));
}

void make_header(struct making *mk)
{
	const struct snapshot *now = mk->f.at.now;
	make_title(mk);
	make_turns(mk);
	for (int i = 0; i < now->ndamage; i++) {
		thing_add(mk->sc, thing_numbered(TAG_DAMAGE, i, 0));
		thing_say(mk->sc, 0, BOLD(ROLE_ERROR), now->damage[i]);
	}
	for (int i = 0; i < now->nms; i++)
		make_m(mk, i);
	for (int i = 0; i < now->ngs; i++)
		make_g(mk, &now->gs[i]);
}
