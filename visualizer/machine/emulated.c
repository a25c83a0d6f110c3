/* SPDX-License-Identifier: MIT */
/*
 * The other end of emulator/wire.h. The emulator may be broken, or in the hands of the program that
 * it executes: nothing that it tells is believed before it has been looked at, and where it ends
 * the program has ended.
 */
#include "emulated.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "emulated_ahead.h"
#include "emulated_kept.h"
#include "emulated_start.h"
#include "emulator/wire.h"
#include "pin.h"
#include "model/say.h"
#include "model/xalloc.h"

struct emulator {
	struct machine machine; /* first: what is handed out is this */
	struct emulated_process process;
	struct wire *wire;
	struct emulated_ahead ahead;
	struct kept_numbers kept;
	int wait_s;   /* see run_options */
	size_t nmade; /* threads of which this side has a struct: more than there are, after a
		       * return to when there were fewer */
};

static struct emulator *emulator_of(const struct machine *m)
{
	return (struct emulator *)m;
}

/* ---- what it tells ---- */

/* What has been looked at is what is used: the other end may write there at any time. */
static uint32_t read_once(const uint32_t *from)
{
	return *(const volatile uint32_t *)from;
}

/* How many there are, at most so many. */
static uint32_t count(const uint32_t *from, uint32_t max)
{
	uint32_t n = read_once(from);
	return n < max ? n : max;
}

static void add_thread(struct machine *m)
{
	machine_add_thread(m, xcalloc(1, sizeof(struct thread)));
	emulator_of(m)->nmade++;
}

static void take_thread(struct machine *m, uint32_t i, const struct wire_thread *from)
{
	static const enum thread_state states[] = {
		[WIRE_HELD] = HELD, [WIRE_ASLEEP] = ASLEEP, [WIRE_GONE] = GONE};
	if (i == m->nthreads && i < emulator_of(m)->nmade)
		m->nthreads++;
	else if (i == m->nthreads)
		add_thread(m);
	struct thread *t = m->threads[i];
	uint32_t state = read_once(&from->state);
	t->state = state <= WIRE_GONE ? states[state] : GONE;
	t->restless = t->state == ASLEEP &&
		      (from->wakes_at != UINT64_MAX || from->sleeps_in == WIRE_INPUT ||
			      from->sleeps_in == 0);
	memcpy(t->regs, from->regs, (size_t)m->arch->nregs * sizeof *t->regs);
}

static void take_threads(struct machine *m, const struct wire *w)
{
	uint32_t n = count(&w->nthreads, WIRE_THREADS);
	for (uint32_t i = 0; i < n; i++)
		take_thread(m, i, &w->threads[i]);
}

static void take_writes(struct machine *m, const struct wire *w)
{
	uint32_t n = count(&w->nwrites, WIRE_WRITES);
	for (uint32_t i = 0; i < n; i++) {
		uint64_t lo = w->writes[i].lo, size = w->writes[i].hi - lo;
		if (size > 0 && size <= WIRE_GUEST)
			machine_wrote(m, lo, size, false);
	}
	if (w->anything)
		machine_wrote_to(m, TO_ANY_MEMORY);
}

static void take_output(struct machine *m, const struct wire *w)
{
	uint32_t n = count(&w->noutput, WIRE_OUTPUT);
	m->output = xgrow(m->output, &m->output_cap, m->noutput + n + 1, 1);
	memcpy(m->output + m->noutput, w->output, n);
	m->noutput += n;
}

static void take_end(struct machine *m, const struct wire *w)
{
	struct ending *e = &m->ending;
	memcpy(m->lacks, w->lacks, sizeof m->lacks - 1);
	if (!w->ended)
		return;
	for (size_t i = 0; i < m->nthreads; i++)
		m->threads[i]->state = GONE;
	*e = (struct ending){.how = w->signal ? KILLED : EXITED, .status = w->status & 0xff};
	if (!w->signal)
		return;
	uint32_t by = read_once(&w->by);
	e->thread = by < m->nthreads ? m->threads[by] : NULL;
	machine_name_signal(w->signal, e->by, sizeof e->by);
	if (w->signal != SIGSEGV && w->signal != SIGBUS)
		return;
	if (w->fault == WIRE_REFUSED)
		say(e->why, sizeof e->why, MACHINE_REFUSED);
	else if (w->fault != WIRE_UNTOUCHED)
		say(e->why, sizeof e->why, "touching 0x%llx", (unsigned long long)w->fault);
}

