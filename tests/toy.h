/* SPDX-License-Identifier: MIT */
/*
 * A machine without a process: a script of a few instructions, executed by two threads in whatever
 * order they are stepped. What it has in common with a real program are names and places, out of
 * that program's file: functions, probes, where the runtime's variables are. Its memory is its own.
 * It says exactly what each instruction wrote, as no real CPU does. In a header, for the tests of
 * two layers.
 *
 *   M0  schedules G1, which runs worker; starts M1; wakes it; ends the program with status 3
 *   M1  begins, goes to sleep, and once awake writes into G1's stack
 */
#ifndef TESTS_TOY_H
#define TESTS_TOY_H

#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "image/image.h"
#include "machine/machine.h"
#include "model/event.h"
/* Whose struct of that name is another. */
#define probe runtime_probe
#include "runtime.h"
#include "timerheap.h"
#undef probe

enum { TOY_THREADS = 2, TOY_WRITES = 4, TOY_REGIONS = 14, TOY_STACK = 4096 };

/* Where its memory is. Stacks by their upper end. */
#define TOY_STRUCTS 0x7e0000000000ull
#define TOY_M0 0x7e0001001000ull
#define TOY_M1 0x7e0002001000ull
#define TOY_G1 0x7e0003001000ull
#define TOY_ARGS 0x7e0004000000ull

/* What the runtime has of its own, in one piece. */
struct toy_structs {
	M m[TOY_THREADS];
	G g0[TOY_THREADS];
	G g;
	P p[TOY_THREADS];
	uint64_t allgs[1], allp[TOY_THREADS];
};
#define TOY_AT(member) (TOY_STRUCTS + offsetof(struct toy_structs, member))

enum toy_does { TOY_MOVES, TOY_STARTS, TOY_SLEEPS, TOY_WAKES, TOY_ENDS };

struct toy_insn {
	int thread;
	/* Where it leads: the probe of an event, with these arguments; else a function. */
	const char *to;
	int64_t arg[2];
	bool syscall; /* not to where that begins, but to its first system call */
	uint64_t sp;  /* as it is then; 0: as before */
	struct {
		const char *variable; /* of the runtime's; NULL: at addr */
		uint64_t addr, value;
	} write[TOY_WRITES];
	enum toy_does does;
};

/* clang-format off */
static const struct toy_insn toy_script[] = {
	{0, "schedule", {0}, .sp = TOY_M0 - 0x48, .write = {{NULL, TOY_M0 - 0x48, 7}}},
	{0, "execute", {1, 0}, .write = {{NULL, TOY_AT(g.atomicstatus), Grunning},
		{NULL, TOY_AT(g.m), TOY_AT(m[0])}, {NULL, TOY_AT(m[0].curg), TOY_AT(g)}}},
	{0, "worker", .sp = TOY_G1 - 0x10,
		.write = {{NULL, TOY_G1 - 0x10, 0}, {NULL, TOY_G1 - 8, 5}}},
	{0, "oscreate", .syscall = true},
	{0, "work", .write = {{"allm", 0, TOY_AT(m[1])}, {NULL, TOY_AT(m[1].p), TOY_AT(p[1])},
		{NULL, TOY_AT(p[1].m), TOY_AT(m[1])}}, .does = TOY_STARTS},
	{1, "stopm", {1}, .sp = TOY_M1 - 0x48, .write = {{NULL, TOY_M1 - 0x48, 9}}},
	{1, "futexsleep", .syscall = true},
	{1, "futexsleep", .syscall = true, .does = TOY_SLEEPS},
	{0, "futexwakeup", .syscall = true},
	{0, "repaint", .does = TOY_WAKES},
	{1, "wakem", {1}, .write = {{NULL, TOY_G1 - 0x18, 11}}},
	{0, "exit", {3}, .does = TOY_MOVES},
	{0, "osexit", .does = TOY_ENDS},
};
/* clang-format on */
enum { TOY_INSNS = sizeof toy_script / sizeof *toy_script };

struct toy {
	struct machine machine; /* first */
	struct image *image;
	struct thread thread[TOY_THREADS];
	int next[TOY_THREADS]; /* line of the script, or one further on that is another's */
	bool woken;
	struct {
		uint64_t addr;
		size_t n;
		uint8_t *bytes;
	} region[TOY_REGIONS];
	int nregions;
};

