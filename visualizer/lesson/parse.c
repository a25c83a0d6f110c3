/* SPDX-License-Identifier: MIT */
/*
 * The body of a lesson, from Markdown to stops. md4c calls back for every block and every
 * piece of text; pieces point into the text, so an error can name its line and column. A
 * `##` heading opens a stop; do, ask and expect blocks go to line.c line by line; all else
 * is prose.
 *
 * Prose comes out as one line a paragraph, with emphasis and links reduced to their text:
 * whoever shows it has only to wrap it.
 */
#include <assert.h>
#include <md4c.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parse.h"
#include "model/policy.h"
#include "model/xalloc.h"

/* What a fenced block is for. */
enum block { BLOCK_NONE, BLOCK_DO, BLOCK_ASK, BLOCK_EXPECT, BLOCK_CODE };

struct parser {
	struct lesson_file *file;
	struct lesson *l;
	struct growing prose, quote, notes; /* of the stop being read, or of the intro */
	bool quoting, html;
	const char *quote_at; /* where the quote's text starts */
	struct growing title;
	unsigned heading; /* level of the heading that the text belongs to; 0: none */
	enum block block;
	const char *block_at; /* its info string */
	char policy[8];       /* expect POLICY */
	int item;             /* number of the next item of an ordered list; 0: of a bulleted one */
};

static struct lesson_stop *stop_now(struct parser *p)
{
	return p->l->nstops ? &p->l->stops[p->l->nstops - 1] : NULL;
}

static struct growing *prose_now(struct parser *p)
{
	return p->quoting ? &p->quote : &p->prose;
}

static bool in_text(const struct parser *p, const char *at)
{
	return at >= p->file->text && at < p->file->text + p->file->len;
}

/* ---- stops and their blocks ---- */

/* Prose, quote and notes read so far go to the stop that ends here, or to the intro. */
static void close_stop(struct parser *p)
{
	struct lesson_stop *stop = stop_now(p);

	if (stop) {
		assert(!stop->prose); /* each is closed once */
		stop->prose = text_take(&p->prose, true);
		stop->notes = text_take(&p->notes, true);
		stop->prose_clear = text_take(&p->quote, false);
	} else {
		p->l->intro = text_take(&p->prose, true);
		text_drop(&p->notes);
		text_drop(&p->quote);
	}
}

static void open_stop(struct parser *p)
{
	close_stop(p);
	p->l->stops = xrealloc(p->l->stops, (size_t)(p->l->nstops + 1) * sizeof *p->l->stops);
	p->l->stops[p->l->nstops++] = (struct lesson_stop){0};
}

/* Which block an info string opens; BLOCK_NONE: parse_error has been called. */
static enum block block_of(struct parser *p, struct span info)
{
	static names blocks = {"do", "ask", "expect", NULL};
	char hint[128];
	struct words w;
	int k;

	if (!words_split(&w, info) || w.n == 0)
		return BLOCK_CODE;
	k = name_index(w.word[0], blocks);
	if (k < 0) {
		name_hint(w.word[0], blocks, hint, sizeof hint);
		if (!strstr(hint, "did you mean") || w.word[0].len < 2)
			return BLOCK_CODE;
		parse_error(p->file, info.at, "`%.*s` is not a block%s", (int)w.word[0].len,
			w.word[0].at, hint);
		return BLOCK_NONE;
	}
	p->policy[0] = 0;
	if (w.n == 1)
		return BLOCK_DO + (enum block)k;
	if (k != 2 || w.n > 2 || name_index(w.word[1], policy_names) < 0) {
		parse_error(p->file, w.word[1].at,
			"`%.*s`: blocks are `do`, `ask`, `expect` and `expect POLICY`%s",
			(int)w.word[1].len, w.word[1].at,
			name_hint(w.word[1], policy_names, hint, sizeof hint));
		return BLOCK_NONE;
	}
	span_copy(w.word[1], p->policy, sizeof p->policy);
	return BLOCK_EXPECT;
}

static bool open_block(struct parser *p, const MD_BLOCK_CODE_DETAIL *d)
{
	struct span info = {d->info.text ? d->info.text : "", d->info.size};

	p->block_at = info.at;
	p->block = block_of(p, info);
	if (p->block == BLOCK_NONE)
		return false;
	if (p->block != BLOCK_CODE && !stop_now(p))
		return parse_error(p->file, info.at,
			"a block before the first stop; a `##` heading opens one");
	if (p->block == BLOCK_ASK && stop_now(p)->question)
		return parse_error(p->file, info.at, "a second question; a stop has one");
	return true;
}

static bool close_block(struct parser *p)
{
	struct lesson_stop *stop = stop_now(p);
	enum block block = p->block;

	p->block = BLOCK_NONE;
	if (block == BLOCK_CODE)
		text_add(prose_now(p), "\n", 1);
	if (block != BLOCK_ASK)
		return true;
	stop->question = text_take(&p->file->question, false);
	if (!stop->question || stop->noptions < 2)
		return parse_error(p->file, p->block_at,
			"a question is its text and at least two options `- …`");
	if (!stop->ask_line)
		return parse_error(p->file, p->block_at,
			"a question needs a line `answer: …`, to be looked up in memory, "
			"such as `answer: caller of mcall on M0`");
	return true;
}

static bool block_line(struct parser *p, struct span line)
{
	struct span s = span_trim(line);

	if (p->block == BLOCK_CODE) {
		text_add(prose_now(p), "    ", 4);
		text_add(prose_now(p), line.at, line.len);
		return true;
	}
	if (!s.len)
		return true;
	if (p->block == BLOCK_DO)
		return line_do(p->file, s, stop_now(p));
	if (p->block == BLOCK_ASK)
		return line_ask(p->file, s, stop_now(p));
	return line_expect(p->file, s, p->policy, stop_now(p));
}

