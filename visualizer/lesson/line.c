/* SPDX-License-Identifier: MIT */
/*
 * The grammar of do, ask and expect lines; docs/lesson.md has it whole. Functions are named
 * after what they read.
 *
 *   do      run [!Mn | @TIME]... (Mn | all) (until UNTIL | for N steps)  |  focus Mn
 *   UNTIL   event NAME [Gn]  |  at SYMBOL[+OFFSET]  |  asleep  |  FACT VALUES  |  FACT changes
 *   ask     text  |  - option  |  answer: FACT
 *   expect  [never] FACT VALUES  |  event is [not] NAME [Gn]
 *   FACT    verdict of Mn | link of Mn | chain of Mn | caller of SYMBOL on Mn | status of Gn |
 *           owner of Gn
 *   VALUES  is [not] NAME [or NAME]…
 */
#include "parse.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/event.h"
#include "model/say.h"
#include "model/xalloc.h"

/* A line being read, word by word. */
struct line_words {
	struct lesson_file *file;
	struct words w;
	int i;
};

int line_number(struct lesson_file *file, const char *at)
{
	assert(at >= file->text && at <= file->text + file->len);
	if (!file->counted || at < file->counted) {
		file->counted = file->text;
		file->line = 1;
	}
	for (; file->counted < at; file->counted++)
		file->line += *file->counted == '\n';
	return file->line;
}

bool parse_error(struct lesson_file *file, const char *at, const char *format, ...)
{
	char what[SENTENCE_MAX];
	const char *bol;
	va_list ap;

	if (file->failed)
		return false;
	file->failed = true;
	if (at < file->text || at > file->text + file->len)
		at = file->here;
	bol = at;
	while (bol > file->text && bol[-1] != '\n')
		bol--;
	va_start(ap, format);
	vsay(what, sizeof what, format, ap);
	va_end(ap);
	if (file->path)
		say(file->err, file->nerr, "%s:%d:%d: %s", file->path, line_number(file, at),
			(int)(at - bol) + 1, what);
	else
		say(file->err, file->nerr, "column %d: %s", (int)(at - bol) + 1, what);
	return false;
}

/* The word that stands next, empty at the end of the line. */
static struct span peek(const struct line_words *r)
{
	assert(r->i <= r->w.n);
	return r->w.word[r->i];
}

static struct span take(struct line_words *r)
{
	return r->i < r->w.n ? r->w.word[r->i++] : r->w.word[r->w.n];
}

static bool take_if(struct line_words *r, const char *word)
{
	if (!span_is(peek(r), word))
		return false;
	r->i++;
	return true;
}

/* Say that something else was expected at the next word, or at the end of the line. */
static bool expected(struct line_words *r, const char *what)
{
	struct span s = peek(r);

	if (!s.len)
		return parse_error(r->file, s.at, "the line ends where %s should follow", what);
	return parse_error(r->file, s.at, "`%.*s` stands where %s should", (int)s.len, s.at, what);
}

static bool need(struct line_words *r, const char *word)
{
	char what[32];

	snprintf(what, sizeof what, "`%s`", word);
	return take_if(r, word) || expected(r, what);
}

/* The number of an M or a G, as in "M0". */
static bool need_numbered(struct line_words *r, char prefix, int *id)
{
	*id = span_numbered(peek(r), prefix);
	if (*id < 0)
		return expected(r, prefix == 'M' ? "an M, such as M0," : "a G, such as G1,");
	r->i++;
	return true;
}

/* One name of a list; what: "an event". */
static bool need_name(
	struct line_words *r, const char *what, const char *const *list, char *buf, size_t n)
{
	struct span s = peek(r);
	char hint[512];

	if (!s.len)
		return expected(r, what);
	if (name_index(s, list) < 0)
		return parse_error(r->file, s.at, "`%.*s` is not %s%s", (int)s.len, s.at, what,
			name_hint(s, list, hint, sizeof hint));
	assert(s.len < n); /* cut it would be another name */
	span_copy(take(r), buf, n);
	return true;
}

static bool need_symbol(struct line_words *r, char **sym)
{
	if (!peek(r).len)
		return expected(r, "a function's name");
	*sym = span_dup(take(r));
	return true;
}

static bool need_end(struct line_words *r)
{
	struct span s = peek(r);

	if (s.len)
		return parse_error(
			r->file, s.at, "the line should end before `%.*s`", (int)s.len, s.at);
	return true;
}

/* FACT. any_m: "of Mn" may be left out, for any M. */
static bool read_fact(struct line_words *r, struct fact *f, bool any_m)
{
	static names kinds = {"verdict", "link", "chain", "caller", "status", "owner", NULL};
	char kind[16];

	if (!need_name(r, "something that can be looked up", kinds, kind, sizeof kind))
		return false;
	f->kind = (enum fact_kind)name_index((struct span){kind, strlen(kind)}, kinds);
	f->id = -1;
	if (any_m && f->kind <= FACT_LINK && span_is(peek(r), "is"))
		return true;
	if (!need(r, "of"))
		return false;
	if (f->kind >= FACT_STATUS)
		return need_numbered(r, 'G', &f->id);
	if (f->kind == FACT_CALLER && (!need_symbol(r, &f->sym) || !need(r, "on")))
		return false;
	return need_numbered(r, 'M', &f->id);
}