static inline uint8_t *toy_at(const struct toy *t, uint64_t addr, size_t *n)
{
	for (int i = 0; i < t->nregions; i++)
		if (addr - t->region[i].addr < t->region[i].n) {
			*n = t->region[i].n - (addr - t->region[i].addr);
			return t->region[i].bytes + (addr - t->region[i].addr);
		}
	return NULL;
}

static inline void toy_poke(struct toy *t, uint64_t addr, const void *value, size_t n)
{
	size_t room;
	uint8_t *at = toy_at(t, addr, &room);
	if (!at || room < n)
		abort();
	memcpy(at, value, n);
	machine_wrote(&t->machine, addr, n, true);
}

/* n zeros from addr on. */
static inline void toy_map(struct toy *t, uint64_t addr, size_t n)
{
	int i = t->nregions++;
	t->region[i].addr = addr;
	t->region[i].n = n;
	t->region[i].bytes = calloc(1, n);
}

static inline uint64_t toy_symbol(const struct toy *t, const char *name)
{
	uint64_t at = program_address(image_program(t->image), name);
	if (!at)
		abort();
	return at;
}

static inline const struct probe *toy_probe(const struct toy *t, const char *event)
{
	const struct probes *all = image_probes(t->image);
	for (size_t i = 0; i < all->n; i++)
		if (all->probe[i].event == event_by_name(event))
			return &all->probe[i];
	return NULL;
}

/* Put the arguments of an event where its probe will look for them. */
static inline void toy_stand_at(
	struct toy *t, struct thread *th, const struct probe *p, const int64_t *arg)
{
	th->regs[t->machine.arch->pc] = p->pc;
	for (int i = 0; i < p->nargs && i < 2; i++) {
		const struct probe_arg *a = &p->arg[i];
		uint64_t at = TOY_ARGS + 64 * (uint64_t)th->id + 8 * (uint64_t)i;
		if (a->kind == ARG_REG)
			th->regs[a->base] = (uint64_t)arg[i];
		if (a->kind != ARG_MEM)
			continue;
		th->regs[a->base] = at - (uint64_t)a->disp;
		toy_poke(t, at, &arg[i], 8);
	}
}

static inline void toy_move(struct toy *t, struct thread *th, const struct toy_insn *in)
{
	const struct probe *p = toy_probe(t, in->to);
	const struct site *site;
	if (p) {
		toy_stand_at(t, th, p, in->arg);
		return;
	}
	uint64_t pc = toy_symbol(t, in->to);
	while (in->syscall && (site = image_site(t->image, pc))->insn.flow != FLOW_SYSCALL)
		pc += site->insn.len ? site->insn.len : 1;
	th->regs[t->machine.arch->pc] = pc;
}

/* ---- the machine's operations ---- */

static inline void toy_step(struct machine *m, struct thread *th, const struct insn *decoded)
{
	struct toy *t = (struct toy *)m;
	int *next = &t->next[th->id];
	(void)decoded;
	while (*next < TOY_INSNS && toy_script[*next].thread != th->id)
		++*next;
	if (*next == TOY_INSNS)
		return;
	const struct toy_insn *in = &toy_script[(*next)++];
	if (in->sp)
		th->regs[m->arch->sp] = th->regs[m->arch->fp] = in->sp;
	for (int i = 0; i < TOY_WRITES && (in->write[i].addr || in->write[i].variable); i++)
		toy_poke(t,
			in->write[i].variable ? toy_symbol(t, in->write[i].variable)
					      : in->write[i].addr,
			&in->write[i].value, 8);
	toy_move(t, th, in);
	switch (in->does) {
	case TOY_MOVES: break;
	case TOY_STARTS: machine_add_thread(m, &t->thread[1]); break;
	case TOY_SLEEPS: th->state = ASLEEP; break;
	case TOY_WAKES: t->woken = true; break;
	case TOY_ENDS:
		t->thread[0].state = t->thread[1].state = GONE;
		m->ending = (struct ending){.how = EXITED, .status = 3};
		free(m->output);
		m->output = strdup("played\n");
		m->noutput = strlen(m->output);
	}
}

