/* SPDX-License-Identifier: MIT */
/* Two snapshots of one step: whether they are of the same state, and if not, what is another. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "snapshot.h"

/* Where the first difference is told. */
struct difference {
	char *buf;
	size_t n;
};

static bool say(struct difference *d, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
static bool say(struct difference *d, const char *format, ...)
{
	va_list ap;
	va_start(ap, format);
	vsnprintf(d->buf, d->n, format, ap);
	va_end(ap);
	return true;
}

static bool number_differs(struct difference *d, const char *what, int64_t was, int64_t now)
{
	return was != now &&
	       say(d, "%s is %lld, and was %lld", what, (long long)now, (long long)was);
}

static bool counts_differ(
	struct difference *d, const struct snapshot *was, const struct snapshot *now)
{
	return number_differs(d, "the number of Ms", was->nms, now->nms) ||
	       number_differs(d, "the number of Gs", was->ngs, now->ngs) ||
	       number_differs(d, "the number of Ps", was->nps, now->nps) ||
	       number_differs(d, "the number of stacks", was->nstacks, now->nstacks);
}

static bool word_differs(struct difference *d, const struct snapshot *s, int stack, uint64_t addr,
	uint64_t was, uint64_t now)
{
	char name[16];
	return was != now &&
	       say(d, "%s's word …%04llx is 0x%llx, and was 0x%llx",
		       snap_stack_name(s, stack, name), (unsigned long long)addr & 0xffff,
		       (unsigned long long)now, (unsigned long long)was);
}

/* A word that one of the two does not hold was never written there: it is 0. */
static uint64_t word_of(const struct stack_image *st, uint64_t addr)
{
	return addr < st->from ? 0 : st->words[(addr - st->from) / 8];
}

static bool stacks_differ(
	struct difference *d, const struct snapshot *was, const struct snapshot *now)
{
	char name[16];
	for (int i = 0; i < now->nstacks; i++) {
		const struct stack_image *a = &was->stacks[i], *b = &now->stacks[i];
		if (a->kind != b->kind || a->id != b->id || a->lo != b->lo || a->hi != b->hi)
			return say(d, "the stack of %s is at 0x%llx, and at 0x%llx there was %s",
				snap_stack_name(now, i, name), (unsigned long long)b->lo,
				(unsigned long long)a->lo,
				a->kind == b->kind && a->id == b->id ? "it before" : "another");
		for (uint64_t at = a->from < b->from ? a->from : b->from; at < b->hi; at += 8)
			if (word_differs(d, now, i, at, word_of(a, at), word_of(b, at)))
				return true;
	}
	return false;
}

static bool same_departure(const struct departure *a, const struct departure *b)
{
	return a->g == b->g && a->step == b->step && a->gave_up == b->gave_up &&
	       a->g_ran == b->g_ran;
}

static bool m_differs(struct difference *d, const struct arch_desc *arch, const struct m_state *was,
	const struct m_state *now)
{
	if (was->id != now->id)
		return say(d, "there is M%d, where there was M%d", now->id, was->id);
	for (int r = 0; r < arch->nregs; r++)
		if (was->regs[r] != now->regs[r])
			return say(d, "M%d's %s is 0x%llx, and was 0x%llx", now->id, arch->regs[r],
				(unsigned long long)now->regs[r], (unsigned long long)was->regs[r]);
	if (was->asleep != now->asleep || was->exited != now->exited)
		return say(d, "M%d %s, and %s", now->id,
			now->exited   ? "has ended"
			: now->asleep ? "is asleep"
				      : "can run",
			was->exited   ? "had ended"
			: was->asleep ? "was asleep"
				      : "could");
	if (was->curg == now->curg && was->p == now->p && was->spinning == now->spinning &&
		was->g0_stack == now->g0_stack && same_departure(&was->departure, &now->departure))
		return false;
	return say(d, "M%d has another G, P or history", now->id);
}

static bool g_differs(struct difference *d, const struct g_state *was, const struct g_state *now)
{
	if (was->id != now->id)
		return say(d, "there is G%d, where there was G%d", now->id, was->id);
	if (was->status != now->status)
		return say(d, "G%d is %s, and was %s", now->id, status_name(now->status),
			status_name(was->status));
	if (was->m == now->m && was->stack == now->stack && was->startfn == now->startfn &&
		was->sched_pc == now->sched_pc && was->sched_sp == now->sched_sp &&
		was->sched_bp == now->sched_bp && strcmp(was->waitreason, now->waitreason) == 0)
		return false;
	return say(d, "G%d has another M, or goes on elsewhere", now->id);
}

static bool ids_differ(const int *was, int nwas, const int *now, int nnow)
{
	return nwas != nnow || (nnow && memcmp(was, now, (size_t)nnow * sizeof *now) != 0);
}

static bool queues_differ(
	struct difference *d, const struct snapshot *was, const struct snapshot *now)
{
	for (int i = 0; i < now->nps; i++) {
		const struct p_state *a = &was->ps[i], *b = &now->ps[i];
		if (a->id != b->id || a->m != b->m || a->insyscall != b->insyscall ||
			a->runnext != b->runnext || ids_differ(a->q, a->nq, b->q, b->nq))
			return say(d, "P%d has another M or other Gs in its queue", b->id);
	}
	return ids_differ(was->global, was->nglobal, now->global, now->nglobal) &&
	       say(d, "other Gs are in the global run queue");
}

/* Of the same object: kind and address are the same. */
static bool wait_differs(struct difference *d, const struct waits *was, const struct waits *now,
	const struct wait_object *a, const struct wait_object *b)
{
	const struct wait_words *of = wait_words(b->kind);
	for (int i = 0; i < WAIT_NUMBERS; i++)
		if (a->number[i] != b->number[i])
			return say(d, "%s of the %s at 0x%llx is 0x%llx, and was 0x%llx",
				of->number[i].name, of->name, (unsigned long long)b->addr,
				(unsigned long long)b->number[i], (unsigned long long)a->number[i]);
	for (int i = 0; i < WAIT_LISTS; i++)
		if (!wait_list_same(was, a, now, b, i))
			return say(d, "the %s of the %s at 0x%llx are others", of->list[i].name,
				of->name, (unsigned long long)b->addr);
	return false;
}

static bool waits_differ(struct difference *d, const struct waits *was, const struct waits *now)
{
	for (int i = 0; i < was->n && i < now->n; i++) {
		const struct wait_object *a = &was->object[i], *b = &now->object[i];
		if (a->addr != b->addr || a->kind != b->kind)
			return say(d, "there is a %s at 0x%llx, where there was a %s at 0x%llx",
				wait_words(b->kind)->name, (unsigned long long)b->addr,
				wait_words(a->kind)->name, (unsigned long long)a->addr);
		if (wait_differs(d, was, now, a, b))
			return true;
	}
	return number_differs(d, "the number of what Gs wait for", was->n, now->n);
}

static bool damage_differs(
	struct difference *d, const struct snapshot *was, const struct snapshot *now)
{
	bool same = was->ndamage == now->ndamage;
	for (int i = 0; same && i < now->ndamage; i++)
		same = strcmp(was->damage[i], now->damage[i]) == 0;
	return !same && say(d, "other structs of the runtime are damaged");
}

bool snap_differs(const struct snapshot *was, const struct snapshot *now, char *words, size_t n)
{
	struct difference d = {words, n};
	if (counts_differ(&d, was, now) || stacks_differ(&d, was, now))
		return true;
	for (int i = 0; i < now->nms; i++)
		if (m_differs(&d, now->arch, &was->ms[i], &now->ms[i]))
			return true;
	for (int i = 0; i < now->ngs; i++)
		if (g_differs(&d, &was->gs[i], &now->gs[i]))
			return true;
	return queues_differ(&d, was, now) || waits_differ(&d, &was->waits, &now->waits) ||
	       damage_differs(&d, was, now);
}
