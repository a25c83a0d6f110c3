/* SPDX-License-Identifier: MIT */
/* What can be looked up at a step; see fact.h. */
#include "fact.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/event.h"
#include "model/say.h"
#include "model/xalloc.h"
#include "parse.h"

/*
 * The first link of the chain that is not sound, else the one that leaves the stack it
 * starts on, else top; out of library code any link is as good as none.
 */
static enum link telling_link(const struct answer *a)
{
	const struct chain *c = &a->chain;
	enum link found = LINK_TOP;

	for (int i = -1; i < a->meant - 1; i++) {
		enum link l = i < 0 ? c->start : c->rec[i].link;
		if (!link_is_sound(l))
			return l;
		if (found == LINK_TOP && l != LINK_CALL)
			found = l;
	}
	return found;
}

/*
 * Function that frame i of the chain reports, frame 0 being the pc; NULL: no frame, or an
 * address in no function.
 */
static const char *frame_symbol(const struct code *c, const struct chain *ch, int i)
{
	if (i > ch->n)
		return NULL;
	const struct record *r = i == 0 ? NULL : &ch->rec[i - 1];
	const struct code_line *l = !r          ? code_at(c, ch->pc)
				    : r->is_ret ? code_ret(c, r->ret)
						: code_at(c, r->ret);
	return l ? l->sym : NULL;
}

/*
 * "mcall" stands for mcall_clear and so on too, so that a question is the same under all
 * policies.
 */
static bool is_symbol(const char *sym, const char *want)
{
	if (!sym)
		return false;
	return strcmp(sym, want) == 0 ||
	       (strcmp(want, "mcall") == 0 && strncmp(sym, "mcall_", 6) == 0);
}

/* Who the chain says called `sym`. */
static const char *caller(const struct code *c, const struct chain *ch, const char *sym)
{
	const char *name;
	int i = 0;

	while (i <= ch->n && !is_symbol(frame_symbol(c, ch, i), sym))
		i++;
	while (i <= ch->n && is_symbol(frame_symbol(c, ch, i), sym))
		i++;
	if (i > ch->n)
		return "nothing";
	name = frame_symbol(c, ch, i);
	return name ? name : "garbage";
}

/* All that a chain is: where the register leads, and each record, with where that leads. */
static char *chain_words(const struct chain *c)
{
	enum { RECORD_LEN = 80 };
	char words[(WALK_MAX + 1) * RECORD_LEN];
	int n = snprintf(words, sizeof words, "%s", link_name(c->start));

	for (int i = 0; i < c->n; i++) {
		const struct record *r = &c->rec[i];
		n += snprintf(words + n, RECORD_LEN, ",%llx:%llx:%llx:%s",
			(unsigned long long)r->fp, (unsigned long long)r->next,
			(unsigned long long)r->ret, link_name(r->link));
	}
	return xstrdup(words);
}

char *fact_value(const struct moment *at, const struct fact *f)
{
	const struct g_state *g = snap_g(at->now, f->id);
	const struct m_state *m = snap_m(at->now, f->id);
	const char *word = "none";
	struct answer a;

	if (f->kind >= FACT_STATUS) {
		if (g && f->kind == FACT_OWNER)
			return g->m >= 0 ? xasprintf("M%d", g->m) : xstrdup("nobody");
		if (g)
			word = status_name(g->status);
	} else if (m && !m->exited) {
		moment_judge(at, f->id, &a);
		if (f->kind == FACT_CHAIN)
			return chain_words(&a.chain);
		if (f->kind == FACT_VERDICT)
			word = verdict_name(a.verdict);
		else if (f->kind == FACT_LINK)
			word = link_name(telling_link(&a));
		else
			word = caller(moment_code(at), &a.chain, f->sym);
	}
	return xstrdup(word);
}

/*
 * Whether a word is among others with blanks between. A function's name may have a blank, and is
 * then no word of a lesson.
 */
static bool among(const char *word, const char *words)
{
	size_t n = strlen(word);

	for (const char *p = words; (p = strstr(p, word)) && !strchr(word, ' '); p += n)
		if ((p == words || p[-1] == ' ') && (p[n] == ' ' || p[n] == 0))
			return true;
	return false;
}

/* The same as the condition says, of the fact whose value is given. */
static bool value_holds(const struct cond *c, char *value)
{
	bool holds = among(value, c->words) != c->negated;

	free(value);
	return holds;
}

/* For a fact of any M: the first M that it holds for decides. */
static bool fact_holds(const struct moment *at, const struct cond *c, char *saw, size_t nsaw)
{
	static const char *const what[] = {"verdict", "link", "chain", "caller", "status", "owner"};
	struct fact f = c->fact;

	if (f.id >= 0) {
		char *value = fact_value(at, &f);
		say(saw, nsaw, "it is %s", value);
		return value_holds(c, value);
	}
	assert(f.kind <= FACT_CALLER); /* ids of Ms are none of Gs */
	for (int i = 0; i < at->now->nms; i++) {
		f.id = at->now->ms[i].id;
		char *value = fact_value(at, &f);
		say(saw, nsaw, "the %s of M%d is %s", what[f.kind], f.id, value);
		if (value_holds(c, value))
			return true;
	}
	return false;
}

static bool event_holds(const struct moment *at, const struct cond *c, char *saw, size_t nsaw)
{
	const struct event *e = moment_event(at);
	char words[SENTENCE_MAX];
	bool same = e && strcmp(event_names[e->id], c->words) == 0 &&
		    (!c->g || (e->nargs && e->arg[0] == c->g));

	if (e)
		say(saw, nsaw, "it is %s: %s", event_names[e->id],
			event_words(e, moment_code(at), words, sizeof words));
	else
		say(saw, nsaw, "there is none at this step");
	return same != c->negated;
}

static bool at_holds(const struct moment *at, const struct cond *c, const struct m_state *m)
{
	uint64_t pc = m_pc(at->now, m);
	const struct code_line *l = code_at(moment_code(at), pc);

	return l && l->sym && strcmp(l->sym, c->words) == 0 && pc - l->sym_lo == (uint64_t)c->n;
}

bool cond_holds(const struct moment *at, const struct cond *c, int m, char *saw, size_t nsaw)
{
	const struct m_state *ms = snap_m(at->now, m);

	saw[0] = 0;
	switch (c->kind) {
	case COND_FACT: return fact_holds(at, c, saw, nsaw);
	case COND_EVENT: return event_holds(at, c, saw, nsaw);
	case COND_AT: return ms && at_holds(at, c, ms);
	case COND_ASLEEP: return ms && ms->asleep;
	case COND_CHANGES:
	case COND_STEPS: break;
	}
	return false;
}
