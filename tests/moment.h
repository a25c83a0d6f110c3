/* SPDX-License-Identifier: MIT */
/*
 * The moment everything is about, as a recording made by hand: under keep, M0
 * has left G1 by gosched and is in schedule on its g0; M1 has taken G1 and run it on, so that
 * the words change under M0's saved frame pointer. Addresses are fixed. In a header, for the
 * tests of two layers.
 *
 *   step 1  M0's SP is on g0, its FP still in G1     4  M1 is given G1: foreign
 *        2  gosched_m pushes FP: the link             5  M1 is on G1's stack
 *        3  G1 is runnable: M0 has given it up        6  M1 writes paint's return address
 *                                                     7  and its record: CHIMERA
 */
#ifndef TESTS_MOMENT_H
#define TESTS_MOMENT_H

#include <stdio.h>
#include <string.h>

#include "engine/timeline.h"

enum { MOMENT_WORDS = 40, MOMENT_STACKS = 4, MOMENT_LAST = 7, MOMENT_FOREIGN = 4 };

/* Stacks by their upper end. */
#define MOMENT_M0 0x7f100000da00ull
#define MOMENT_M1 0x7f100002ca00ull
#define MOMENT_G1 0x7f1000048000ull
#define MOMENT_G2 0x7f1000058000ull

struct moment_state {
	struct snapshot s;
	struct m_state ms[2];
	struct g_state gs[2];
	struct p_state ps[2];
	struct stack_image stacks[MOMENT_STACKS];
	uint64_t words[MOMENT_STACKS][MOMENT_WORDS];
	int global[4];
};

enum { RBP = 6, RSP = 7, RIP = 16 };

static inline uint64_t *moment_word(struct moment_state *t, uint64_t addr)
{
	for (int i = 0; i < MOMENT_STACKS; i++)
		if (addr >= t->stacks[i].from && addr < t->stacks[i].hi)
			return &t->words[i][(addr - t->stacks[i].from) / 8];
	return NULL;
}

static inline void moment_record(struct moment_state *t, uint64_t fp, uint64_t next, uint64_t ret)
{
	*moment_word(t, fp) = next;
	*moment_word(t, fp + 8) = ret;
}

/*
 * A function with a frame record of its own, an instruction at each offset; nobody called it
 * from offset `root` on.
 */
static inline void moment_put_code(struct code *c, const char *sym, uint64_t lo, const char *file,
	int line, int root, const uint32_t *at, const char *const *text)
{
	for (int i = 0; text[i]; i++) {
		struct code_line l = {
			.pc = lo + at[i],
			.len = text[i + 1] ? at[i + 1] - at[i] : 5,
			.sym = sym,
			.sym_lo = lo,
			.sym_hi = lo + 0x80,
			.file = file,
			.line = line + i,
			.text = text[i],
			.is_call = strncmp(text[i], "call", 4) == 0,
		};
		bool first = at[i] == 0, second = at[i] == 1;
		l.cfi = (struct cfi_rule){.known = true,
			.ra = CFI_AT_CFA,
			.ra_off = -8,
			.fp = CFI_AT_CFA,
			.fp_off = -16};
		l.cfi.cfa_reg = first || second ? RSP : RBP;
		l.cfi.cfa_off = first ? 8 : 16;
		if (first)
			l.cfi.fp = CFI_SAME;
		if (root >= 0 && (int)at[i] >= root)
			l.cfi = (struct cfi_rule){
				.known = true, .cfa_reg = RSP, .ra = CFI_UNDEFINED, .fp = CFI_SAME};
		code_add(c, &l);
	}
}

#define FUNCTION(c, sym, lo, file, line, root, at, ...)                                            \
	moment_put_code(c, sym, lo, file, line, root, (const uint32_t[])at,                        \
		(const char *const[]){__VA_ARGS__, NULL})
#define AT(...)                                                                                    \
	{                                                                                          \
		__VA_ARGS__                                                                        \
	}

