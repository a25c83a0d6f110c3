/* SPDX-License-Identifier: MIT */
/* allm, and the Ms in it. */
#include <stdio.h>
#include <string.h>

#include "runtime_view_parts.h"
#include "model/xalloc.h"

/* The place of M `id` in snap.ms, which is in order of id; made if it is new. */
static struct m_state *m_place(struct runtime_view *rv, int id)
{
	struct snapshot *s = &rv->snap;
	int i = 0;
	while (i < s->nms && s->ms[i].id < id)
		i++;
	if (i < s->nms && s->ms[i].id == id)
		return &s->ms[i];
	int g0 = state_no_stack(rv, id);
	s->ms = xgrow(s->ms, &rv->ms_cap, s->nms + 1, sizeof *s->ms);
	memmove(&s->ms[i + 1], &s->ms[i], (s->nms++ - i) * sizeof *s->ms);
	s->ms[i] = (struct m_state){.id = id, .p = -1, .g0_stack = g0, .departure = NO_DEPARTURE};
	return &s->ms[i];
}

static struct member *m_member(struct runtime_view *rv, int id)
{
	for (size_t i = 0; i < rv->ms.n; i++)
		if (rv->ms.members[i].is == id)
			return &rv->ms.members[i];
	return NULL;
}

/* The member that an M in allm is; NULL: none, as another is called that, or none can be. */
static struct member *call_m(struct runtime_view *rv, uint64_t at, int id)
{
	struct member *is = roll_find(&rv->ms, at);
	if (!is && id >= 0 && id < SNAP_MS_MAX)
		is = roll_add(&rv->ms, at, m_member(rv, id) ? -1 : id);
	if (!is || is->is < 0)
		damage_add(&rv->damage, ABOUT_ALLM, "allm has an M that calls itself M%d", id);
	return is;
}

static void find_ms(struct runtime_view *rv)
{
	uint64_t at = state_variable(rv, V_ALLM);
	struct seen m;
	int id = -1;
	for (int i = 0; at; i++, at = seen(rv, &m, M_alllink)) {
		if (i == SNAP_MS_MAX || !state_look(rv, M, at, &m)) {
			damage_add(&rv->damage, ABOUT_ALLM,
				i == 0 ? "allm cannot be read" : "allm cannot be read on after M%d",
				id);
			return;
		}
		id = (int)seen_signed(rv, &m, M_id);
		struct member *is = call_m(rv, at, id);
		if (!is)
			continue;
		if (is->call == rv->call) {
			damage_add(&rv->damage, ABOUT_ALLM, "allm is a cycle at M%d", id);
			return;
		}
		is->call = rv->call;
	}
}

/* An M that no thread is at the moment has a g0 without a stack: the last one's is kept. */
static void read_g0(struct runtime_view *rv, struct m_state *m, uint64_t at)
{
	struct seen g0;
	char name[24];
	if (!state_look(rv, G, at, &g0)) {
		damage_add(&rv->damage, ABOUT_MS, "M%d's g0 cannot be read", m->id);
		return;
	}
	const struct bounds st = {seen(rv, &g0, G_stack_lo), seen(rv, &g0, G_stack_hi)};
	m->g0_sp = seen(rv, &g0, G_sp);
	if (st.lo == 0 || st.hi == 0)
		return;
	snprintf(name, sizeof name, "M%d.g0", m->id);
	bool known = rv->stacks[m->g0_stack].region != NULL;
	int stack = state_stack(rv, st, STACK_G0, m->id, known ? -1 : m->g0_stack, name);
	if (stack >= 0)
		m->g0_stack = stack;
}

/* That for its signal handlers: from when on it has one. */
static void read_signal_stack(struct runtime_view *rv, int id, const struct seen *m)
{
	const struct bounds st = {seen(rv, m, M_sigstack_lo), seen(rv, m, M_sigstack_hi)};
	char name[24];
	if (st.lo == 0)
		return;
	snprintf(name, sizeof name, "M%d.gsignal", id);
	state_stack(rv, st, STACK_SIGNAL, id, -1, name);
}

static void read_m(struct runtime_view *rv, int id)
{
	const struct member *is = m_member(rv, id);
	struct m_state *m = m_place(rv, id);
	struct seen now;
	if (!is || is->call != rv->call)
		damage_add(&rv->damage, ABOUT_ALLM, "allm does not have M%d", id);
	if (!is)
		return;
	if (!state_look(rv, M, is->at, &now)) {
		damage_add(&rv->damage, ABOUT_MS, "the struct of M%d cannot be read", id);
		return;
	}
	int says = (int)seen_signed(rv, &now, M_id);
	if (says != id)
		damage_add(&rv->damage, ABOUT_MS, "M%d says that it is M%d", id, says);
	read_g0(rv, m, seen(rv, &now, M_g0));
	read_signal_stack(rv, id, &now);
	uint64_t curg = seen(rv, &now, M_curg), p = seen(rv, &now, M_p);
	m->curg = state_g_id(rv, curg);
	m->p = state_p_id(rv, p);
	m->spinning = seen(rv, &now, M_spinning) != 0;
	if (curg && !m->curg)
		damage_add(&rv->damage, ABOUT_MS, "M%d's curg is no G", id);
	if (p && m->p < 0)
		damage_add(&rv->damage, ABOUT_MS, "M%d's p is no P", id);
}

void state_read_ms(struct runtime_view *rv)
{
	find_ms(rv);
	for (size_t id = 0; id < rv->narrived; id++)
		if (rv->arrived[id])
			read_m(rv, (int)id);
}