static void add_word(struct cond *c, const char *word)
{
	char *words = c->words ? xasprintf("%s %s", c->words, word) : xstrdup(word);

	free(c->words);
	c->words = words;
}

/*
 * The names that a fact's value may be called by; "unsound" stands for all that are wrong.
 */
static const char *const *value_names(enum fact_kind kind)
{
	static const char *links[LINK_COUNT + 2], *verdicts[VERDICT_COUNT + 2],
		*states[GS_DEAD + 2];

	for (int i = 0; i < LINK_COUNT; i++)
		links[i] = link_name((enum link)i);
	for (int i = 0; i < VERDICT_COUNT; i++)
		verdicts[i] = verdict_name((enum verdict)i);
	for (int i = 0; i <= GS_DEAD; i++)
		states[i] = status_name((enum g_status_model)i);
	links[LINK_COUNT] = verdicts[VERDICT_COUNT] = "unsound";
	return kind == FACT_LINK ? links : kind == FACT_VERDICT ? verdicts : states;
}

static void add_unsound(struct cond *c)
{
	if (c->fact.kind == FACT_LINK) {
		for (int i = 0; i < LINK_COUNT; i++)
			if (!link_is_sound((enum link)i))
				add_word(c, link_name((enum link)i));
	} else {
		for (int i = 0; i < VERDICT_COUNT; i++)
			if (verdict_worth((enum verdict)i) == WORTH_BAD)
				add_word(c, verdict_name((enum verdict)i));
	}
}

/* One NAME of VALUES. */
static bool read_value(struct line_words *r, struct cond *c)
{
	static const char *const what[] = {"a verdict", "a link", "", "", "a status"};
	char word[64], *sym;
	int m;

	switch (c->fact.kind) {
	case FACT_CALLER:
		if (!need_symbol(r, &sym))
			return false;
		add_word(c, sym);
		free(sym);
		return true;
	case FACT_OWNER:
		if (take_if(r, "nobody"))
			snprintf(word, sizeof word, "nobody");
		else if (need_numbered(r, 'M', &m))
			snprintf(word, sizeof word, "M%d", m);
		else
			return false;
		break;
	default:
		if (!need_name(r, what[c->fact.kind], value_names(c->fact.kind), word, sizeof word))
			return false;
	}
	if (strcmp(word, "unsound") == 0 && c->fact.kind <= FACT_LINK)
		add_unsound(c);
	else
		add_word(c, word);
	return true;
}

/* A chain is only looked at for whether it changes. */
static bool need_value(struct line_words *r, const struct fact *f, const char *where)
{
	return f->kind != FACT_CHAIN || parse_error(r->file, where,
						"a chain has no name; `chain of M0 changes` can be "
						"waited for");
}

/* VALUES */
static bool read_values(struct line_words *r, struct cond *c)
{
	c->kind = COND_FACT;
	if (!need_value(r, &c->fact, peek(r).at) || !need(r, "is"))
		return false;
	c->negated = take_if(r, "not");
	do {
		if (!read_value(r, c))
			return false;
	} while (take_if(r, "or"));
	return true;
}

/* FACT VALUES */
static bool read_claim(struct line_words *r, struct cond *c, bool any_m)
{
	return read_fact(r, &c->fact, any_m) && read_values(r, c);
}

/* NAME [Gn] */
static bool read_event(struct line_words *r, struct cond *c)
{
	c->kind = COND_EVENT;
	char name[64];

	if (!need_name(r, "an event", event_names, name, sizeof name))
		return false;
	add_word(c, name);
	return !peek(r).len || need_numbered(r, 'G', &c->g);
}

/* SYMBOL[+OFFSET], the offset in C's notation */
static bool read_at(struct line_words *r, struct cond *c)
{
	struct span s = peek(r);
	char *plus, *end;

	c->kind = COND_AT;
	if (!need_symbol(r, &c->words))
		return false;
	plus = strchr(c->words, '+');
	if (!plus)
		return true;
	*plus = 0;
	c->n = strtol(plus + 1, &end, 0);
	if (c->n <= 0 || *end)
		return parse_error(r->file, s.at,
			"`%.*s`: an offset is a number of bytes, as in repaint+0x4", (int)s.len,
			s.at);
	return true;
}

static bool read_until(struct line_words *r, struct cond *c)
{
	if (take_if(r, "event"))
		return read_event(r, c);
	if (take_if(r, "at"))
		return read_at(r, c);
	if (take_if(r, "asleep")) {
		c->kind = COND_ASLEEP;
		return true;
	}
	if (!read_fact(r, &c->fact, false))
		return false;
	if (!take_if(r, "changes"))
		return read_values(r, c);
	c->kind = COND_CHANGES;
	return true;
}