static inline struct code *moment_functions(const char *mcall)
{
	struct code *c = code_new();
	FUNCTION(c, "schedule", 0x401200, "src/proc.c", 86, -1, AT(0, 1, 4, 8, 12, 15, 17),
		"push   %rbp", "mov    %rsp,%rbp", "sub    $32,%rsp", "mov    0x18(%rax),%rdx",
		"test   %rdx,%rdx", "je     0x401240", "mov    (%rdx),%rax");
	FUNCTION(c, "gosched_m", 0x401380, "src/proc.c", 120, -1, AT(0, 1, 4, 0x2c, 0x31),
		"push   %rbp", "mov    %rsp,%rbp", "sub    $16,%rsp", "call   schedule", "ud2");
	FUNCTION(c, "gosched", 0x401440, "src/proc.c", 140, -1, AT(0, 1, 0x14, 0x19), "push   %rbp",
		"mov    %rsp,%rbp", "call   mcall", "leave");
	FUNCTION(c, "mcall", 0x401580, "arch/amd64/mcall.S", 13, -1, AT(0, 1, 0x10, 0x15, 0x1a),
		"push   %rbp", "mov    %rsp,%rbp", "call   *mcall_policy(%rip)", "call   gresumed",
		"ret");
	FUNCTION(c, mcall, 0x401600, "arch/amd64/mcall_keep.S", 14, 0x40,
		AT(0, 1, 4, 0x40, 0x41, 0x47, 0x49), "push   %rbp", "mov    %rsp,%rbp",
		"mov    8(%rbp),%rcx", "nop", "mov    %rdi,%rcx", "call   *%rcx",
		"call   badmcall2");
	FUNCTION(c, "execute", 0x401680, "src/proc.c", 60, -1, AT(0, 1, 0x20, 0x25), "push   %rbp",
		"mov    %rsp,%rbp", "call   gogo", "ud2");
	FUNCTION(c, "mstart1", 0x401700, "src/proc.c", 40, 0x40, AT(0, 1, 0x40, 0x45),
		"push   %rbp", "mov    %rsp,%rbp", "call   schedule", "ret");
	FUNCTION(c, "paint", 0x401780, "examples/stale_link.c", 22, -1, AT(0, 1, 4), "push   %rbp",
		"mov    %rsp,%rbp", "sub    $16,%rsp");
	FUNCTION(c, "repaint", 0x401800, "examples/stale_link.c", 31, -1, AT(0, 1, 4, 0x19, 0x1e),
		"push   %rbp", "mov    %rsp,%rbp", "sub    $72,%rsp", "call   paint", "leave");
	FUNCTION(c, "work", 0x401900, "examples/stale_link.c", 41, -1,
		AT(0, 1, 0x3b, 0x40, 0x4d, 0x52), "push   %rbp", "mov    %rsp,%rbp",
		"call   gosched", "nop", "call   repaint", "leave");
	FUNCTION(c, "worker", 0x401980, "examples/stale_link.c", 50, -1, AT(0, 1, 0xd, 0x12),
		"push   %rbp", "mov    %rsp,%rbp", "call   work", "leave");
	FUNCTION(c, "goexit_stub", 0x401a00, "arch/amd64/start.S", 20, 0, AT(0, 1), "nop",
		"call   goexit1");
	char source[256] = "";
	memset(source, '\n', 85);
	strcat(source, "void schedule(void)\n{\n\tG *gp;\n\tgp = runqget(pp);\n");
	code_add_source(c, "src/proc.c", source, strlen(source));
	return c;
}

/*
 * Before step 1: M0 runs G1, in mcall_keep just before it takes g0's stack; M1 is in schedule
 * on its own g0.
 */
static inline void moment_start(struct moment_state *t)
{
	static const uint64_t hi[MOMENT_STACKS] = {MOMENT_M0, MOMENT_M1, MOMENT_G1, MOMENT_G2};
	memset(t, 0, sizeof *t);
	for (int i = 0; i < MOMENT_STACKS; i++)
		t->stacks[i] = (struct stack_image){i < 2 ? STACK_G0 : STACK_G, i % 2,
			hi[i] - 0x8000, hi[i], hi[i] - MOMENT_WORDS * 8, t->words[i]};
	for (int i = 0; i < 2; i++) {
		t->ms[i] =
			(struct m_state){.id = i, .p = i, .g0_stack = i, .departure = NO_DEPARTURE};
		t->gs[i] = (struct g_state){
			.id = i + 1, .status = GS_RUNNABLE, .m = -1, .stack = 2 + i};
		t->ps[i] = (struct p_state){.id = i, .m = i};
	}
	t->gs[0].status = GS_RUNNING;
	t->gs[0].m = 0;
	t->ms[0].curg = 1;
	/* M1's queue has G2, which has not run yet. */
	t->ps[1].nq = 1;
	t->ps[1].q[0] = 2;
	t->gs[1].sched_sp = MOMENT_G2 - 0x20;
	/* g0s: mstart1 called schedule. */
	moment_record(t, MOMENT_M0 - 0x40, 0, 0x401745);
	moment_record(t, MOMENT_M1 - 0x40, 0, 0x401745);
	t->ms[1].regs[RIP] = 0x401208;
	t->ms[1].regs[RBP] = MOMENT_M1 - 0x40;
	t->ms[1].regs[RSP] = MOMENT_M1 - 0x60;
	*moment_word(t, MOMENT_M1 - 0x58) = 3;
	/* G1: worker, work, gosched, mcall, mcall_keep. */
	moment_record(t, MOMENT_G1 - 0x20, 0, 0x401a01);
	moment_record(t, MOMENT_G1 - 0x40, MOMENT_G1 - 0x20, 0x401992);
	moment_record(t, MOMENT_G1 - 0x60, MOMENT_G1 - 0x40, 0x401940);
	moment_record(t, MOMENT_G1 - 0x70, MOMENT_G1 - 0x60, 0x401459);
	moment_record(t, MOMENT_G1 - 0xb0, MOMENT_G1 - 0x70, 0x401595);
	*moment_word(t, MOMENT_G1 - 0x48) = 2;
	*moment_word(t, MOMENT_G1 - 0x50) = 7;
	t->ms[0].regs[RIP] = 0x401604;
	t->ms[0].regs[RBP] = t->ms[0].regs[RSP] = MOMENT_G1 - 0xb0;
	t->gs[0].sched_pc = 0x401595;
	t->gs[0].sched_sp = MOMENT_G1 - 0xa0;
	t->gs[0].sched_bp = MOMENT_G1 - 0x70;
	t->s = (struct snapshot){.arch = arch_by_name("amd64"),
		.last_m = -1,
		.nms = 2,
		.ngs = 2,
		.nps = 2,
		.nstacks = MOMENT_STACKS,
		.ms = t->ms,
		.gs = t->gs,
		.ps = t->ps,
		.stacks = t->stacks,
		.global = t->global};
}

