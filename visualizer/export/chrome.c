/* SPDX-License-Identifier: MIT */
/*
 * Chrome's trace format of a whole recording, written as it is gone through: slices.c has what each
 * M executes, handover.c the arrows; here are the runtime's events, the verdicts, the lengths of
 * the queues, and the names of it all.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "export.h"
#include "model/event.h"
#include "model/moment.h"
#include "model/xalloc.h"
#include "slices.h"

/* An M that has been seen. */
struct chrome_m {
	int m;
	bool ended;
	int verdict; /* whose slice is open; -1: none is */
};

struct chrome {
	struct trace t;
	struct slices *slices;
	struct handovers *handovers;
	struct answer answer;
	struct chrome_m *ms;
	size_t nms, cap_ms;
	int executes; /* which M; -1: none did */
	int global;   /* length of the global run queue; -1: not written yet */
	struct p_lengths {
		int id, queue, runnext;
	} * ps;
	size_t nps, cap_ps;
};

/* ---- what it is ---- */

static void put_text(struct jsonw *j, const char *key, const char *text)
{
	json_key(j, key);
	json_str(j, text);
}

static void put_number(struct jsonw *j, const char *key, int64_t n)
{
	json_key(j, key);
	json_int(j, n);
}

/* When each step was; the caller's. */
static int64_t *times_of(const struct recording *r)
{
	int64_t last = recording_last(r), *ns = xcalloc((size_t)last + 2, sizeof *ns);
	for (int64_t step = 1; step <= last; step++) {
		const struct before before = recording_before(r, step);
		ns[step] = ns[step - 1];
		for (size_t i = 0; i < before.n; i++)
			if (before.turns[i].kind == TURN_TIME)
				ns[step] += before.turns[i].n;
	}
	ns[last + 1] = ns[last] + 1;
	return ns;
}

static void put_head(struct jsonw *j, const struct recording *r)
{
	const struct recording_info *info = recording_info(r);
	const char *end = "";
	recording_end(r, &end);
	json_key(j, "otherData");
	json_open(j, '{');
	put_text(j, "time",
		recording_has_registers(r)
			? "a microsecond is a step; what holds after step N begins at N"
			: "since the first event that the flight recorder kept");
	put_text(j, "program", info->program);
	put_text(j, "arch", info->arch);
	put_text(j, "cpu", info->emulated ? "emulated" : "real");
	put_text(j, "policy", info->policy);
	put_number(j, "procs", info->procs);
	put_number(j, "seed", (int64_t)info->seed);
	put_number(j, "steps", recording_last(r));
	put_text(j, "end", end);
	json_close(j, '}');
}

/* ---- the verdicts on an M: one inside of the slice that names their track ---- */

static void put_verdict(
	struct trace *t, const char *phase, int64_t step, int m, const char *name, const char *says)
{
	char id[16];
	snprintf(id, sizeof id, "M%d", m);
	trace_begin(t, phase, step, m, name);
	trace_category(t, "verdict");
	put_text(&t->j, "id", id);
	if (says) {
		json_key(&t->j, "args");
		json_open(&t->j, '{');
		put_text(&t->j, "says", says);
		json_close(&t->j, '}');
	}
	trace_end(t);
}

static void put_track(struct trace *t, const char *phase, int64_t step, int m)
{
	char name[32];
	snprintf(name, sizeof name, "verdict on M%d", m);
	put_verdict(t, phase, step, m, name, NULL);
}

static void end_verdict(struct chrome *c, struct chrome_m *s, int64_t step)
{
	if (s->verdict >= 0)
		put_verdict(&c->t, "e", step, s->m, verdict_name(s->verdict), NULL);
	s->verdict = -1;
}

static void show_verdict(struct chrome *c, struct chrome_m *s, int64_t step)
{
	int verdict = (int)c->answer.verdict;
	if (verdict == s->verdict)
		return;
	end_verdict(c, s, step);
	s->verdict = verdict;
	put_verdict(&c->t, "b", step, s->m, verdict_name(verdict), verdict_sentence(verdict));
}

static void end_m(struct chrome *c, struct chrome_m *s, int64_t step)
{
	if (!s->ended) {
		end_verdict(c, s, step);
		put_track(&c->t, "e", step, s->m);
	}
	s->ended = true;
}

/* ---- Ms ---- */

/* One that is seen for the first time gets its names. */
static struct chrome_m *seen_m(struct chrome *c, int m, int64_t step)
{
	char name[16];
	for (size_t i = 0; i < c->nms; i++)
		if (c->ms[i].m == m)
			return &c->ms[i];
	c->ms = xgrow(c->ms, &c->cap_ms, c->nms + 1, sizeof *c->ms);
	c->ms[c->nms] = (struct chrome_m){.m = m, .verdict = -1};
	snprintf(name, sizeof name, "M%d", m);
	trace_meta(&c->t, "thread_name", m, name);
	put_track(&c->t, "b", step, m);
	return &c->ms[c->nms++];
}

static void show_ms(struct chrome *c, const struct moment *at)
{
	for (int i = 0; i < at->now->nms; i++) {
		const struct m_state *m = &at->now->ms[i];
		struct chrome_m *s = seen_m(c, m->id, at->now->step);
		moment_judge(at, m->id, &c->answer);
		slices_show(c->slices, at, m, &c->answer.truth);
		if (m->exited)
			end_m(c, s, at->now->step);
		else
			show_verdict(c, s, at->now->step);
	}
}

/* ---- events ---- */