/* It is no more, or has never been what it should: so is the program. */
static void lost(struct machine *m)
{
	for (size_t i = 0; i < m->nthreads; i++)
		m->threads[i]->state = GONE;
	m->ending = (struct ending){.how = KILLED, .by = "the emulator"};
	say(m->ending.why, sizeof m->ending.why, "%s",
		emulator_of(m)->process.was_silent
			? "which had stopped answering, and was ended; begin the run anew"
			: "which has ended; run g0scope-emulator by itself to see why");
}

static void take_all(struct machine *m, const struct wire *w)
{
	take_threads(m, w);
	take_writes(m, w);
	take_output(m, w);
	take_end(m, w);
}

static void ask(struct machine *m, struct wire_request r)
{
	struct emulator *e = emulator_of(m);
	if (m->ending.how != GOES_ON)
		return;
	if ((ahead_is(&e->ahead) && !ahead_drop(&e->ahead)) ||
		!emulated_ask(&e->process, &r, sizeof r)) {
		lost(m);
		return;
	}
	take_all(m, e->wire);
}

/* ---- the machine's operations ---- */

/* What was executed ahead, and now is asked for. */
static void take_ahead(struct machine *m, struct thread *t, const struct wire_step *s,
	const struct wire_word *words)
{
	const struct emulated_ahead *a = &emulator_of(m)->ahead;
	memcpy(t->regs, s->regs, (size_t)m->arch->nregs * sizeof *t->regs);
	for (const struct wire_word *w = words; w < &a->words[a->word]; w++)
		if (w->size <= sizeof w->was)
			machine_wrote(m, w->addr, w->size, false);
}

/*
 * All that it wrote is known, and yet what was not there before and is 0 counts only where it was
 * pushed: of other instructions the real machine cannot know, and both are to say the same.
 */
static void emulated_step(struct machine *m, struct thread *t, const struct insn *in)
{
	bool alive;
	const struct wire_word *words;
	const struct wire_step *s = ahead_step(&emulator_of(m)->ahead, t, &words, &alive);
	if (s)
		take_ahead(m, t, s, words);
	else if (alive)
		ask(m, (struct wire_request){
			       .op = WIRE_STEP, .thread = (uint32_t)t->id, .a = in->whole.end});
	else
		lost(m);
	if (in->pushes && t->state == HELD)
		machine_wrote(m, t->regs[m->arch->sp], in->pushes, true);
}

static void emulated_expect(struct machine *m, const struct expected *turns, size_t n)
{
	ahead_expect(&emulator_of(m)->ahead, turns, n);
}

static void emulated_run_to(struct machine *m, struct thread *t, uint64_t a, uint64_t b)
{
	ask(m, (struct wire_request){.op = WIRE_RUN_TO, .thread = (uint32_t)t->id, .a = a, .b = b});
}

static void emulated_leave_library(struct machine *m, struct thread *t)
{
	ask(m, (struct wire_request){.op = WIRE_LEAVE, .thread = (uint32_t)t->id});
}

/*
 * One that is asleep nowhere has been woken; so has one whose time has come. Whether there is input
 * only the emulator can say.
 */
static bool may_be_woken(const struct wire_thread *t, uint64_t now)
{
	return t->state == WIRE_ASLEEP &&
	       (t->sleeps_in == 0 || t->sleeps_in == WIRE_INPUT || t->wakes_at <= now);
}

static bool any_woken(const struct wire *w)
{
	uint32_t n = count(&w->nthreads, WIRE_THREADS);
	for (uint32_t i = 0; i < n; i++)
		if (may_be_woken(&w->threads[i], w->now))
			return true;
	return false;
}

static size_t nasleep(const struct machine *m)
{
	size_t n = 0;
	for (size_t i = 0; i < m->nthreads; i++)
		n += m->threads[i]->state == ASLEEP;
	return n;
}

static bool emulated_collect(struct machine *m)
{
	/* What is executed ahead ends before anybody is. */
	if (ahead_is(&emulator_of(m)->ahead) || !any_woken(emulator_of(m)->wire))
		return false;
	const size_t most = INT32_MAX, was = m->noutput, before = nasleep(m);
	size_t written;
	/* Whoever waits for us to take its output is not asleep; but no call writes more. */
	do {
		written = m->noutput;
		ask(m, (struct wire_request){.op = WIRE_COLLECT});
	} while (m->noutput != written && m->noutput - was < most && m->ending.how == GOES_ON &&
		 any_woken(emulator_of(m)->wire));
	return m->ending.how != GOES_ON || nasleep(m) < before;
}

