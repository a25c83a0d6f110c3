/* SPDX-License-Identifier: MIT */
#include "sim.h"

#include "model/moment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/xalloc.h"

enum { TEXT = 0x401000, NWORDS = 64, NWORDS_G = 384 };
static const uint64_t stacks_at = 0x7f1000000000;

static const char *const functions[] = {
	"mstart",
	"gostart",
	"goexit_stub",
	"worker",
	"gosched",
	"mcall",
	"mcall_clear",
	"mcall_keep",
	"mcall_g0bp",
	"mcall_cycle",
	"systemstack",
	"gosched_m",
	"goexit0",
	"schedule",
	"casgstatus",
	"execute",
	"gogo",
	"gresumed",
	"repaint",
	"red",
	"blue",
	"library",
	"asmcgocall",
	"sigreturn",
};
enum { NFUNCTIONS = sizeof functions / sizeof functions[0] };

uint64_t sim_addr(const char *fn)
{
	for (int i = 0; i < NFUNCTIONS; i++)
		if (!strcmp(functions[i], fn))
			return TEXT + 16 * i;
	fprintf(stderr, "sim: no function %s\n", fn);
	abort();
}

static const char *name_at(uint64_t pc)
{
	return functions[(pc - TEXT) / 16];
}

static bool is_switch(const char *fn)
{
	return !strncmp(fn, "mcall_", 6) || !strcmp(fn, "systemstack");
}

/* Unwound by SP, with BP free for anything. */
static bool is_by_sp(const char *fn)
{
	return !strcmp(fn, "mcall") || !strcmp(fn, "library");
}

static bool is_root(const char *fn)
{
	return !strcmp(fn, "mstart") || !strcmp(fn, "gostart") || !strcmp(fn, "goexit_stub");
}

/* ---- code ---- */

/* {register, offset} of the CFA; kinds, and offsets from the CFA, of return address and BP. */
#define RULE(reg, off, ra, fp, ra_off, fp_off)                                                     \
	{                                                                                          \
		.known = true, .cfa_reg = reg, .cfa_off = off, ra, fp, ra_off, fp_off              \
	}
static const struct cfi_rule at_entry = RULE(SP, 8, CFI_AT_CFA, CFI_SAME, -8, 0);
static const struct cfi_rule pushed = RULE(SP, 16, CFI_AT_CFA, CFI_AT_CFA, -8, -16);
static const struct cfi_rule framed = RULE(BP, 16, CFI_AT_CFA, CFI_AT_CFA, -8, -16);
static const struct cfi_rule root = RULE(SP, 0, CFI_UNDEFINED, CFI_SAME, 0, 0);
static const struct cfi_rule by_sp = RULE(SP, 32, CFI_AT_CFA, CFI_AT_CFA, -8, -16);
static const struct cfi_rule jumping = RULE(SP, 0, CFI_REG, CFI_SAME, AX, 0);
/* What the kernel has put on the stack: SP, BP and pc of what it has interrupted. */
static const struct cfi_rule of_signal = {.known = true,
	.cfa_reg = SP,
	.ra = CFI_AT_BASE,
	.ra_off = 16,
	.fp = CFI_AT_BASE,
	.fp_off = 8,
	.cfa_is_word = true,
	.signal = true};

static struct cfi_rule cfi_at(const char *fn, int off)
{
	if (is_root(fn))
		return root;
	if (!strcmp(fn, "sigreturn"))
		return of_signal;
	if (off == PUSH_BP)
		return at_entry;
	if (off == MOV_BP)
		return pushed;
	if (is_switch(fn))
		return off < CALL_FN || !strcmp(fn, "systemstack") ? framed : root;
	if (!strcmp(fn, "gogo"))
		return off < JUMP ? framed : jumping;
	if (off == RET)
		return at_entry;
	return is_by_sp(fn) ? off == SUB_SP ? pushed : by_sp : framed;
}

