/* SPDX-License-Identifier: MIT */
#include "serve.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ahead.h"
#include "cpu.h"
#include "isa.h"
#include "kept.h"
#include "own_code.h"
#include "signals.h"
#include "sleep.h"
#include "threads.h"
#include "model/xalloc.h"

_Static_assert((int)GUEST_THREADS_MAX == WIRE_THREADS, "all threads can be told of");
_Static_assert((int)GUEST_MAPPINGS_MAX == WIRE_MAPPINGS, "all memory can be told of");
_Static_assert(SPACE_MAX <= (WIRE_SIZE - WIRE_GUEST) / 2, "and its pages, too, lie in there");
_Static_assert((int)IN_INPUT == WIRE_INPUT, "where a thread sleeps can be told of");

/* Where a thread is to be, that is set going. */
struct bound_for {
	enum wire_op op;
	uint64_t a, b;
	bool pending; /* it fell asleep on the way */
	bool late;    /* it has not come there in a long time, and gets less of it from now on */
};

struct server {
	struct guest *g;
	struct wire *wire;
	struct bound_for goals[WIRE_THREADS];
	struct bound_for *goal; /* of the thread that is going */
	uint64_t changes;       /* of the guest's memory, as told last */
	struct ahead *ahead;
	struct kept_server **kept; /* by number; NULL: none has it */
	size_t nkept, kept_cap;
};

/* As it was at some time. */
struct kept_server {
	struct kept *guest;
	struct bound_for goals[WIRE_THREADS];
};

/* ---- on the way ---- */

static bool is_there(void *ctx, uint64_t pc)
{
	const struct server *s = ctx;
	switch (s->goal->op) {
	case WIRE_RUN_TO: return pc == s->goal->a || pc == s->goal->b;
	case WIRE_LEAVE: return own_code_has(s->wire, pc);
	default: return false;
	}
}

static void wrote(void *ctx, uint64_t addr, uint64_t n)
{
	struct wire *w = ((struct server *)ctx)->wire;
	if (w->nwrites == WIRE_WRITES)
		w->anything = 1;
	else
		w->writes[w->nwrites++] = (struct wire_range){addr, addr + n};
}

static int64_t output(void *ctx, int fd, const void *bytes, size_t n)
{
	struct wire *w = ((struct server *)ctx)->wire;
	(void)fd;
	n = n < WIRE_OUTPUT - w->noutput ? n : WIRE_OUTPUT - w->noutput;
	memcpy(w->output + w->noutput, bytes, n);
	w->noutput += (uint32_t)n;
	return (int64_t)n;
}

static bool can_go(const struct guest *g, const struct guest_thread *t)
{
	return !g->ended && !t->gone && t->sleeps == AWAKE;
}

static bool is_at(struct server *s, struct guest_thread *t, uint64_t pc)
{
	cpu_put_on(s->g, t);
	return cpu_get(s->g, s->g->isa->pc) == pc;
}

/*
 * What libc has left below is made fresh memory, and so are registers, as machine/ptrace_hide.c has
 * it: the two machines are to be the same.
 */
static void make_fresh(struct guest *g, struct guest_thread *t)
{
	enum { A_FRAME = 64 };
	static const char fresh[2048];
	cpu_put_on(g, t);
	uint64_t sp = cpu_get(g, g->isa->sp), at = sp - sizeof fresh;
	bool used = sp + A_FRAME <= t->first_sp;
	if (used && space_may(&g->space, at, sizeof fresh, PAGE_MAPPED, NULL))
		space_write(&g->space, at, fresh, sizeof fresh);
	for (int i = 0; i < g->isa->nscratch; i++)
		cpu_set(g, g->isa->regs[g->isa->scratch_at + i], 0);
	g->isa->forget_vectors(g);
}

/* A thread that libc has made has come to the program's own code. */
static void see_beginning(struct server *s, struct guest_thread *t)
{
	struct guest *g = s->g;
	if (t->began || !can_go(g, t) || !own_code_has(s->wire, cpu_get(g, g->isa->pc)))
		return;
	t->began = true;
	make_fresh(g, t);
}

