/* SPDX-License-Identifier: MIT */
/*
 * What is true at the step shown, and the words for it. See facts.h. Judged by the model,
 * never here: this file only looks up and phrases.
 */
#include "facts.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "append.h"
#include "model/policy.h"
#include "model/xalloc.h"

/* Asked for each word and each stack, so found once. As snap_m_on has it. */
static void find_ms(struct facts *f)
{
	const struct snapshot *now = f->at.now;
	f->on_stack = xcalloc(now->nms + 1, sizeof *f->on_stack);
	f->on_m = xcalloc(now->nstacks + 1, sizeof *f->on_m);
	for (int i = 0; i < now->nstacks; i++)
		f->on_m[i] = -1;
	for (int m = now->nms - 1; m >= 0; m--) {
		int stack = snap_stack_of_sp(now, m_sp(now, &now->ms[m]));
		f->on_stack[m] = stack;
		if (stack >= 0 && !now->ms[m].exited)
			f->on_m[stack] = m;
	}
}

void facts_gather(struct facts *f, const struct session *s)
{
	*f = (struct facts){.s = s, .at = timeline_moment(s->tl), .focus = -1};
	f->last = timeline_last(s->tl);
	f->answers = xcalloc(f->at.now->nms + 1, sizeof *f->answers);
	find_ms(f);
	for (int i = 0; i < f->at.now->nms; i++) {
		moment_judge(&f->at, f->at.now->ms[i].id, &f->answers[i]);
		if (f->at.now->ms[i].id == session_m(s))
			f->focus = i;
	}
}

void facts_free(struct facts *f)
{
	free(f->answers);
	free(f->on_stack);
	free(f->on_m);
	f->answers = NULL;
	f->on_stack = f->on_m = NULL;
}

int m_stack(const struct facts *f, const struct m_state *m)
{
	return f->on_stack[m - f->at.now->ms];
}

const struct m_state *stack_m(const struct facts *f, int stack)
{
	return f->on_m[stack] < 0 ? NULL : &f->at.now->ms[f->on_m[stack]];
}

uint64_t stack_live(const struct facts *f, int stack)
{
	return live_from(f->at.now, f->answers, stack);
}

bool is_linked_to(const struct facts *f, int stack)
{
	for (int m = 0; m < f->at.now->nms; m++)
		for (int r = 0; r < f->answers[m].chain.n && !f->at.now->ms[m].exited; r++)
			if (f->answers[m].chain.rec[r].stack == stack)
				return true;
	return false;
}

const struct g_state *stack_g(const struct facts *f, int stack)
{
	const struct stack_image *st = &f->at.now->stacks[stack];
	return st->kind == STACK_G ? &f->at.now->gs[st->id] : NULL;
}

int link_target(const struct facts *f, const struct chain *c, int rec, uint64_t *addr)
{
	enum link l = chain_link(c, rec);
	if (l == LINK_TOP || l == LINK_WILD)
		return -1;
	if (l == LINK_CYCLE && rec >= 0)
		*addr = c->rec[rec].next;
	else if (rec + 1 < c->n)
		*addr = c->rec[rec + 1].fp;
	else
		return -1;
	return snap_stack_at(f->at.now, *addr);
}

char *tail_words(uint64_t addr, char *buf, size_t n)
{
	snprintf(buf, n, "…%04x", (unsigned)(addr & 0xffff));
	return buf;
}

char *symbol_words(const struct facts *f, uint64_t pc, bool is_ret, char *buf, size_t n)
{
	return code_symbolize(moment_code(&f->at), pc, is_ret, buf, n);
}

char *frame_words(const struct facts *f, const struct chain *c, int i, char *buf, size_t n)
{
	const struct record *r = &c->rec[i - (i > 0)];
	return i == 0 ? symbol_words(f, c->pc, false, buf, n)
		      : symbol_words(f, r->ret, r->is_ret, buf, n);
}

bool has_registers(const struct facts *f)
{
	return snap_has_registers(f->at.now);
}

bool is_for_signals(const struct facts *f, int stack)
{
	return stack >= 0 && f->at.now->stacks[stack].kind == STACK_SIGNAL;
}

/* An M in a signal handler, which runs beside whatever the M was at. */
static char *handler_words(const struct m_state *m, bool brief, char *buf, size_t n)
{
	append(buf, n, brief ? "in a handler" : "in a signal handler");
	if (m->curg)
		append(buf, n, ", curg G%d", m->curg);
	return buf;
}