static void add_code(struct code *c, int i)
{
	static const struct {
		uint8_t off, len;
		const char *text;
	} plain[] =
		{
			{PUSH_BP, 1, "push %rbp"},
			{MOV_BP, 3, "mov %rsp,%rbp"},
			{SUB_SP, 4, "sub $16,%rsp"},
			{CALL, 5, "call"},
			{BODY, 1, "nop"},
			{LEAVE, 1, "leave"},
			{RET, 1, "ret"},
		},
	  special[] = {
		  {0, 1, "push %rbp"},
		  {1, 3, "mov %rsp,%rbp"},
		  {4, 4, "save"},
		  {8, 4, "load"},
		  {12, 1, "load"},
		  {13, 2, "call *%rcx"},
		  {15, 1, "ud2"},
	  };
	const char *fn = functions[i];
	uint64_t at = TEXT + 16 * i;
	bool is_special = is_switch(fn) || !strcmp(fn, "gogo");

	for (int k = 0; k < 7; k++) {
		struct code_line l = {
			.pc = at + (is_special ? special : plain)[k].off,
			.len = (is_special ? special : plain)[k].len,
			.text = (is_special ? special : plain)[k].text,
			.sym = fn,
			.sym_lo = at,
			.sym_hi = at + 16,
			.file = "src/sim.c",
			.line = i + 1,
			.library = !strcmp(fn, "library"),
			.cfi = cfi_at(fn, (is_special ? special : plain)[k].off),
		};
		code_add(c, &l);
	}
}

/* ---- the machine ---- */

struct m_state *sim_m(struct sim *s, int m)
{
	return (struct m_state *)snap_m(&s->k.s, m);
}

struct g_state *sim_g(struct sim *s, int g)
{
	return (struct g_state *)snap_g(&s->k.s, g);
}

void sim_hold(struct snapmem *k, uint64_t addr)
{
	int i = snap_stack_at(&k->s, addr);
	if (i >= 0)
		snapmem_hold(k, i, addr & -(uint64_t)8);
}

static void store(struct sim *s, uint64_t addr, uint64_t word)
{
	uint64_t old = 0;
	snap_read(&s->k.s, addr, &old);
	sim_hold(&s->k, addr);
	if (!snapmem_write(&s->k, addr, word)) {
		fprintf(stderr, "sim: write outside all stacks\n");
		abort();
	}
	s->writes[s->nwrites++] = (struct word_write){addr, old, word};
}

static uint64_t load(struct sim *s, uint64_t addr)
{
	uint64_t word = 0;
	snap_read(&s->k.s, addr, &word);
	return word;
}

static void push(struct sim *s, uint64_t *r, uint64_t word)
{
	r[SP] -= 8;
	store(s, r[SP], word);
}

/* The step that began at pc is over: into the recording with it. */
static void done(struct sim *s, int m, uint64_t pc, bool state_changed)
{
	struct step st = {
		.m = m,
		.pc = pc,
		.nwrites = s->nwrites,
		.writes = s->writes,
		.state = &s->k.s,
		.state_changed = state_changed,
		.event = {.id = -1},
	};
	recording_add(s->r, &st);
	s->nwrites = 0;
	if (s->after)
		s->after(s, m);
}

static const struct g_state *g_left(struct sim *s, int m)
{
	return snap_g(&s->k.s, sim_m(s, m)->curg);
}

/* What mcall_<policy> saves of the G that calls. */
static void save_gobuf(struct sim *s, int m)
{
	uint64_t *r = sim_m(s, m)->regs;
	struct g_state *g = (struct g_state *)g_left(s, m);
	g->sched_pc = load(s, r[BP] + 8);
	g->sched_sp = r[BP] + 16;
	g->sched_bp = strcmp(s->policy, "cycle") ? load(s, r[BP]) : r[BP];
}

static uint64_t g0_top(struct sim *s, int m)
{
	return s->k.s.stacks[sim_m(s, m)->g0_stack].hi - 16;
}

/* One instruction of mcall_<policy> or systemstack after its prologue. Returns its length. */
static int exec_switch(struct sim *s, int m, int off)
{
	uint64_t *r = sim_m(s, m)->regs;
	bool keeps = strcmp(s->policy, "clear") && strcmp(s->policy, "g0bp");
	switch (off) {
	case SAVE: save_gobuf(s, m); return 4;
	case TAKE_G0: r[SP] = g0_top(s, m); return 4;
	default:
		if (!keeps && strcmp(name_at(r[IP]), "systemstack"))
			r[BP] = 0;
		return 1;
	}
}

