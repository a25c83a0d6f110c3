/* SPDX-License-Identifier: MIT */
/*
 * truth: what really is on the stacks that an M owns.
 *
 * Frame by frame with the compiler's unwind information (CFI), which says for every pc
 * where the caller's return address and frame pointer are kept. It does not need frame
 * pointers to be right: in the middle of a prologue, after mcall has cleared BP, between
 * gogo's loads of SP and BP it is exact.
 *
 * Where a signal has come, it has the kernel's frame between the handler and what that interrupted,
 * anywhere: before its record was there, or in the midst of code without any.
 *
 * CFI ends at the root of a stack (return address undefined). On g0, below mcall, the
 * runtime knows more: the M came from the stack of from_g. While the M still owns that G,
 * the call goes on where the G's gobuf says: with mcall's caller. Once it has given the G
 * up, that stack is another's to write, and the truth ends. A g0 that is a foreign thread's
 * own stack has another root, where that thread began; nothing called that.
 */
#include "walk.h"

#include <assert.h>
#include <string.h>

/* The registers that matter, as they are while one frame runs. */
struct cpu {
	uint64_t pc, sp, fp;
	bool is_ret;      /* pc is a return address */
	bool interrupted; /* pc is where a signal came */
	bool unseen;      /* no record leads here */
	bool has_lr;      /* the link register is known, as of what was interrupted */
	bool lr_is_told;  /* a record of the signal's has it */
	uint64_t lr;
	const uint64_t *regs; /* all of them, for frame 0; NULL: sp and fp only are known */
};

static bool reg_value(const struct snapshot *s, const struct cpu *cpu, int reg, uint64_t *v)
{
	if (reg == s->arch->sp)
		*v = cpu->sp;
	else if (reg == s->arch->fp)
		*v = cpu->fp;
	else if (cpu->has_lr && reg == s->arch->lr)
		*v = cpu->lr;
	else if (cpu->regs && reg >= 0 && reg < s->arch->nregs)
		*v = cpu->regs[reg];
	else
		return false;
	return true;
}

/* What offsets are counted from while one frame runs. */
struct bases {
	uint64_t base, cfa;
};

static bool find_bases(const struct snapshot *s, const struct cpu *cpu, const struct cfi_rule *cfi,
	struct bases *at)
{
	if (!cfi->known || !reg_value(s, cpu, cfi->cfa_reg, &at->base))
		return false;
	at->cfa = at->base + (int64_t)cfi->cfa_off;
	return !cfi->cfa_is_word || snap_read(s, at->cfa, &at->cfa);
}

/*
 * What the caller had in a register that the frame saved by `kind`; `same` is the
 * register that CFI_SAME means.
 */
static bool saved_value(const struct snapshot *s, const struct cpu *cpu, const struct bases *at,
	uint8_t kind, int32_t off, int same, uint64_t *v)
{
	switch (kind) {
	case CFI_AT_CFA: return snap_read(s, at->cfa + (int64_t)off, v);
	case CFI_AT_BASE: return snap_read(s, at->base + (int64_t)off, v);
	case CFI_REG: return reg_value(s, cpu, off, v);
	default: return reg_value(s, cpu, same, v);
	}
}

/* Whether a frame's return address is somewhere else than beside the word that FP points at. */
static bool is_hidden(const struct cfi_rule *cfi, uint64_t cfa, uint64_t fp)
{
	if (cfi->ra == CFI_UNDEFINED)
		return false;
	return cfi->ra != CFI_AT_CFA || cfa + (int64_t)cfi->ra_off != fp + 8;
}

/* Add the frame that cpu is in; its CFA is not known yet. */
static struct true_frame *add_frame(
	const struct snapshot *s, struct truth *out, const struct cpu *cpu)
{
	assert(out->n < WALK_MAX);
	struct true_frame *f = &out->frame[out->n++];
	*f = (struct true_frame){.pc = cpu->pc,
		.fp = cpu->fp,
		.is_ret = cpu->is_ret,
		.interrupted = cpu->interrupted,
		.unseen = cpu->unseen};
	f->stack = snap_stack_of_sp(s, cpu->sp);
	f->low = cpu->sp;
	return f;
}

/*
 * The frame's CFA is known. SP may be on another stack than that, in systemstack or between two
 * loads: there the frame has what it has saved.
 */
static void place_frame(
	const struct snapshot *s, const struct cfi_rule *cfi, struct true_frame *f, uint64_t cfa)
{
	int stack = snap_stack_of_sp(s, cfa);
	f->cfa = cfa;
	if (stack < 0 || stack == f->stack)
		return;
	f->stack = stack;
	f->low = cfa;
	if (cfi->ra == CFI_AT_CFA && cfa + (int64_t)cfi->ra_off < f->low)
		f->low = cfa + (int64_t)cfi->ra_off;
	if (cfi->fp == CFI_AT_CFA && cfa + (int64_t)cfi->fp_off < f->low)
		f->low = cfa + (int64_t)cfi->fp_off;
}

/* systemstack's frame begins on g0 and has its CFA on the G's stack, which may lie lower. */
static bool is_same_stack(const struct snapshot *s, uint64_t a, uint64_t b)
{
	return snap_stack_of_sp(s, a) == snap_stack_of_sp(s, b);
}

/*
 * What was interrupted has a link register of its own: kept by the frame, or what it is now. The
 * kernel's record for a handler has that in place of the pc.
 */