/* On its way through the sequence that its step began with; a signal handler is outside. */
static bool is_within(const struct bound_for *goal, uint64_t from, uint64_t pc)
{
	return goal->op == WIRE_STEP && pc > from && pc < goal->a;
}

/*
 * Go on towards a goal, for a bounded time, and while there is room for what it writes. A system
 * call is an instruction like any other. One instruction may be hundreds of accesses (arm64's dc
 * zva), so both are counted; where a library is left, there are two an instruction at most.
 */
static void go(struct server *s, struct guest_thread *t, struct bound_for *goal)
{
	enum { TIRED = 5000000, MOMENT = 100000, CALL_OUTPUT_MAX = 1 << 17, SEQUENCE_MAX = 64 };
	struct guest *g = s->g;
	int64_t left = goal->op == WIRE_STEP ? 1 : goal->late ? MOMENT : TIRED;
	int64_t more = SEQUENCE_MAX;
	g->accesses = goal->op == WIRE_STEP ? INT64_MAX : 2 * left;
	cpu_put_on(g, t);
	uint64_t from = cpu_get(g, g->isa->pc);
	s->goal = goal;
	while (left > 0 && g->accesses > 0 && can_go(g, t) &&
		s->wire->noutput <= WIRE_OUTPUT - CALL_OUTPUT_MAX) {
		left -= guest_run(g, t, left);
		uint64_t pc = cpu_get(g, g->isa->pc);
		if (can_go(g, t) && is_there(s, pc))
			break;
		left += left == 0 && more-- > 0 && is_within(goal, from, pc);
	}
	goal->pending = t->sleeps != AWAKE && !(goal->op == WIRE_STEP);
	goal->late = (left <= 0 || g->accesses <= 0) && goal->op == WIRE_LEAVE;
	g->accesses = INT64_MAX;
	see_beginning(s, t);
}

/* ---- what is told ---- */

/*
 * It stands at the system call still: the result has not come yet, or never will. (On the real CPU
 * one that ends the program in the midst of a library is seen behind the call.)
 */
static bool is_in_call(const struct server *s, const struct guest_thread *t)
{
	const struct guest *g = s->g;
	bool ends = s->goal->op == WIRE_STEP && g->stopped == STOPPED_CALL && g->on == t &&
		    (g->ended || t->gone);
	return t->sleeps != AWAKE || t->woken || ends;
}

/* Registers are others only where it has been going, or where it stands otherwise than before. */
static void tell_thread(
	struct server *s, struct guest_thread *t, bool going, struct wire_thread *to)
{
	const struct guest_isa *isa = s->g->isa;
	bool asleep = t->sleeps != AWAKE || t->woken;
	uint32_t state = t->gone ? WIRE_GONE : asleep ? WIRE_ASLEEP : WIRE_HELD;
	to->sleeps_in = t->woken ? 0 : t->sleeps;
	to->wakes_at = t->sleeps == AWAKE ? NEVER : t->wakes_at;
	if (!going && to->state == state)
		return;
	to->state = state;
	cpu_put_on(s->g, t);
	for (int i = 0; i < isa->nregs; i++) {
		to->regs[i] = cpu_seen(s->g, isa->regs[i]);
		if (isa->regs[i] == isa->pc && is_in_call(s, t))
			to->regs[i] -= isa->call_size;
	}
}

static void tell_mappings(struct server *s)
{
	struct wire *w = s->wire;
	w->nmappings = 0;
	for (const struct mapping *m = s->g->space.areas; m; m = m->next)
		w->mappings[w->nmappings++] =
			(struct wire_mapping){m->lo, m->hi, m->at, m->pages_at};
}