/* One of gogo's; rax holds the G's id until it holds its pc. */
static int exec_gogo(struct sim *s, int m, int off)
{
	uint64_t *r = sim_m(s, m)->regs;
	const struct g_state *g = snap_g(&s->k.s, sim_m(s, m)->curg);
	if (off == LOAD_SP) {
		r[AX] = g->sched_pc;
		r[SP] = g->sched_sp;
		return 4;
	}
	if (off == LOAD_BP) {
		r[BP] = g->sched_bp;
		return 4;
	}
	r[IP] = r[AX];
	return 0;
}

/* A plain function's. Returns its length; 0 where it has set the pc itself. */
static int exec_plain(struct sim *s, uint64_t *r, const char *fn, int off)
{
	switch (off) {
	case PUSH_BP: push(s, r, r[BP]); return 1;
	case MOV_BP: r[BP] = r[SP]; return 3;
	case SUB_SP: r[SP] -= 16; return 4;
	case LEAVE:
		r[SP] = is_by_sp(fn) ? r[SP] + 16 : r[BP];
		r[BP] = load(s, r[SP]);
		r[SP] += 8;
		return 1;
	case RET:
		r[IP] = load(s, r[SP]);
		r[SP] += 8;
		return 0;
	default: return 1;
	}
}

void sim_exec(struct sim *s, int m)
{
	uint64_t *r = sim_m(s, m)->regs, pc = r[IP];
	const char *fn = name_at(pc);
	int off = pc % 16, len;

	if (off >= SAVE && is_switch(fn))
		len = exec_switch(s, m, off);
	else if (off >= LOAD_SP && !strcmp(fn, "gogo"))
		len = exec_gogo(s, m, off);
	else
		len = exec_plain(s, r, fn, off);
	r[IP] += len;
	done(s, m, pc, is_switch(fn) && off == SAVE);
}

void sim_call(struct sim *s, int m, const char *fn)
{
	uint64_t *r = sim_m(s, m)->regs;
	const char *caller = name_at(r[IP]);
	uint64_t pc = r[IP] & ~(uint64_t)15;

	if (!strcmp(caller, "gostart")) { /* as if goexit_stub had called */
		push(s, r, sim_addr("goexit_stub") + 1);
		pc += 1;
	} else {
		pc += is_switch(caller) ? CALL_FN : CALL;
		push(s, r, pc + (is_switch(caller) ? 2 : 5));
	}
	r[IP] = sim_addr(fn);
	done(s, m, pc, false);
}

void sim_enter(struct sim *s, int m, const char *fn)
{
	sim_call(s, m, fn);
	for (int i = 0; i < 3; i++)
		sim_exec(s, m);
}

void sim_leave(struct sim *s, int m)
{
	sim_m(s, m)->regs[IP] = (sim_m(s, m)->regs[IP] & ~(uint64_t)15) + LEAVE;
	sim_exec(s, m);
	sim_exec(s, m);
}

void sim_mcall(struct sim *s, int m, const char *fn)
{
	char name[32];
	snprintf(name, sizeof name, "mcall_%s", s->policy);
	sim_enter(s, m, "mcall");
	sim_call(s, m, name);
	for (int i = 0; i < 5; i++)
		sim_exec(s, m);
	sim_enter(s, m, fn);
}

void sim_signal(struct sim *s, int m, const char *handler)
{
	uint64_t *r = sim_m(s, m)->regs, pc = r[IP], fp = r[BP], sp = r[SP];
	push(s, r, pc);
	push(s, r, fp);
	push(s, r, sp);
	push(s, r, sim_addr("sigreturn"));
	r[IP] = sim_addr(handler);
	done(s, m, pc, false);
	for (int i = 0; i < 3; i++)
		sim_exec(s, m);
}