char *where_words(const struct facts *f, const struct m_state *m, bool brief, char *buf, size_t n)
{
	int stack = m_stack(f, m);
	const struct g_state *g = stack < 0 ? NULL : stack_g(f, stack);
	*buf = '\0';
	if (!m->exited && is_for_signals(f, stack))
		return handler_words(m, brief, buf, n);
	if (m->exited)
		append(buf, n, "has ended");
	else if (m->asleep && !has_registers(f))
		append(buf, n, "asleep");
	else if (!has_registers(f) && m->curg)
		append(buf, n, "curg G%d", m->curg);
	else if (!has_registers(f))
		append(buf, n, brief ? "no G known" : "no G that is known of");
	else if (m->asleep && g)
		append(buf, n, "asleep in G%d", g->id);
	else if (m->asleep)
		append(buf, n, "asleep on g0");
	else if (g)
		append(buf, n, "running G%d", g->id);
	else if (stack < 0)
		append(buf, n, "on a stack that is none of the runtime's");
	else if (m->curg)
		append(buf, n, "on g0 for G%d", m->curg);
	else
		append(buf, n, brief ? "on g0" : "on g0, curg none");
	return buf;
}

static const char *ago(int64_t steps, bool brief, char *buf, size_t n)
{
	if (steps == 0)
		snprintf(buf, n, "just now");
	else if (brief)
		snprintf(buf, n, "%lld ago", (long long)steps);
	else
		snprintf(buf, n, "%lld step%s ago", (long long)steps, steps == 1 ? "" : "s");
	return buf;
}

char *history_words(const struct facts *f, const struct m_state *m, bool brief, char *buf, size_t n)
{
	char when[40];
	*buf = '\0';
	if (m->departure.g && m->departure.gave_up >= 0)
		append(buf, n, "gave up G%d %s", m->departure.g,
			ago(f->at.now->step - m->departure.gave_up, brief, when, sizeof when));
	else if (m->departure.g && m->departure.step >= 0)
		append(buf, n, brief ? "left G%d %s" : "left G%d %s, still owns it", m->departure.g,
			ago(f->at.now->step - m->departure.step, brief, when, sizeof when));
	return buf;
}

/* Of a g0 that its M's SP is not in: whether there is something that the M is to come back to. */
static void absence_words(const struct facts *f, int stack, char *buf, size_t n)
{
	const struct truth *t = owners_truth(f->at.now, f->answers, stack);
	for (int i = 0; t && i < t->n; i++)
		if (t->frame[i].stack == stack) {
			append(buf, n, " ─ M%d will be back", f->at.now->stacks[stack].id);
			return;
		}
	if ((!t || t->whole) && has_registers(f))
		append(buf, n, " ─ not in use");
}

char *owner_words(const struct facts *f, int stack, char *buf, size_t n)
{
	const struct g_state *g = stack_g(f, stack);
	const struct stack_image *st = &f->at.now->stacks[stack];
	*buf = '\0';
	if (is_for_signals(f, stack)) {
		append(buf, n, "gsignal of M%d ─ signal handlers", st->id);
	} else if (!g) {
		append(buf, n, "g0 of M%d", st->id);
		if (!stack_m(f, stack))
			absence_words(f, stack, buf, n);
	} else if (g->m >= 0) {
		append(buf, n, "G%d ─ owned by M%d", g->id, g->m);
	} else if (g->status == GS_WAITING && *g->waitreason) {
		append(buf, n, "G%d ─ nobody's: waiting, %s", g->id, g->waitreason);
	} else {
		append(buf, n, "G%d ─ nobody's: %s", g->id, status_name(g->status));
	}
	return buf;
}

char *link_words(const struct facts *f, enum link l, int target, char *buf, size_t n)
{
	char name[16] = "";
	*buf = '\0';
	append(buf, n, "%s", link_name(l));
	if (target < 0)
		return buf;
	append(buf, n, ": into %s", snap_stack_name(f->at.now, target, name));
	const struct g_state *g = stack_g(f, target);
	if (!g)
		return buf;
	if (g->m >= 0)
		append(buf, n, ", run by M%d", g->m);
	else
		append(buf, n, ", %s", status_name(g->status));
	return buf;
}

char *verdict_words(const struct answer *a, char *buf, size_t n)
{
	*buf = '\0';
	append(buf, n, "%s", verdict_name(a->verdict));
	if (a->verdict != VERDICT_VALID)
		return buf;
	const char *sep = " (";
	if (a->interrupted > 0) {
		append(buf, n, "%swhat a signal has interrupted is missing", sep);
		sep = ", ";
	}
	if (a->missing > 0) {
		append(buf, n, "%sone caller missing: prologue, epilogue or leaf", sep);
		sep = ", ";
	}
	if (a->cut && !a->missing && !a->interrupted)
		append(buf, n, "%scut short: the chain ends at 0 before the truth does", sep);
	if (a->missing || a->interrupted || a->cut)
		append(buf, n, ")");
	return buf;
}