static bool reads_input(const struct machine *m, const struct thread *t)
{
	return t->state == ASLEEP &&
	       read_once(&emulator_of(m)->wire->threads[t->id].sleeps_in) == WIRE_INPUT;
}

/* Our time goes on, by a moment, unless it has for long enough, or there is hurry. */
static bool doze_for_input(const struct emulator *e, int64_t *since)
{
	const struct timespec moment = {.tv_nsec = 10 * 1000 * 1000};
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	int64_t ns = now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
	*since = *since ? *since : ns;
	bool hurry = e->process.hurry && *e->process.hurry;
	if (hurry || ns - *since >= machine_patience(e->wait_s))
		return false;
	nanosleep(&moment, NULL);
	return true;
}

/* The guest's time goes on at once; what it reads from outside comes in ours. */
static bool emulated_doze(struct machine *m, const struct thread *t, int64_t *since)
{
	bool timed = false, reads = false;
	for (size_t i = 0; i < m->nthreads; i++) {
		const struct thread *one = m->threads[i];
		bool counts = one->restless && (!t || t == one);
		timed |= counts && !reads_input(m, one);
		reads |= counts && reads_input(m, one);
	}
	if (timed)
		ask(m, (struct wire_request){
			       .op = WIRE_WAIT, .thread = t ? (uint32_t)t->id : UINT32_MAX});
	return timed || (reads && doze_for_input(emulator_of(m), since));
}

static void emulated_preempt(struct machine *m, struct thread *t)
{
	ask(m, (struct wire_request){.op = WIRE_PREEMPT, .thread = (uint32_t)t->id});
}

static void emulated_pass(struct machine *m, int64_t ns)
{
	ask(m, (struct wire_request){.op = WIRE_PASS, .a = (uint64_t)ns});
}

static void emulated_sleeps(const struct machine *m, const struct thread *t, char *buf, size_t n)
{
	static const char *const where[] = {
		"", "futex", "clock_nanosleep", "read", "write", "read"};
	const struct wire_thread *w = &emulator_of(m)->wire->threads[t->id];
	*buf = '\0';
	uint32_t in = read_once(&w->sleeps_in);
	const char *until = t->restless ? "for a time" : "until another thread wakes it";
	if (in == WIRE_INPUT)
		until = "until a timer or something outside wakes it";
	if (t->state == ASLEEP && in < sizeof where / sizeof *where)
		snprintf(buf, n, "in %s, %s", where[in], until);
}

/* What it writes is told with each request. */
static void emulated_drain(struct machine *m)
{
	(void)m;
}

/* Of one mapping, from addr on, as far as there are pages. */
static ssize_t read_mapping(
	const struct wire *w, const struct wire_mapping *p, uint64_t addr, void *to, size_t n)
{
	enum { PAGE = 4096 };
	uint64_t size = p->hi - p->lo, at = addr - p->lo, got = 0;
	if (p->at > WIRE_SIZE || size > WIRE_SIZE - p->at || p->pages > WIRE_SIZE - size)
		return -1;
	const uint8_t *bytes = (const uint8_t *)w + p->at, *pages = (const uint8_t *)w + p->pages;
	while (got < n && at + got < size && pages[(at + got) / PAGE]) {
		uint64_t piece = PAGE - (at + got) % PAGE;
		got += piece < n - got ? piece : n - got;
	}
	memcpy(to, bytes + at, got);
	return got ? (ssize_t)got : -1;
}

static ssize_t emulated_read(const struct machine *m, uint64_t addr, void *to, size_t n)
{
	const struct wire *w = emulator_of(m)->wire;
	uint32_t all = count(&w->nmappings, WIRE_MAPPINGS);
	if (m->ending.how != GOES_ON)
		return 0;
	for (uint32_t i = 0; i < all; i++) {
		struct wire_mapping p = w->mappings[i];
		if (p.lo >= p.hi || addr - p.lo >= p.hi - p.lo)
			continue;
		ssize_t got = read_mapping(w, &p, addr, to, n);
		if (got > 0)
			ahead_undo(&emulator_of(m)->ahead, addr, to, (size_t)got);
		return got;
	}
	return -1;
}

static void emulated_write(struct machine *m, uint64_t addr, uint64_t word)
{
	uint64_t is;
	if (emulated_read(m, addr, &is, sizeof is) != sizeof is)
		return;
	ask(m, (struct wire_request){.op = WIRE_WRITE, .a = addr, .b = word});
	machine_wrote(m, addr, sizeof word, true);
}