static void find_lr(const struct snapshot *s, const struct cpu *cpu, const struct cfi_rule *cfi,
	const struct bases *at, struct cpu *caller)
{
	uint64_t told;
	if (!cfi->signal)
		return;
	if (cfi->lr_off) {
		caller->has_lr = snap_read(s, at->base + (int64_t)cfi->lr_off, &caller->lr);
		caller->lr_is_told =
			caller->unseen && snap_read(s, cpu->fp + 8, &told) && told == caller->lr;
	} else {
		caller->has_lr = reg_value(s, cpu, s->arch->lr, &caller->lr);
		caller->lr_is_told = cpu->lr_is_told;
	}
}

/* What cpu will be once the frame has returned; false: that is not known. */
static bool caller_of(const struct snapshot *s, const struct cpu *cpu, const struct cfi_rule *cfi,
	const struct bases *at, struct cpu *caller)
{
	/* In the midst of a function its record may be missing; at a call it is there. */
	bool anywhere = cpu->regs || cpu->interrupted || cfi->signal;

	*caller = (struct cpu){.sp = at->cfa, .is_ret = !cfi->signal, .interrupted = cfi->signal};
	caller->unseen = anywhere && is_hidden(cfi, at->cfa, cpu->fp);
	find_lr(s, cpu, cfi, at, caller);
	if (!cpu->regs && !cpu->interrupted && at->cfa <= cpu->sp &&
		is_same_stack(s, at->cfa, cpu->sp))
		return false; /* one at a call is not empty; a second one would never end */
	if (!saved_value(s, cpu, at, cfi->ra, cfi->ra_off, s->arch->lr, &caller->pc))
		return false;
	/* That leads to its caller, if it has no record; or back to itself, right behind a call. */
	if ((cpu->lr_is_told && cpu->lr == caller->pc) ||
		(caller->lr_is_told && caller->lr == caller->pc))
		caller->unseen = false;
	caller->pc = snap_return(s, caller->pc);
	return saved_value(s, cpu, at, cfi->fp, cfi->fp_off, s->arch->fp, &caller->fp);
}

/* Unwind from cpu to the root of its stack; false: it stops before, as something is not known. */
static bool unwind(
	const struct snapshot *s, const struct code *c, struct cpu cpu, struct truth *out)
{
	while (out->n < WALK_MAX) {
		struct true_frame *f = add_frame(s, out, &cpu);
		const struct code_line *l = cpu.is_ret ? code_ret(c, cpu.pc) : code_at(c, cpu.pc);
		struct bases at;
		if (!l || !find_bases(s, &cpu, &l->cfi, &at))
			return false;
		place_frame(s, &l->cfi, f, at.cfa);
		if (out->n == 1)
			out->hidden = is_hidden(&l->cfi, at.cfa, cpu.fp);
		if (l->cfi.ra == CFI_UNDEFINED)
			return true;
		struct cpu caller;
		if (!caller_of(s, &cpu, &l->cfi, &at, &caller))
			return false;
		cpu = caller;
	}
	return false;
}

/*
 * The truth has come to the root of g0, below mcall: does it go on on the stack of the G
 * that was left?
 */
static void join(
	const struct snapshot *s, const struct code *c, const struct m_state *m, struct truth *out)
{
	const struct g_state *gp = snap_g(s, m->departure.g);

	if (!gp || gp->m != m->id || m->departure.g_ran) {
		out->gave_up_g = m->departure.g;
		out->gave_up_step = m->departure.gave_up;
		return;
	}
	struct cpu cpu = {
		.pc = gp->sched_pc, .sp = gp->sched_sp, .fp = gp->sched_bp, .is_ret = true};
	out->whole = unwind(s, c, cpu, out);
}

/* Whether a frame is mcall's, on g0: the only root there that was called from somewhere. */
static bool is_mcall(const struct code *c, const struct true_frame *f)
{
	const struct code_line *l = f->is_ret ? code_ret(c, f->pc) : code_at(c, f->pc);
	return l && l->sym && !strncmp(l->sym, "mcall_", 6);
}

static struct cpu cpu_of(const struct snapshot *s, const struct m_state *m)
{
	return (struct cpu){.pc = m_pc(s, m), .sp = m_sp(s, m), .fp = m_fp(s, m), .regs = m->regs};
}

bool truth_cfa(
	const struct snapshot *s, const struct code *c, const struct m_state *m, uint64_t *cfa)
{
	struct cpu cpu = cpu_of(s, m);
	const struct code_line *l = code_at(c, cpu.pc);
	struct bases at;
	if (!l || !find_bases(s, &cpu, &l->cfi, &at))
		return false;
	*cfa = at.cfa;
	return true;
}

void truth(const struct snapshot *s, const struct code *c, int m_id, struct truth *out)
{
	out->n = 0;
	out->whole = true;
	out->hidden = false;
	out->gave_up_g = 0;
	out->gave_up_step = -1;
	const struct m_state *m = snap_m(s, m_id);
	if (!m || m->exited)
		return;

	out->whole = unwind(s, c, cpu_of(s, m), out);
	const struct true_frame *last = &out->frame[out->n - 1];
	if (out->whole && m->departure.g && last->stack == m->g0_stack && is_mcall(c, last))
		join(s, c, m, out);
}