static void tell(struct server *s)
{
	struct guest *g = s->g;
	struct wire *w = s->wire;
	struct guest_thread *on = g->on;
	uint32_t told = w->nthreads, n = (uint32_t)g->nthreads;
	w->nthreads = n < WIRE_THREADS ? n : WIRE_THREADS;
	for (uint32_t i = 0; i < w->nthreads; i++) {
		tell_thread(s, g->threads[i], i >= told || g->threads[i] == on, &w->threads[i]);
		/* One that is born in the program's own code has come from no library. */
		if (i >= told)
			g->threads[i]->began |= own_code_has(w, cpu_get(g, g->isa->pc));
	}
	w->by = (uint32_t)on->id - 1;
	cpu_put_on(g, on);
	if (s->changes != g->space.changes)
		tell_mappings(s);
	w->anything |= s->changes != g->space.changes;
	s->changes = g->space.changes;
	w->now = guest_now(g);
	w->ended = g->ended;
	w->status = g->status;
	w->signal = g->ended_by;
	w->fault = g->signal.code == SI_KERNEL ? WIRE_REFUSED
		   : g->signal.code > 0        ? g->signal.address
					       : WIRE_UNTOUCHED;
	memcpy(w->lacks, g->lacks, sizeof w->lacks);
}

/* ---- what is asked ---- */

/* Whether any was woken. On their way they may wake others. */
static bool collect_woken(struct server *s)
{
	struct guest *g = s->g;
	bool any = false;
	for (size_t i = 0; i < g->nthreads && i < WIRE_THREADS; i++) {
		struct guest_thread *t = g->threads[i];
		if (!t->woken || t->gone)
			continue;
		any = true;
		cpu_put_on(g, t);
		guest_come_out(g, t);
		s->goal = &s->goals[i];
		if (can_go(g, t) && s->goals[i].pending && !is_there(s, cpu_get(g, g->isa->pc)))
			go(s, t, &s->goals[i]);
		see_beginning(s, t);
	}
	return any;
}

/* Two that wake each other for ever are not waited for. */
static void collect(struct server *s)
{
	sleep_wake_by_time(s->g);
	sleep_wake_by_input(s->g, false);
	for (size_t n = 0; n <= s->g->nthreads && collect_woken(s); n++)
		;
}

/* The time goes on to when that thread wakes, or the first of all. */
static void wait_for(struct server *s, uint32_t thread)
{
	struct guest *g = s->g;
	uint64_t at = thread < g->nthreads ? g->threads[thread]->wakes_at : NEVER;
	if (at == NEVER)
		guest_wait(g);
	else if (at > guest_now(g))
		g->slept += at - guest_now(g);
	sleep_wake_by_time(g);
}

/* It takes the signal before it executes anything, if it can. */
static void preempt(struct server *s, uint32_t thread)
{
	struct guest *g = s->g;
	struct guest_thread *t = thread < g->nthreads ? g->threads[thread] : NULL;
	if (g->ended || !t || t->gone)
		return;
	signals_send(g, t, SIGURG, SI_TKILL);
	if (!signals_are_due(g, t))
		return;
	cpu_put_on(g, t);
	guest_come_out(g, t);
	if (can_go(g, t))
		signals_take(g, t);
}

static void pass(struct guest *g, uint64_t ns)
{
	g->slept += ns < NEVER / 2 - g->slept ? ns : 0;
	sleep_wake_by_time(g);
}

/* ---- what is kept ---- */

static struct kept_server **kept_at(struct server *s, uint64_t number)
{
	s->kept = xgrow(s->kept, &s->kept_cap, (size_t)number + 1, sizeof *s->kept);
	while (s->nkept <= number)
		s->kept[s->nkept++] = NULL;
	return &s->kept[number];
}

static void forget(struct server *s, uint64_t number)
{
	struct kept_server **k = kept_at(s, number);
	if (*k)
		kept_free(s->g, (*k)->guest);
	free(*k);
	*k = NULL;
}

static void keep(struct server *s, uint64_t number)
{
	forget(s, number);
	struct kept_server *k = *kept_at(s, number) = xmalloc(sizeof *k);
	k->guest = kept_new(s->g);
	memcpy(k->goals, s->goals, sizeof k->goals);
}

/* All is told anew. */
static void return_to(struct server *s, uint64_t number)
{
	const struct kept_server *k = *kept_at(s, number);
	if (!k)
		return;
	kept_return(s->g, k->guest);
	memcpy(s->goals, k->goals, sizeof s->goals);
	s->wire->nthreads = 0;
	tell(s);
}

/* ---- what is asked, by its kind ---- */

