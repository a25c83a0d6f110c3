/* SPDX-License-Identifier: MIT */
/* allm, and the Ms in it. */
#include <stdio.h>
#include <string.h>

#include "live_state_parts.h"
#include "model/xalloc.h"

/* The place of M `id` in snap.ms, which is in order of id; made if it is new. */
static struct m_state *m_place(struct live_state *ls, int id)
{
	struct snapshot *s = &ls->snap;
	int i = 0;
	while (i < s->nms && s->ms[i].id < id)
		i++;
	if (i < s->nms && s->ms[i].id == id)
		return &s->ms[i];
	int g0 = state_no_stack(ls, id);
	s->ms = xgrow(s->ms, &ls->ms_cap, s->nms + 1, sizeof *s->ms);
	memmove(&s->ms[i + 1], &s->ms[i], (s->nms++ - i) * sizeof *s->ms);
	s->ms[i] = (struct m_state){.id = id, .p = -1, .g0_stack = g0, .departure = NO_DEPARTURE};
	return &s->ms[i];
}

static struct member *m_member(struct live_state *ls, int id)
{
	for (size_t i = 0; i < ls->ms.n; i++)
		if (ls->ms.members[i].is == id)
			return &ls->ms.members[i];
	return NULL;
}

/* The member that an M in allm is; NULL: none, as another is called that, or none can be. */
static struct member *call_m(struct live_state *ls, uint64_t at, int32_t id)
{
	struct member *is = roll_find(&ls->ms, at);
	if (!is && id >= 0 && id < SNAP_MS_MAX)
		is = roll_add(&ls->ms, at, m_member(ls, id) ? -1 : id);
	if (!is || is->is < 0)
		damage_add(&ls->damage, ABOUT_ALLM, "allm has an M that calls itself M%d", id);
	return is;
}

static void find_ms(struct live_state *ls)
{
	uint64_t at = 0;
	M m = {.id = -1};
	state_variable(ls, V_ALLM, &at);
	for (int i = 0; at; i++, at = (uintptr_t)m.alllink) {
		int before = m.id;
		if (i == SNAP_MS_MAX || !state_look(ls, at, &m, sizeof m)) {
			damage_add(&ls->damage, ABOUT_ALLM,
				i == 0 ? "allm cannot be read" : "allm cannot be read on after M%d",
				before);
			return;
		}
		struct member *is = call_m(ls, at, m.id);
		if (!is)
			continue;
		if (is->call == ls->call) {
			damage_add(&ls->damage, ABOUT_ALLM, "allm is a cycle at M%d", m.id);
			return;
		}
		is->call = ls->call;
	}
}

/* An M that no thread is at the moment has a g0 without a stack: the last one's is kept. */
static void read_g0(struct live_state *ls, struct m_state *m, const M *mp)
{
	G g0;
	char name[24];
	if (!state_look(ls, (uintptr_t)mp->g0, &g0, sizeof g0)) {
		damage_add(&ls->damage, ABOUT_MS, "M%d's g0 cannot be read", m->id);
		return;
	}
	m->g0_sp = g0.sched.sp;
	if (g0.stack.lo == 0 || g0.stack.hi == 0)
		return;
	snprintf(name, sizeof name, "M%d.g0", m->id);
	bool known = ls->stacks[m->g0_stack].region != NULL;
	int stack = state_stack(ls, g0.stack, STACK_G0, m->id, known ? -1 : m->g0_stack, name);
	if (stack >= 0)
		m->g0_stack = stack;
}

static void read_m(struct live_state *ls, int id)
{
	const struct member *is = m_member(ls, id);
	struct m_state *m = m_place(ls, id);
	uint8_t spinning;
	M now;
	if (!is || is->call != ls->call)
		damage_add(&ls->damage, ABOUT_ALLM, "allm does not have M%d", id);
	if (!is)
		return;
	if (!state_look(ls, is->at, &now, sizeof now)) {
		damage_add(&ls->damage, ABOUT_MS, "the struct of M%d cannot be read", id);
		return;
	}
	if (now.id != id)
		damage_add(&ls->damage, ABOUT_MS, "M%d says that it is M%d", id, now.id);
	read_g0(ls, m, &now);
	m->curg = state_g_id(ls, now.curg);
	m->p = state_p_id(ls, now.p);
	/* Not as a bool: it may be anything. */
	memcpy(&spinning, &now.spinning, sizeof spinning);
	m->spinning = spinning != 0;
	if (now.curg && !m->curg)
		damage_add(&ls->damage, ABOUT_MS, "M%d's curg is no G", id);
	if (now.p && m->p < 0)
		damage_add(&ls->damage, ABOUT_MS, "M%d's p is no P", id);
}

void state_read_ms(struct live_state *ls)
{
	find_ms(ls);
	for (size_t id = 0; id < ls->narrived; id++)
		if (ls->arrived[id])
			read_m(ls, (int)id);
}