/* One step of M m to pc, with what it wrote; the state has been changed before. */
static inline void moment_step(struct recording *r, struct moment_state *t, int m, uint64_t pc,
	struct word_write *w, int n, const struct event *event)
{
	struct step st = {.m = m,
		.pc = t->ms[m].regs[RIP],
		.nwrites = n,
		.writes = w,
		.state = &t->s,
		.state_changed = true,
		.event = {.id = -1}};
	for (int i = 0; i < n; i++) {
		uint64_t *word = moment_word(t, w[i].addr);
		w[i].old = *word;
		*word = w[i].now;
	}
	t->ms[m].regs[RIP] = pc;
	t->s.step++;
	t->s.last_m = m;
	if (event)
		st.event = *event;
	recording_add(r, &st);
}

/* SP and FP of an M as they will be after the next step. */
static inline void moment_sp_fp(struct moment_state *t, int m, uint64_t sp, uint64_t fp)
{
	t->ms[m].regs[RSP] = sp;
	t->ms[m].regs[RBP] = fp;
}

/* Of no step yet, from that state on. policy: keep or clear, here and below. */
static inline struct recording *moment_recording(const struct moment_state *t, const char *policy)
{
	struct recording_info info = {
		.program = "examples/stale_link", .procs = 2, .arch = "amd64"};
	bool clear = strcmp(policy, "clear") == 0;
	snprintf(info.policy, sizeof info.policy, "%s", policy);
	return recording_new(&info, &t->s, moment_functions(clear ? "mcall_clear" : "mcall_keep"));
}

static inline struct timeline *moment_timeline(const char *policy)
{
	struct moment_state t;
	uint64_t fp = strcmp(policy, "clear") == 0 ? 0 : MOMENT_G1 - 0xb0;
	moment_start(&t);
	struct recording *r = moment_recording(&t, policy);

	static const struct event status = {EVENT_casgstatus, 3, {1, GS_RUNNING, GS_RUNNABLE}, ""},
				  execute = {EVENT_execute, 2, {1, 1}, ""};
	moment_sp_fp(&t, 0, MOMENT_M0 - 0x30, fp);
	moment_step(r, &t, 0, 0x401641, NULL, 0, NULL);
	struct word_write link[] = {{MOMENT_M0 - 0x40, 0, fp}, {MOMENT_M0 - 0x38, 0, 0x401649}};
	moment_sp_fp(&t, 0, MOMENT_M0 - 0x40, MOMENT_M0 - 0x40);
	moment_step(r, &t, 0, 0x401384, link, 2, NULL);
	struct word_write call[] = {
		{MOMENT_M0 - 0x60, 0, MOMENT_M0 - 0x40}, {MOMENT_M0 - 0x58, 0, 0x4013b1}};
	moment_sp_fp(&t, 0, MOMENT_M0 - 0x80, MOMENT_M0 - 0x60);
	t.gs[0].status = GS_RUNNABLE;
	t.gs[0].m = -1;
	t.ms[0].curg = 0;
	t.s.nglobal = 1;
	t.global[0] = 1;
	moment_step(r, &t, 0, 0x401208, call, 2, &status);
	t.gs[0].status = GS_RUNNING;
	t.gs[0].m = 1;
	t.ms[1].curg = 1;
	t.s.nglobal = 0;
	moment_step(r, &t, 1, 0x4016a0, NULL, 0, &execute);
	moment_sp_fp(&t, 1, MOMENT_G1 - 0xa0, MOMENT_G1 - 0x70);
	moment_step(r, &t, 1, 0x401595, NULL, 0, NULL);
	/* repaint's record is where gosched's was, and it calls paint. */
	struct word_write repaint[] = {
		{MOMENT_G1 - 0xa8, 0, 0x40181e}, {MOMENT_G1 - 0x58, 0, 0x401952}};
	moment_sp_fp(&t, 1, MOMENT_G1 - 0xa8, MOMENT_G1 - 0x60);
	moment_step(r, &t, 1, 0x401780, repaint, 2, NULL);
	struct word_write paint[] = {{MOMENT_G1 - 0xb0, 0, MOMENT_G1 - 0x60}};
	moment_sp_fp(&t, 1, MOMENT_G1 - 0xb0, MOMENT_G1 - 0x60);
	moment_step(r, &t, 1, 0x401781, paint, 1, NULL);
	recording_set_end(r, RUN_GOES_ON, NULL);
	return timeline_replay(r);
}

#endif