void sim_gogo(struct sim *s, int m, int g)
{
	sim_enter(s, m, "execute");
	sim_m(s, m)->curg = g;
	sim_status(s, m, g, GS_RUNNING, m);
	sim_call(s, m, "gogo");
	for (int i = 0; i < 5; i++)
		sim_exec(s, m);
}

void sim_status(struct sim *s, int m, int g, enum g_status_model status, int owner)
{
	uint64_t pc = sim_m(s, m)->regs[IP];
	sim_g(s, g)->status = status;
	sim_g(s, g)->m = owner;
	done(s, m, pc, true);
}

/* ---- beginning and end ---- */

static void add_m(struct sim *s, int id)
{
	struct m_state *m = &s->k.s.ms[id];
	uint64_t lo = stacks_at + 0x1000 * id;
	snapmem_set_stack(&s->k, id, STACK_G0, id, lo, lo + 8 * NWORDS);
	*m = (struct m_state){.id = id, .p = id, .g0_stack = id, .departure = NO_DEPARTURE};
	m->regs[SP] = g0_top(s, id);
	m->regs[IP] = sim_addr("mstart") + CALL;
}

static void add_g(struct sim *s, int i)
{
	int stack = s->k.s.nms + i;
	uint64_t hi = stacks_at + 0x10000 + 0x1000 * i + 8 * NWORDS;
	snapmem_set_stack(&s->k, stack, STACK_G, i, hi - 8 * NWORDS_G, hi);
	s->k.s.gs[i] = (struct g_state){
		.id = i + 1,
		.status = GS_RUNNABLE,
		.m = -1,
		.stack = stack,
		.sched_pc = sim_addr("gostart") + 1,
		.sched_sp = hi - 16,
	};
}

struct sim *sim_new(const char *policy)
{
	struct sim *s = xcalloc(1, sizeof *s);
	struct recording_info info = {.program = "sim", .procs = 2, .seed = 1, .arch = "amd64"};

	s->policy = policy;
	snprintf(info.policy, sizeof info.policy, "%s", policy);
	s->code = code_new();
	for (int i = 0; i < NFUNCTIONS; i++)
		add_code(s->code, i);
	snapmem_init(&s->k, arch_by_name("amd64"));
	snapmem_resize(&s->k, 2, 2, 2, 4);
	for (int i = 0; i < 2; i++) {
		add_m(s, i);
		add_g(s, i);
		s->k.s.ps[i] = (struct p_state){.id = i, .m = i};
	}
	s->r = recording_new(&info, &s->k.s, s->code);
	s->cursor = cursor_new(s->r);
	return s;
}

void sim_free(struct sim *s)
{
	cursor_free(s->cursor);
	recording_free(s->r);
	snapmem_free(&s->k);
	free(s);
}

/* ---- looking ---- */

const struct snapshot *sim_seen(struct sim *s)
{
	return cursor_seek(s->cursor, recording_last(s->r));
}

void sim_judge(struct sim *s, int m, struct answer *a)
{
	const struct moment at = {s->r, sim_seen(s)};
	moment_judge(&at, m, a);
}

const struct departure_chain *sim_departed(struct sim *s, int64_t step, int m)
{
	const struct moment at = {s->r, cursor_seek(s->cursor, step)};
	return moment_departure(&at, m);
}

const char *sim_chain(struct sim *s, int m, struct answer *a)
{
	static char text[2048];
	char sym[64];
	sim_judge(s, m, a);
	const struct code_line *l = code_at(s->code, a->chain.pc);
	int n = snprintf(text, sizeof text, "%s", l ? l->sym : "?");
	enum link link = a->chain.start;
	for (int i = 0; i < a->chain.n; i++) {
		if (link != LINK_CALL)
			n += snprintf(text + n, sizeof text - n, " [%s]", link_name(link));
		l = code_ret(s->code, a->chain.rec[i].ret);
		snprintf(sym, sizeof sym, "%s", l ? l->sym : "?");
		n += snprintf(text + n, sizeof text - n, " %s", sym);
		link = a->chain.rec[i].link;
	}
	snprintf(text + n, sizeof text - n, " [%s] %s", link_name(link), verdict_name(a->verdict));
	return text;
}