/* To where a thread becomes an M, the only place where one is run to. */
static inline void toy_run_to(struct machine *m, struct thread *th, uint64_t a, uint64_t b)
{
	(void)a, (void)b;
	toy_stand_at((struct toy *)m, th, toy_probe((struct toy *)m, "mstart"),
		(const int64_t[]){th->id});
}

static inline void toy_leave_library(struct machine *m, struct thread *th)
{
	(void)m, (void)th;
}

static inline bool toy_collect(struct machine *m)
{
	struct toy *t = (struct toy *)m;
	bool woken = t->woken;
	if (woken)
		t->thread[1].state = HELD;
	t->woken = false;
	return woken;
}

static inline bool toy_doze(struct machine *m, const struct thread *th, int64_t *since)
{
	(void)m, (void)th, (void)since;
	return false;
}

static inline void toy_sleeps(const struct machine *m, const struct thread *th, char *buf, size_t n)
{
	(void)m;
	snprintf(buf, n, "%s", th->state == ASLEEP ? "in a toy, until the script wakes it" : "");
}

/* What it writes, when it ends, is there at once. */
static inline void toy_drain(struct machine *m)
{
	(void)m;
}

static inline ssize_t toy_read(const struct machine *m, uint64_t addr, void *to, size_t n)
{
	size_t room = 0;
	const uint8_t *at = toy_at((const struct toy *)m, addr, &room);
	if (!at)
		return -1;
	memcpy(to, at, n < room ? n : room);
	return (ssize_t)(n < room ? n : room);
}

/* The toy as it was, with memory of its own. */
struct machine_state {
	struct toy toy;
	char *output;
};

static inline void toy_copy_memory(struct toy *to, const struct toy *from)
{
	for (int i = 0; i < from->nregions; i++)
		memcpy(to->region[i].bytes, from->region[i].bytes, from->region[i].n);
}

static inline struct machine_state *toy_snapshot(const struct machine *m)
{
	struct machine_state *s = calloc(1, sizeof *s);
	s->toy = *(const struct toy *)m;
	for (int i = 0; i < s->toy.nregions; i++)
		s->toy.region[i].bytes = malloc(s->toy.region[i].n);
	toy_copy_memory(&s->toy, (const struct toy *)m);
	s->output = malloc(m->noutput + 1);
	memcpy(s->output, m->noutput ? m->output : "", m->noutput);
	return s;
}

static inline void toy_restore(struct machine *m, const struct machine_state *s)
{
	struct toy *t = (struct toy *)m;
	toy_copy_memory(t, &s->toy);
	memcpy(t->thread, s->toy.thread, sizeof t->thread);
	memcpy(t->next, s->toy.next, sizeof t->next);
	t->woken = s->toy.woken;
	m->nthreads = s->toy.machine.nthreads;
	m->ending = s->toy.machine.ending;
	m->noutput = s->toy.machine.noutput;
	if (m->noutput)
		memcpy(m->output, s->output, m->noutput);
	machine_wrote_to(m, TO_ANY_MEMORY);
}

static inline void toy_free_memory(struct toy *t)
{
	for (int i = 0; i < t->nregions; i++)
		free(t->region[i].bytes);
}

static inline void toy_state_free(struct machine_state *s)
{
	toy_free_memory(&s->toy);
	free(s->output);
	free(s);
}

static inline void toy_close(struct machine *m)
{
	toy_free_memory((struct toy *)m);
	machine_free(m);
	free(m);
}

static const struct machine_ops toy_ops = {.step = toy_step,
	.run_to = toy_run_to,
	.leave_library = toy_leave_library,
	.collect = toy_collect,
	.doze = toy_doze,
	.sleeps = toy_sleeps,
	.drain = toy_drain,
	.read = toy_read,
	.snapshot = toy_snapshot,
	.restore = toy_restore,
	.state_free = toy_state_free,
	.close = toy_close};

/* ---- as it begins ---- */

/* A pointer of the program's. */
#define TOY_POINTER(member) ((void *)(uintptr_t)TOY_AT(member))

