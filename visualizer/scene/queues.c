/* SPDX-License-Identifier: MIT */
/* What waits where: the run queue of each P, and the global one. */
#include "parts.h"

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

void make_queues(struct making *mk)
{
	const struct snapshot *now = mk->f.at.now;
	int in = (int)mk->sc->n;
	thing_add(mk->sc, thing_numbered(TAG_LIST, 0, 0))->is = IS_HEADING;
	thing_say(mk->sc, 0, STYLE(ROLE_FRAME), "run queues, and all stacks");
	thing_say_shorter(mk->sc, SHORTER, "run queues");
	for (int i = 0; i < now->nps; i++) {
		char text[1024] = "";
		queue_words(&now->ps[i], text, sizeof text);
		thing_add(mk->sc, thing_of(TAG_QUEUE, now->ps[i].id, 0))->in = in;
		thing_say(mk->sc, 0, STYLE(ROLE_TEXT), text);
	}
	char text[1024] = "global";
	for (int i = 0; i < now->nglobal; i++)
		append(text, sizeof text, " G%d", now->global[i]);
	if (!now->nglobal)
		append(text, sizeof text, " empty");
	thing_add(mk->sc, thing_numbered(TAG_QUEUE_GLOBAL, 0, 0))->in = in;
	thing_say(mk->sc, 0, STYLE(ROLE_TEXT), text);
}