/*
 * What the frame pointer is on g0 after the switch, and whose Go did that; where none did,
 * that too.
 */
char *policy_words(const struct facts *f, bool brief, char *buf, size_t n)
{
	const char *name = timeline_policy(f->s->tl), *arch = f->at.now->arch->name;
	const struct policy *p = policy_by_name(name);
	bool counterfactual = p && *p->arch && strcmp(p->arch, arch) != 0;
	*buf = '\0';
	append(buf, n, "%s", name);
	if (p && brief && counterfactual)
		append(buf, n, ": counterfactual on %s", arch);
	else if (p && brief)
		append(buf, n, ": %s", p->what);
	else if (p)
		append(buf, n, ": %s (%s%s%s)", p->what, p->go,
			counterfactual ? "; a counterfactual on " : "", counterfactual ? arch : "");
	return buf;
}

/*
 * The record at addr (or whose return address is there) among those of a G that was left; -1:
 * none.
 */
static int left_record(const struct departure_chain *left, uint64_t addr, bool *is_ret)
{
	for (int i = 0; left && i < left->n; i++)
		if (left->rec[i].fp == addr || left->rec[i].fp + 8 == addr) {
			*is_ret = left->rec[i].fp != addr;
			return i;
		}
	return -1;
}

/*
 * The function whose frame record i of a left chain is: the policy's routine, or whom its
 * callee returns to.
 */
static void left_function(
	const struct facts *f, const struct departure_chain *left, int i, char *buf, size_t n)
{
	if (i == 0)
		snprintf(buf, n, "mcall_%s", timeline_policy(f->s->tl));
	else
		symbol_words(f, left->rec[i - 1].ret, true, buf, n);
	buf[strcspn(buf, "+")] = '\0';
}

char *was_words(const struct facts *f, uint64_t addr, char *buf, size_t n)
{
	*buf = '\0';
	for (int m = 0; m < f->at.now->nms; m++) {
		bool is_ret = false;
		const struct departure_chain *left = moment_departure(&f->at, f->at.now->ms[m].id);
		int i = left_record(left, addr, &is_ret);
		if (i < 0)
			continue;
		char fn[96];
		left_function(f, left, i, fn, sizeof fn);
		append(buf, n, "%s of %s's frame", is_ret ? "the return address" : "fp", fn);
		break;
	}
	return buf;
}

/* The last step that wrote either word of a record. */
static int64_t last_write(const struct facts *f, uint64_t fp)
{
	int64_t a = recording_last_write(f->at.r, f->at.now->step, fp);
	int64_t b = recording_last_write(f->at.r, f->at.now->step, fp + 8);
	return a > b ? a : b;
}

char *note_words(const struct facts *f, uint64_t addr, enum length brevity, char *buf, size_t n)
{
	static const char *const rewritten[] = {
		"was %1$s's frame; M%2$d wrote there at step %3$lld",
		"was %1$s's; M%2$d wrote: %3$lld", "was %1$s's; M%2$d wrote"};
	static const char *const kept[] = {
		"%1$s's frame, as M%2$d left it", "%1$s's frame, as left", "still %1$s's"};
	assert(brevity <= SHORTEST);
	*buf = '\0';
	for (int m = 0; m < f->at.now->nms; m++) {
		bool is_ret = false;
		const struct m_state *ms = &f->at.now->ms[m];
		const struct departure_chain *left = moment_departure(&f->at, ms->id);
		int i = left_record(left, addr, &is_ret);
		if (i < 0)
			continue;
		char fn[96];
		left_function(f, left, i, fn, sizeof fn);
		int64_t wrote = last_write(f, left->rec[i].fp);
		if (wrote > ms->departure.step)
			append(buf, n, rewritten[brevity], fn, recording_m(f->at.r, wrote),
				(long long)wrote);
		else
			append(buf, n, kept[brevity], fn, ms->id);
		break;
	}
	return buf;
}

/* "wrote G1 …7f60: …7f90 (was …7fc0, fp of mcall's frame)", for each word that the step wrote. */
static void writes_words(const struct facts *f, char *buf, size_t n)
{
	int nwrites = 0;
	const struct word_write *w = moment_writes(&f->at, &nwrites);
	for (int i = 0; i < nwrites; i++) {
		char name[16], tail[16], was[160];
		int stack = snap_stack_at(f->at.now, w[i].addr);
		append(buf, n, "%s %s %s", i ? "," : " wrote",
			stack < 0 ? "" : snap_stack_name(f->at.now, stack, name),
			tail_words(w[i].addr, tail, sizeof tail));
		if (i >= 2) {
			append(buf, n, " and %d more", nwrites - i - 1);
			return;
		}
		was_words(f, w[i].addr, was, sizeof was);
		append(buf, n, ": 0x%llx (was %s%s0x%llx)", (unsigned long long)w[i].now, was,
			*was ? ", " : "", (unsigned long long)w[i].old);
	}
}