/* Two Ms, of which allm has only M0 yet, and two Ps; G1 has not run. */
static inline void toy_put_structs(struct toy *t)
{
	struct toy_structs s = {0};
	for (int i = 0; i < TOY_THREADS; i++) {
		uint64_t hi = i ? TOY_M1 : TOY_M0;
		s.m[i].id = s.p[i].id = i;
		s.m[i].g0 = TOY_POINTER(g0[i]);
		s.g0[i].goid = -1 - i;
		s.g0[i].m = TOY_POINTER(m[i]);
		s.g0[i].stack = (struct stack){hi - TOY_STACK, hi};
		s.allp[i] = TOY_AT(p[i]);
		t->thread[i].regs[t->machine.arch->sp] = hi - 0x40;
	}
	s.m[0].p = TOY_POINTER(p[0]);
	s.p[0].m = s.m[1].alllink = TOY_POINTER(m[0]);
	s.g.goid = 1;
	s.g.atomicstatus = Grunnable;
	s.g.stack = (struct stack){TOY_G1 - TOY_STACK, TOY_G1};
	s.g.sched.sp = TOY_G1 - 0x10;
	s.allgs[0] = TOY_AT(g);
	toy_map(t, TOY_STRUCTS, sizeof s);
	toy_poke(t, TOY_STRUCTS, &s, sizeof s);
}

static inline void toy_put_variable(struct toy *t, const char *name, const void *value, size_t n)
{
	toy_map(t, toy_symbol(t, name), (n + 7) & ~(size_t)7);
	toy_poke(t, toy_symbol(t, name), value, n);
}

static inline void toy_put_variables(struct toy *t)
{
	uint64_t gs = TOY_AT(allgs), ms = TOY_AT(m[0]), ps = TOY_AT(allp);
	int32_t ngs = 1, nps = TOY_THREADS;
	int64_t now = 0;
	struct sched none = {0};
	struct timerheap no_timers = {0};
	struct arena a = {TOY_STRUCTS, TOY_STRUCTS + sizeof(struct toy_structs),
		TOY_STRUCTS + sizeof(struct toy_structs), TOY_STRUCTS + 0x100000};
	toy_put_variable(t, "sched", &none, sizeof none);
	toy_put_variable(t, "allgs", &gs, sizeof gs);
	toy_put_variable(t, "allglen", &ngs, sizeof ngs);
	toy_put_variable(t, "allm", &ms, sizeof ms);
	toy_put_variable(t, "allp", &ps, sizeof ps);
	toy_put_variable(t, "gomaxprocs", &nps, sizeof nps);
	toy_put_variable(t, "arena", &a, sizeof a);
	toy_put_variable(t, "jumped", &now, sizeof now);
	toy_put_variable(t, "timerheap", &no_timers, sizeof no_timers);
}

/* The file that it leans on, built beside these tests, or without their sanitizer. */
static inline struct image *toy_image(void)
{
	static const char *const at[] = {"plain/examples/01_stale_link", "examples/01_stale_link"};
	char here[2048], path[4096], err[1024] = "";
	struct image *image = NULL;
	ssize_t n = readlink("/proc/self/exe", here, sizeof here - 1);
	here[n > 0 ? n : 0] = '\0';
	char *dir = dirname(dirname(here));
	for (int i = 0; i < 2 && !image; i++) {
		snprintf(path, sizeof path, "%s/%s", dir, at[i]);
		image = image_open(path, err, sizeof err);
	}
	if (!image)
		fail_msg("%s", err);
	return image;
}

/* Held where M0 begins. */
static inline struct machine *toy_machine(struct image *image)
{
	struct toy *t = calloc(1, sizeof *t);
	t->image = image;
	t->machine.ops = &toy_ops;
	t->machine.arch = image_arch(image);
	toy_map(t, TOY_M0 - TOY_STACK, TOY_STACK);
	toy_map(t, TOY_M1 - TOY_STACK, TOY_STACK);
	toy_map(t, TOY_G1 - TOY_STACK, TOY_STACK);
	toy_map(t, TOY_ARGS, TOY_STACK);
	toy_put_structs(t);
	toy_put_variables(t);
	machine_add_thread(&t->machine, &t->thread[0]);
	toy_run_to(&t->machine, &t->thread[0], 0, 0);
	return &t->machine;
}

#endif