/* ---- what md4c calls ---- */

/* What a callback returns: at a positive number md4c only leaves the block that it is in. */
static int go_on(bool ok)
{
	return ok ? 0 : -1;
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *ctx)
{
	struct parser *p = ctx;
	char number[16];

	switch (type) {
	case MD_BLOCK_H:
		p->heading = ((MD_BLOCK_H_DETAIL *)detail)->level;
		if (p->heading == 2)
			open_stop(p);
		break;
	case MD_BLOCK_CODE: return go_on(open_block(p, detail));
	case MD_BLOCK_QUOTE:
		p->quoting = true;
		p->quote_at = NULL;
		break;
	case MD_BLOCK_HTML: p->html = true; break;
	case MD_BLOCK_UL: p->item = 0; break;
	case MD_BLOCK_OL: p->item = (int)((MD_BLOCK_OL_DETAIL *)detail)->start; break;
	case MD_BLOCK_LI:
		snprintf(number, sizeof number, p->item ? "%d. " : "- ", p->item);
		text_add(prose_now(p), number, strlen(number));
		p->item += p->item != 0;
		break;
	default: break;
	}
	return 0;
}

/* A quote is what to say under clear if it starts so, else prose. */
static bool close_quote(struct parser *p)
{
	static const char mark[] = "clear:";

	p->quoting = false;
	if (p->quote.n >= sizeof mark - 1 && memcmp(p->quote.s, mark, sizeof mark - 1) == 0) {
		memset(p->quote.s, ' ', sizeof mark - 1);
		return true;
	}
	return parse_error(p->file, p->quote_at,
		"a quote that does not start with `clear:`; a lesson has no others");
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *ctx)
{
	struct parser *p = ctx;

	(void)detail;
	switch (type) {
	case MD_BLOCK_H:
		if (p->heading == 2)
			stop_now(p)->title = text_take(&p->title, true);
		p->heading = 0;
		break;
	case MD_BLOCK_P: text_add(prose_now(p), "\n\n", 2); break;
	case MD_BLOCK_LI: text_add(prose_now(p), "\n", 1); break;
	case MD_BLOCK_UL:
	case MD_BLOCK_OL: text_add(prose_now(p), "\n", 1); break;
	case MD_BLOCK_QUOTE: return go_on(close_quote(p));
	case MD_BLOCK_HTML: p->html = false; break;
	case MD_BLOCK_CODE: return go_on(close_block(p));
	default: break;
	}
	return 0;
}

/* Code keeps its ticks: `mcall` is a name, mcall would be a word. */
static int on_span(MD_SPANTYPE type, void *detail, void *ctx)
{
	struct parser *p = ctx;

	(void)detail;
	if (type == MD_SPAN_CODE && !p->heading)
		text_add(prose_now(p), "`", 1);
	return 0;
}

static bool heading_text(struct parser *p, struct span s)
{
	struct lesson_stop *stop = stop_now(p);

	if (p->heading != 2)
		return parse_error(p->file, s.at,
			"a heading of level %u; only `##`, one a stop: the lesson's title is "
			"in the front matter",
			p->heading);
	text_add(&p->title, s.at, s.len);
	if (!stop->line && in_text(p, s.at))
		stop->line = line_number(p->file, s.at);
	return true;
}

/* HTML: a comment is a note for the teacher; there is nothing else. */
static bool html_text(struct parser *p, struct span s)
{
	struct span t = span_trim(s);

	if (t.len >= 4 && memcmp(t.at, "<!--", 4) == 0)
		t.at += 4, t.len -= 4;
	if (t.len >= 3 && memcmp(t.at + t.len - 3, "-->", 3) == 0)
		t.len -= 3;
	if (t.len && t.at[0] == '<')
		return parse_error(p->file, t.at,
			"HTML; only comments `<!-- … -->`, "
			"which are notes for the teacher");
	if (span_is(s, "\n"))
		t = s;
	text_add(&p->notes, t.at, t.len);
	return true;
}

static int on_text(MD_TEXTTYPE type, const MD_CHAR *at, MD_SIZE size, void *ctx)
{
	struct parser *p = ctx;
	struct span s = {at, size};

	if (in_text(p, at))
		p->file->here = at;
	if (p->block == BLOCK_CODE && !in_text(p, at)) {
		text_add(prose_now(p), at, size);
		return 0;
	}
	if (p->block != BLOCK_NONE)
		return go_on(!in_text(p, at) || block_line(p, s));
	if (type == MD_TEXT_SOFTBR || type == MD_TEXT_BR)
		s = (struct span){" ", 1};
	if (p->heading)
		return go_on(heading_text(p, s));
	if (p->quoting && !p->quote_at)
		p->quote_at = at;
	if (p->html || type == MD_TEXT_HTML)
		return go_on(html_text(p, s));
	else
		text_add(prose_now(p), s.at, s.len);
	return 0;
}

bool parse_body(struct lesson_file *file, const char *body, struct lesson *l)
{
	const MD_PARSER md = {0, MD_FLAG_NOINDENTEDCODEBLOCKS, enter_block, leave_block, on_span,
		on_span, on_text, NULL, NULL};
	struct parser p = {.file = file, .l = l, .quote_at = body};
	int status = md_parse(body, (MD_SIZE)(file->text + file->len - body), &md, &p);

	close_stop(&p);
	text_drop(&p.title);
	text_drop(&file->question);
	if (file->failed)
		return false;
	if (status != 0)
		return parse_error(file, body, "md4c could not read the text");
	if (l->nstops == 0)
		return parse_error(file, body, "the lesson has no stop; a `##` heading opens one");
	return true;
}
