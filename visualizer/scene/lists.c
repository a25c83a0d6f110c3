/* SPDX-License-Identifier: MIT */
/*
 * What waits where: the run queues, and one line for each stack that has no box. On a wide
 * screen beside the boxes, on a small one a page of its own.
 */
#include <string.h>

#include "picture.h"
#include "prose.h"

/* One more line of the list; false when it is full. */
static bool put(struct picture *p, int *row, struct thing_id id, struct style st, const char *text)
{
	if (*row >= p->l.list.h - 2)
		return false;
	struct rect inner = {p->l.list.x + 2, p->l.list.y + 1, p->l.list.w - 3, p->l.list.h - 2};
	draw_text(p->sc, id, rect_row(inner, (*row)++, 0), st, text);
	return true;
}

/* A queue, on as many lines as it needs. */
static void put_wrapped(struct picture *p, int *row, struct thing_id id, const char *text)
{
	struct prose lines = {0};
	prose_wrap(&lines, text, p->l.list.w - 4, 2);
	for (size_t i = 0; i < lines.n; i++, id.part++)
		put(p, row, id, STYLE(ROLE_TEXT), lines.line[i]);
	prose_free(&lines);
}

static void queue_words(const struct p_state *ps, char *buf, size_t n)
{
	append(buf, n, "P%d ", ps->id);
	if (ps->m >= 0)
		append(buf, n, "(M%d)", ps->m);
	else
		append(buf, n, ps->insyscall ? "(syscall)" : "idle");
	if (ps->runnext)
		append(buf, n, " next G%d", ps->runnext);
	for (int i = 0; i < ps->nq; i++)
		append(buf, n, " G%d", ps->q[i]);
	if (!ps->runnext && !ps->nq)
		append(buf, n, " empty");
}

static void draw_queues(struct picture *p, int *row)
{
	const struct snapshot *now = p->f.at.now;
	for (int i = 0; i < now->nps; i++) {
		char text[1024] = "";
		queue_words(&now->ps[i], text, sizeof text);
		put_wrapped(p, row, draw_id_of(TAG_QUEUE, now->ps[i].id, 0), text);
	}
	char text[1024] = "global";
	for (int i = 0; i < now->nglobal; i++)
		append(text, sizeof text, " G%d", now->global[i]);
	if (!now->nglobal)
		append(text, sizeof text, " empty");
	put_wrapped(p, row, draw_id(TAG_QUEUE_GLOBAL, 0, 0), text);
}

static bool has_box(const struct picture *p, int stack)
{
	for (int i = 0; i < p->nplaces; i++)
		if (p->places[i].stack == stack)
			return true;
	return false;
}

/* A line for a stack, to which arrows may lead like to a box. */
static void put_stack(struct picture *p, int *row, int stack)
{
	const struct stack_image *st = &p->f.at.now->stacks[stack];
	const struct g_state *g = stack_g(&p->f, stack);
	char text[96] = "";
	struct style style = STYLE(ROLE_OWNER);
	style.owner = g ? g->m : st->id;
	if (g)
		append(text, sizeof text, "G%d %s", g->id, status_name(g->status));
	else
		append(text, sizeof text, "g0 of M%d", st->id);
	if (g && g->m >= 0)
		append(text, sizeof text, " on M%d", g->m);
	else if (g && g->status == GS_WAITING)
		append(text, sizeof text, ", %s", g->waitreason);
	struct place *pl = &p->places[p->nplaces];
	memset(pl, 0, sizeof *pl);
	pl->stack = stack;
	pl->col = p->l.ncols;
	pl->at = (struct rect){p->l.list.x, p->l.list.y + 1 + *row, p->l.list.w, 1};
	if (put(p, row, stack_id(&p->f, TAG_LISTED, stack), style, text) && p->l.stacks.h)
		p->nplaces++;
}

void draw_lists(struct picture *p)
{
	int row = 0;
	if (!p->l.list.h)
		return;
	draw_box(p->sc, draw_id(TAG_LIST, 0, 0), p->l.list, STYLE(ROLE_FRAME),
		p->l.stacks.h ? "run queues" : "run queues, and all stacks");
	draw_queues(p, &row);
	row++;
	for (int i = 0; i < p->f.at.now->nstacks; i++) {
		const struct g_state *g = stack_g(&p->f, i);
		if (has_box(p, i) || (g && g->status == GS_DEAD && !is_linked_to(&p->f, i)))
			continue;
		put_stack(p, &row, i);
	}
}