/* Towards a goal; a thread that libc has made, first to where it calls the program. */
static void set_going(struct server *s, const struct wire_request *r)
{
	if (r->thread >= s->g->nthreads || r->thread >= WIRE_THREADS)
		return;
	struct guest_thread *t = s->g->threads[r->thread];
	struct bound_for *goal = &s->goals[r->thread];
	if (r->op == WIRE_RUN_TO && !t->began) {
		*goal = (struct bound_for){.op = WIRE_LEAVE, .late = goal->late};
		go(s, t, goal);
	}
	if (r->op == WIRE_RUN_TO &&
		(!t->began || !can_go(s->g, t) || is_at(s, t, r->a) || is_at(s, t, r->b)))
		return;
	*goal = (struct bound_for){r->op, r->a, r->b, false, goal->late && r->op == WIRE_LEAVE};
	go(s, t, goal);
}

static void begin_here(struct guest *g, uint32_t thread)
{
	if (thread < g->nthreads && can_go(g, g->threads[thread]))
		make_fresh(g, g->threads[thread]);
}

static void write_word(struct guest *g, uint64_t addr, uint64_t word)
{
	if (space_may(&g->space, addr, sizeof word, PAGE_MAPPED, NULL))
		space_write(&g->space, addr, &word, sizeof word);
}

static void answer_kept(struct server *s, const struct wire_request *r)
{
	if (r->a >= WIRE_KEPT)
		return;
	switch (r->op) {
	case WIRE_KEEP: keep(s, r->a); return;
	case WIRE_RETURN: return_to(s, r->a); return;
	default: forget(s, r->a);
	}
}

static void answer(struct server *s, const struct wire_request *r)
{
	s->wire->anything = s->wire->nwrites = s->wire->noutput = 0;
	s->g->key = s->wire->key;
	switch (r->op) {
	case WIRE_STEP:
	case WIRE_RUN_TO:
	case WIRE_LEAVE: set_going(s, r); break;
	case WIRE_FRESH: begin_here(s->g, r->thread); break;
	case WIRE_COLLECT: collect(s); break;
	case WIRE_WAIT: wait_for(s, r->thread); break;
	case WIRE_PREEMPT: preempt(s, r->thread); break;
	case WIRE_PASS: pass(s->g, r->a); break;
	case WIRE_WRITE: write_word(s->g, r->a, r->b); break;
	case WIRE_AHEAD: ahead_run(s->ahead); return;
	case WIRE_BACK: ahead_back(s->ahead, (uint32_t)r->a); return;
	default: answer_kept(s, r); return;
	}
	tell(s);
}

/* ---- begin and end ---- */

static bool begin(
	struct server *s, int memory, const char *path, char *const *argv, char *const *envp)
{
	struct wire *w = mmap(NULL, sizeof *w, PROT_READ | PROT_WRITE, MAP_SHARED, memory, 0);
	if (w == MAP_FAILED)
		return false;
	s->wire = w;
	w->version = WIRE_VERSION;
	s->g = guest_open(path, argv, envp, memory, WIRE_GUEST, w->error, sizeof w->error);
	if (!s->g)
		return false;
	s->g->watch = (struct guest_watch){is_there, wrote, s};
	s->g->output = output;
	s->g->output_ctx = s;
	s->ahead = ahead_new(s->g, w);
	s->goal = &s->goals[0];
	s->g->threads[0]->began = true;
	s->changes = NEVER;
	tell(s);
	return true;
}

static void end(struct server *s)
{
	for (size_t i = 0; i < s->nkept; i++)
		forget(s, i);
	free(s->kept);
	ahead_free(s->ahead);
	guest_close(s->g);
}

int serve(int socket, int memory, const char *path, char *const *argv, char *const *envp)
{
	struct wire_request r;
	struct server *s = xcalloc(1, sizeof *s);
	bool ok = begin(s, memory, path, argv, envp);
	while (write(socket, "", 1) == 1 && ok && read(socket, &r, sizeof r) == sizeof r)
		answer(s, &r);
	if (s->g)
		end(s);
	free(s);
	return 0;
}