static void put_argument(struct chrome *c, const struct code *code, const struct event *e, int i)
{
	struct jsonw *j = &c->t.j;
	char text[256];
	json_key(j, event_arg_name(e->id, i, text, sizeof text));
	switch (event_arg_kind(e->id, i)) {
	case ARG_STATUS:
		if (e->arg[i] >= 0 && e->arg[i] <= GS_DEAD)
			json_str(j, status_name((enum g_status_model)e->arg[i]));
		else
			json_int(j, e->arg[i]);
		break;
	case ARG_FUNCTION:
		json_str(j, code_symbolize(code, (uint64_t)e->arg[i], false, text, sizeof text));
		break;
	case ARG_STRING: json_str(j, e->string); break;
	default: json_int(j, e->arg[i]);
	}
}

static void show_event(struct chrome *c, const struct moment *at)
{
	const struct event *e = moment_event(at);
	char words[256];
	if (!e)
		return;
	trace_begin(&c->t, "i", at->now->step, at->now->last_m, event_names[e->id]);
	trace_category(&c->t, "event");
	put_text(&c->t.j, "s", "t");
	json_key(&c->t.j, "args");
	json_open(&c->t.j, '{');
	for (int i = 0; i < e->nargs; i++)
		put_argument(c, moment_code(at), e, i);
	put_text(&c->t.j, "says", event_words(e, moment_code(at), words, sizeof words));
	json_close(&c->t.j, '}');
	trace_end(&c->t);
}

/* ---- counters: written when they change ---- */

static void begin_counter(struct chrome *c, int64_t step, const char *name)
{
	trace_begin(&c->t, "C", step, 0, name);
	json_key(&c->t.j, "args");
	json_open(&c->t.j, '{');
}

static void end_counter(struct chrome *c)
{
	json_close(&c->t.j, '}');
	trace_end(&c->t);
}

static struct p_lengths *lengths_of(struct chrome *c, int p)
{
	for (size_t i = 0; i < c->nps; i++)
		if (c->ps[i].id == p)
			return &c->ps[i];
	c->ps = xgrow(c->ps, &c->cap_ps, c->nps + 1, sizeof *c->ps);
	c->ps[c->nps] = (struct p_lengths){p, -1, -1};
	return &c->ps[c->nps++];
}

static void show_p(struct chrome *c, int64_t step, const struct p_state *p)
{
	char name[16];
	struct p_lengths *was = lengths_of(c, p->id);
	if (was->queue == p->nq && was->runnext == (p->runnext != 0))
		return;
	was->queue = p->nq;
	was->runnext = p->runnext != 0;
	snprintf(name, sizeof name, "P%d", p->id);
	begin_counter(c, step, name);
	put_number(&c->t.j, "run queue", was->queue);
	put_number(&c->t.j, "runnext", was->runnext);
	end_counter(c);
}

static void show_counters(struct chrome *c, const struct snapshot *now)
{
	if (!c->t.ns && c->executes != now->last_m) {
		c->executes = now->last_m;
		begin_counter(c, now->step, "executes");
		put_number(&c->t.j, "M", c->executes);
		end_counter(c);
	}
	if (c->global != now->nglobal) {
		c->global = now->nglobal;
		begin_counter(c, now->step, "global");
		put_number(&c->t.j, "run queue", c->global);
		end_counter(c);
	}
	for (int i = 0; i < now->nps; i++)
		show_p(c, now->step, &now->ps[i]);
}

/* ---- all of it ---- */

static int put_events(struct chrome *c, const struct recording *r, FILE *out)
{
	struct cursor *cursor = cursor_new(r);
	int why = 0;
	for (int64_t step = 0; step <= recording_last(r) && !why; step++) {
		const struct moment at = {r, cursor_seek(cursor, step)};
		show_ms(c, &at);
		show_event(c, &at);
		handovers_depart(c->handovers, &at);
		show_counters(c, at.now);
		if (ferror(out))
			why = errno;
	}
	cursor_free(cursor);
	/* What holds after the last step is to be seen, too. */
	int64_t end = recording_last(r) + 1;
	slices_end(c->slices, end);
	for (size_t i = 0; i < c->nms; i++)
		end_m(c, &c->ms[i], end);
	return why;
}

static void put_trace(struct chrome *c, const struct recording *r, FILE *out, int *why)
{
	struct jsonw *j = &c->t.j;
	json_open(j, '{');
	put_head(j, r);
	json_key(j, "traceEvents");
	json_open(j, '[');
	trace_meta(&c->t, "process_name", 0, recording_info(r)->program);
	*why = put_events(c, r, out);
	fputc('\n', out);
	json_close(j, ']');
	json_close(j, '}');
	fputc('\n', out);
}

bool export_chrome(const struct recording *r, FILE *out)
{
	struct chrome *c = xcalloc(1, sizeof *c);
	int why;
	c->t.j.f = out;
	c->handovers = handovers_new(&c->t);
	c->slices = slices_new(&c->t, c->handovers);
	c->executes = c->global = -1;
	/* Events that were recorded alone have their times, and Ms that run at the same time. */
	c->t.ns = recording_has_registers(r) ? NULL : times_of(r);
	put_trace(c, r, out, &why);
	if (!why && (fflush(out) != 0 || ferror(out)))
		why = errno;
	slices_free(c->slices);
	handovers_free(c->handovers);
	free(c->t.ns);
	free(c->ms);
	free(c->ps);
	free(c);
	errno = why;
	return !why;
}