/* The disassembly with one blank between mnemonic and operands. */
static void instruction_words(const struct code_line *l, char *buf, size_t n)
{
	const char *text = l && *l->text ? l->text : "an instruction that is not known";
	size_t len = strcspn(text, " \t");
	const char *rest = text + len + strspn(text + len, " \t");
	append(buf, n, "%.*s%s%s", (int)len, text, *rest ? " " : "", rest);
}

/* Whether an instruction's name begins so. */
static bool is_one_of(const struct code_line *l, const char *a, const char *b)
{
	return strncmp(l->text, a, strlen(a)) == 0 || strncmp(l->text, b, strlen(b)) == 0;
}

/*
 * A step that is more than the instruction that it began with: arm64's load-exclusive, and all up
 * to its store (image/exclusives.h). Its M would otherwise stand behind the load now.
 */
static void sequence_words(const struct facts *f, const struct code_line *l, char *buf, size_t n)
{
	enum { LONGEST = 16 };
	const struct m_state *m = snap_m(f->at.now, f->at.now->last_m);
	const struct code_line *to = l;
	if (!l || !m || !is_one_of(l, "ldx", "ldax") || m_pc(f->at.now, m) == l->pc + l->len)
		return;
	for (int i = 1; i < LONGEST && to && !is_one_of(to, "stx", "stlx"); i++)
		to = code_next(moment_code(&f->at), to->pc);
	if (!to || !is_one_of(to, "stx", "stlx"))
		return;
	append(buf, n, " to ");
	instruction_words(to, buf, n);
	append(buf, n, ", as one step");
}

char *file_line_words(const struct code_line *l, int w, char *buf, size_t n)
{
	char line[16];
	*buf = '\0';
	if (!l || !l->file)
		return buf;
	int digits = snprintf(line, sizeof line, ":%d", l->line);
	end_of_path(l->file, w - digits, buf, n - digits);
	return strcat(buf, line);
}

/* "after !M0 @10ms, ": what came over the program before the step. */
static void before_words(const struct facts *f, char *buf, size_t n)
{
	const struct before before = moment_before(&f->at);
	if (!before.n)
		return;
	char *text = schedule_text(
		&(struct schedule){.turns = (struct turn *)before.turns, .n = before.n});
	append(buf, n, "after %s, ", text);
	free(text);
}

/* Of step 0, which nothing was executed for. */
static char *start_words(const struct facts *f, char *buf, size_t n)
{
	int64_t after = recording_info(f->at.r)->after;
	if (after)
		append(buf, n, "the start of this part, after %lld steps that are not in it",
			(long long)after);
	else if (!has_registers(f))
		append(buf, n, "the start of what the flight recorder kept");
	else
		append(buf, n, "the start: M0 is about to schedule");
	return buf;
}

/* Of an event that was recorded alone there is no instruction. */
static char *event_step_words(const struct facts *f, char *buf, size_t n)
{
	const struct event *e = moment_event(&f->at);
	before_words(f, buf, n);
	append(buf, n, "M%d: %s", recording_m(f->at.r, f->at.now->step),
		e ? event_names[e->id] : "no event");
	return buf;
}

char *step_words(const struct facts *f, char *buf, size_t n)
{
	*buf = '\0';
	if (f->at.now->step == 0)
		return start_words(f, buf, n);
	if (!has_registers(f))
		return event_step_words(f, buf, n);
	char sym[128], file_line[FILE_LINE_MAX], at[sizeof sym + sizeof file_line] = "";
	uint64_t pc = moment_pc(&f->at);
	const struct code_line *l = code_at(moment_code(&f->at), pc);
	append(at, sizeof at, " at %s", symbol_words(f, pc, false, sym, sizeof sym));
	if (*file_line_words(l, FILE_LINE_W, file_line, sizeof file_line))
		append(at, sizeof at, " (%s)", file_line);
	/* Where there is not room for all, what was written goes before file and line do. */
	size_t room = n - strlen(at);
	before_words(f, buf, room);
	append(buf, room, "M%d: ", recording_m(f->at.r, f->at.now->step));
	instruction_words(l, buf, room);
	sequence_words(f, l, buf, room);
	writes_words(f, buf, room);
	append(buf, n, "%s", at);
	return buf;
}