/* N steps */
static bool read_count(struct line_words *r, struct cond *c)
{
	c->kind = COND_STEPS;
	c->n = span_number(peek(r));
	if (c->n <= 0)
		return expected(r, "a number of steps");
	r->i++;
	return take_if(r, "step") || need(r, "steps");
}

/* What comes before the first step, as in a schedule. */
static bool read_before(struct line_words *r, struct lesson_cmd *cmd)
{
	const char *wanted = NULL;

	while (!wanted && peek(r).len && strchr("!@", *peek(r).at)) {
		struct span s = peek(r);
		char *word = span_dup(s);
		wanted = schedule_parse_before(&cmd->before, word);
		free(word);
		if (wanted)
			return parse_error(
				r->file, s.at, "`%.*s`: expected %s", (int)s.len, s.at, wanted);
		r->i++;
	}
	return true;
}

static bool read_run(struct line_words *r, struct lesson_cmd *cmd)
{
	cmd->kind = LCMD_RUN;
	cmd->m = -1;
	if (!read_before(r, cmd))
		return false;
	if (!take_if(r, "all") && !need_numbered(r, 'M', &cmd->m))
		return false;
	if (take_if(r, "for"))
		return read_count(r, &cmd->until);
	return need(r, "until") && read_until(r, &cmd->until);
}

/* Split a line into words. */
static bool line_words_start(struct line_words *r, struct lesson_file *file, struct span line)
{
	r->file = file;
	r->i = 0;
	if (!words_split(&r->w, line))
		return parse_error(file, line.at, "the line has more than %d words", WORDS_MAX);
	return true;
}

bool line_until(struct lesson_file *file, struct span line, struct cond *c)
{
	struct line_words r;

	return line_words_start(&r, file, line) && read_until(&r, c) && need_end(&r);
}

bool line_do(struct lesson_file *file, struct span line, struct lesson_stop *stop)
{
	static names commands = {"run", "focus", NULL};
	struct lesson_cmd *cmd;
	struct line_words r;
	char word[16];

	stop->cmds = xrealloc(stop->cmds, (size_t)(stop->ncmds + 1) * sizeof *cmd);
	cmd = &stop->cmds[stop->ncmds++];
	*cmd = (struct lesson_cmd){.line = line_number(file, line.at), .text = span_dup(line)};
	if (!line_words_start(&r, file, line) ||
		!need_name(&r, "a command", commands, word, sizeof word))
		return false;
	if (strcmp(word, "focus") == 0) {
		cmd->kind = LCMD_FOCUS;
		if (!need_numbered(&r, 'M', &cmd->m))
			return false;
	} else if (!read_run(&r, cmd)) {
		return false;
	}
	return need_end(&r);
}

bool line_expect(
	struct lesson_file *file, struct span line, const char *policy, struct lesson_stop *stop)
{
	struct lesson_expect *e;
	struct line_words r;
	bool ok;

	stop->expects = xrealloc(stop->expects, (size_t)(stop->nexpects + 1) * sizeof *e);
	e = &stop->expects[stop->nexpects++];
	*e = (struct lesson_expect){.line = line_number(file, line.at), .text = span_dup(line)};
	snprintf(e->policy, sizeof e->policy, "%s", policy);
	if (!line_words_start(&r, file, line))
		return false;
	e->never = take_if(&r, "never");
	if (take_if(&r, "event")) {
		ok = need(&r, "is");
		e->what.negated = ok && take_if(&r, "not");
		ok = ok && read_event(&r, &e->what);
	} else {
		ok = read_claim(&r, &e->what, e->never);
	}
	return ok && need_end(&r);
}

/* "answer: FACT" */
static bool read_answer(struct lesson_file *file, struct span line, struct lesson_stop *stop)
{
	struct line_words r;

	if (stop->ask_line)
		return parse_error(file, line.at, "a second `answer:`; a question has one");
	stop->ask_line = line_number(file, line.at);
	return line_words_start(&r, file, line) && take(&r).len &&
	       read_fact(&r, &stop->answer, false) && need_value(&r, &stop->answer, line.at) &&
	       need_end(&r);
}

bool line_ask(struct lesson_file *file, struct span line, struct lesson_stop *stop)
{
	if (line.len > 7 && memcmp(line.at, "answer:", 7) == 0)
		return read_answer(file, line, stop);
	if (line.len > 2 && memcmp(line.at, "- ", 2) == 0) {
		if (stop->noptions == LESSON_OPTIONS_MAX)
			return parse_error(file, line.at, "a question has at most %d options",
				LESSON_OPTIONS_MAX);
		line = span_trim((struct span){line.at + 2, line.len - 2});
		stop->options[stop->noptions++] = span_dup(line);
		return true;
	}
	if (stop->noptions)
		return parse_error(file, line.at,
			"after the options only `answer: …` may follow; an option starts `- `");
	if (file->question.n)
		text_add(&file->question, " ", 1);
	text_add(&file->question, line.at, line.len);
	return true;
}