/* ---- snapshots ---- */

/* False: the emulator is no more. */
static bool ask_of_kept(struct machine *m, enum wire_op op, int64_t number)
{
	struct emulator *e = emulator_of(m);
	struct wire_request r = {.op = op, .a = (uint64_t)number};
	return ahead_drop(&e->ahead) && emulated_ask(&e->process, &r, sizeof r);
}

static struct machine_state *emulated_snapshot(const struct machine *m)
{
	struct emulator *e = emulator_of(m);
	int64_t number = kept_number(&e->kept);
	if (number >= 0 && !ask_of_kept(&e->machine, WIRE_KEEP, number))
		lost(&e->machine);
	return number < 0 ? NULL : state_new(&e->machine, number);
}

static void emulated_restore(struct machine *m, const struct machine_state *s)
{
	state_put(m, s);
	if (!ask_of_kept(m, WIRE_RETURN, s->number))
		lost(m);
}

static void emulated_state_free(struct machine_state *s)
{
	struct machine *m = s->machine;
	if (!ask_of_kept(m, WIRE_FORGET, s->number))
		lost(m);
	kept_number_free(&emulator_of(m)->kept, s->number);
	state_end(s);
}

static void emulated_close(struct machine *m)
{
	struct emulator *e = emulator_of(m);
	for (size_t i = 0; i < e->nmade; i++)
		free(m->threads[i]);
	free(e->kept.taken);
	emulated_end(&e->process);
	machine_free(m);
	free(e);
	cpu_unpin();
}

static const struct machine_ops emulated_ops = {
	.step = emulated_step,
	.expect = emulated_expect,
	.run_to = emulated_run_to,
	.leave_library = emulated_leave_library,
	.collect = emulated_collect,
	.doze = emulated_doze,
	.preempt = emulated_preempt,
	.pass = emulated_pass,
	.sleeps = emulated_sleeps,
	.drain = emulated_drain,
	.read = emulated_read,
	.write = emulated_write,
	.snapshot = emulated_snapshot,
	.restore = emulated_restore,
	.state_free = emulated_state_free,
	.close = emulated_close,
};

bool emulated_is_there(char *err, size_t nerr)
{
	char path[4096];
	bool there = emulated_path(path, sizeof path);
	if (!there)
		say(err, nerr,
			"there is no g0scope-emulator beside this program; "
			"install libunicorn-dev and build it (make)");
	return there;
}

static void tell_text(struct wire *w, const struct image *image)
{
	size_t n;
	const struct code_range *text = image_text(image, &n);
	n = n < WIRE_RANGES ? n : WIRE_RANGES;
	for (size_t i = 0; i < n; i++)
		w->ranges[i] = (struct wire_range){text[i].lo, text[i].hi};
	w->nranges = (uint32_t)n;
	w->key = program_address(image_program(image), "tcache_key");
}

/* As far as the real CPU would come in ten seconds: what does not come there by then never will. */
static void approach(struct machine *m, uint64_t pc)
{
	enum { TRIES = 40 };
	for (int i = 0; i < TRIES && m->nthreads && m->threads[0]->state == HELD &&
			m->threads[0]->regs[m->arch->pc] != pc;
		i++)
		emulated_run_to(m, m->threads[0], pc, 0);
	ask(m, (struct wire_request){.op = WIRE_FRESH, .thread = 0});
}

struct machine *emulated_open(const struct run_options *o, const struct image *image,
	uint64_t start, char *err, size_t nerr)
{
	struct emulator *e = xcalloc(1, sizeof *e);
	e->machine.ops = &emulated_ops;
	e->machine.arch = image_arch(image);
	e->machine.emulated = true;
	e->wait_s = o->wait_s;
	/* The emulator, too, from its begin on. */
	cpu_pin();
	if (!emulated_begin(&e->process, o, image_program(image)->fd, err, nerr)) {
		emulated_close(&e->machine);
		return NULL;
	}
	e->wire = e->process.memory;
	e->ahead.process = &e->process;
	e->ahead.wire = e->wire;
	tell_text(e->wire, image);
	say(e->machine.note, sizeof e->machine.note, "an emulated %s CPU executes it",
		e->machine.arch->name);
	take_threads(&e->machine, e->wire);
	approach(&e->machine, start);
	return &e->machine;
}
