/* SPDX-License-Identifier: MIT */
/*
 * The engine is asked before each instruction whether it is one too many, and before each access to
 * memory whether that may be. Stopped there the registers are those of before the instruction, and
 * what it has written is taken back. So a thread can be stopped anywhere, and a fault is exact.
 */
#include "cpu.h"

#include <signal.h>
#include <string.h>

#include "engine.h"
#include "isa.h"
#include "user.h"

/* ---- stopping ---- */

static void stop(struct guest *g, enum stopped why)
{
	g->stopped = why;
	uc_emu_stop(g->space.engine);
}

/* Unless something has stopped it already: the first reason counts. */
static void stop_by(struct guest *g, struct guest_signal signal)
{
	if (g->stopped == STOPPED_SIGNAL)
		return;
	g->signal = signal;
	stop(g, STOPPED_SIGNAL);
}

/* Memory that may not be used so, or nothing. */
static void stop_at_memory(struct guest *g, uint64_t addr, uint8_t access)
{
	struct guest_signal made;
	if (access != PAGE_EXEC && g->isa->of_access &&
		g->isa->of_access(g, g->last_pc, &addr, &made)) {
		g->is_refused = true;
		stop_by(g, made);
		return;
	}
	bool mapped = space_use(&g->space, addr) != 0;
	int why = mapped ? SEGV_ACCERR : SEGV_MAPERR;
	stop_by(g, (struct guest_signal){SIGSEGV, why, addr, access});
}

/* ---- hooks ---- */

static void will_write(struct guest *g, uint64_t addr, uint64_t n)
{
	if (g->watch.wrote)
		g->watch.wrote(g->watch.ctx, addr, n);
	space_will_write(&g->space, addr, n);
}

static inline void before(struct guest *g, uint64_t pc, uint32_t size, uint64_t unit)
{
	uint64_t bad;
	/* What saves much memory has the engine stop behind itself. */
	if (g->stopped || (pc == g->last_pc && g->isa->is_empty_step(g, pc)))
		return;
	bool there = g->left < g->first && g->watch.is_there && g->watch.is_there(g->watch.ctx, pc);
	bool enough = g->left == 0 || (g->accesses <= 0 && g->left < g->first);
	if (there || enough) {
		stop(g, STOPPED_COUNT);
	} else if (pc % unit) {
		g->left--;
		stop_by(g, (struct guest_signal){SIGBUS, BUS_ADRALN, pc, PAGE_EXEC});
	} else if (!space_may(&g->space, pc, size && size < 16 ? size : 1, PAGE_EXEC, &bad)) {
		g->left--;
		stop_at_memory(g, bad, PAGE_EXEC);
	} else {
		g->left--;
		g->last_pc = pc;
		undo_begin(&g->undo);
	}
}

/* What is known as this is compiled is not asked each time. */
static void before_instruction(uc_engine *engine, uint64_t pc, uint32_t size, void *ctx)
{
	(void)engine;
	before(ctx, pc, size, 1);
}

static void before_aligned(uc_engine *engine, uint64_t pc, uint32_t size, void *ctx)
{
	(void)engine;
	before(ctx, pc, size, 4);
}

static void before_access(
	uc_engine *engine, uc_mem_type type, uint64_t addr, int size, int64_t value, void *ctx)
{
	struct guest *g = ctx;
	uint64_t bad;
	(void)engine, (void)value;
	uint8_t access = type == UC_MEM_WRITE ? PAGE_WRITE : PAGE_READ;
	g->accesses--;
	if (type == UC_MEM_WRITE)
		undo_keep(&g->undo, &g->space, addr, (uint64_t)size);
	if (!space_may(&g->space, addr, (uint64_t)size, access, &bad))
		stop_at_memory(g, bad, access);
	else if (type == UC_MEM_WRITE)
		will_write(g, addr, (uint64_t)size);
}

/* Outside of every area. */
static bool at_nothing(
	uc_engine *engine, uc_mem_type type, uint64_t addr, int size, int64_t value, void *ctx)
{
	(void)engine, (void)size, (void)value;
	struct guest *g = ctx;
	uint8_t access = type == UC_MEM_WRITE_UNMAPPED ? PAGE_WRITE : PAGE_READ;
	if (type == UC_MEM_FETCH_UNMAPPED) {
		access = PAGE_EXEC;
		/* An engine may tell of as many bits as memory has. */
		addr = cpu_get(g, g->isa->pc);
		g->left--;
	}
	stop_at_memory(g, addr, access);
	return false;
}

static bool add_hook(struct guest *g, int kind, void *fn)
{
	uc_hook hook;
	return uc_hook_add(g->space.engine, &hook, kind, fn, g, 1, 0) == UC_ERR_OK;
}

bool cpu_open(struct guest *g)
{
	engine_begin();
	if (uc_open(g->isa->arch, g->isa->mode, &g->space.engine) != UC_ERR_OK)
		return false;
	if (!user_enter(g))
		return false;
	void *before_each = (void *)(g->isa->is_aligned ? before_aligned : before_instruction);
	/* No address ends it: one that does is looked up at the end of each run. */
	bool ok = uc_ctl_exits_enable(g->space.engine) == UC_ERR_OK &&
		  add_hook(g, UC_HOOK_CODE, before_each) &&
		  add_hook(g, UC_HOOK_MEM_READ | UC_HOOK_MEM_WRITE, (void *)before_access) &&
		  add_hook(g, UC_HOOK_MEM_INVALID, (void *)at_nothing);
	if (ok)
		g->isa->begin(g);
	return ok && (g->unused = cpu_copy(g));
}

void cpu_close(struct guest *g)
{
	if (g->unused)
		uc_context_free(g->unused);
	if (g->space.engine)
		uc_close(g->space.engine);
}

/* ---- registers ---- */

uc_context *cpu_copy(struct guest *g)
{
	uc_context *c;
	if (uc_context_alloc(g->space.engine, &c) != UC_ERR_OK)
		return NULL;
	uc_context_save(g->space.engine, c);
	return c;
}

void cpu_put_off(struct guest *g)
{
	if (g->on)
		uc_context_save(g->space.engine, g->on->context);
	g->on = NULL;
}

void cpu_put_on(struct guest *g, struct guest_thread *t)
{
	if (g->on == t)
		return;
	cpu_put_off(g);
	uc_context_restore(g->space.engine, t->context);
	g->on = t;
	g->last_pc = NEVER;
}

uint64_t cpu_get(struct guest *g, int reg)
{
	uint64_t value = 0;
	uc_reg_read(g->space.engine, reg, &value);
	return value;
}

void cpu_set(struct guest *g, int reg, uint64_t value)
{
	uc_reg_write(g->space.engine, reg, &value);
}

uint64_t cpu_seen(struct guest *g, int reg)
{
	return cpu_get(g, reg) & (reg == g->isa->flags ? g->isa->flags_seen : UINT64_MAX);
}

void cpu_set_seen(struct guest *g, int reg, uint64_t value)
{
	uint64_t seen = g->isa->flags_seen;
	if (reg == g->isa->flags)
		value = (value & seen) | (cpu_get(g, reg) & ~seen);
	cpu_set(g, reg, value);
}

/* ---- running ---- */

/* It is somewhere in the code from pc on. */
static struct guest_signal signal_of_untranslated(struct guest *g)
{
	uint64_t pc = cpu_get(g, g->isa->pc);
	guest_lacks(g, "what its engine cannot translate, at 0x%llx or soon after it",
		(unsigned long long)pc);
	return (struct guest_signal){SIGILL, ILL_ILLOPN, pc, 0};
}

/* What the engine says when it gives up by itself. */
static struct guest_signal signal_of(struct guest *g, uc_err e, uint64_t pc)
{
	if ((e == UC_ERR_INSN_INVALID || e == UC_ERR_EXCEPTION) && g->isa->of_invalid)
		return g->isa->of_invalid(g, pc);
	if (e == UC_ERR_INSN_INVALID || e == UC_ERR_EXCEPTION)
		return (struct guest_signal){SIGILL, ILL_ILLOPN, pc, 0};
	/* It has stopped at an instruction that only a kernel may execute. */
	return (struct guest_signal){SIGSEGV, SI_KERNEL, 0, 0};
}

void cpu_get_these(struct guest *g, uint64_t which, uint64_t *values)
{
	int regs[GUEST_NREGS_MAX], n = 0;
	void *to[GUEST_NREGS_MAX];
	for (; which; which &= which - 1) {
		int i = __builtin_ctzll(which);
		regs[n] = g->isa->regs[i];
		to[n++] = &values[i];
	}
	uc_reg_read_batch(g->space.engine, regs, to, n);
	values[g->isa->flags_at] &= g->isa->flags_seen;
}

void cpu_get_all(struct guest *g, uint64_t *values)
{
	cpu_get_these(g, (UINT64_C(1) << g->isa->nregs) - 1, values);
}

/*
 * Led to where no memory can be: that is the fault of the instruction that leads there, as the CPU
 * has it, and no address is told of.
 */
static void see_leap(struct guest *g, uint64_t to)
{
	if (g->isa->page_of_calls && to / GUEST_PAGE == g->isa->page_of_calls / GUEST_PAGE)
		guest_lacks(g, "the vsyscall page");
	if (space_is_nowhere(to) && g->isa->undo_leap && g->isa->undo_leap(g, g->last_pc)) {
		g->signal = (struct guest_signal){SIGSEGV, SI_KERNEL, 0, 0};
		g->left++;
	} else {
		undo_begin(&g->undo);
	}
}

/* Of an instruction that fails there is nothing; a trap comes after one that is complete. */
static void take_back(struct guest *g)
{
	if (g->signal.access == PAGE_EXEC)
		see_leap(g, g->signal.address);
	else if (g->signal.access || g->is_refused)
		cpu_set(g, g->isa->pc, g->last_pc);
	if (g->signal.number != SIGTRAP)
		undo_all(&g->undo, &g->space);
}

int64_t cpu_run(struct guest *g, int64_t n)
{
	g->left = g->first = n;
	g->stopped = NOT_STOPPED;
	g->is_refused = false;
	uint64_t pc = cpu_get(g, g->isa->pc);
	uc_err e = UC_ERR_OK;
	if (!engine_run(g->space.engine, pc, &e)) {
		g->signal = signal_of_untranslated(g);
		g->stopped = STOPPED_SIGNAL;
	} else if (g->stopped == NOT_STOPPED) {
		g->signal = signal_of(g, e, cpu_get(g, g->isa->pc));
		g->stopped = STOPPED_SIGNAL;
	}
	if (g->stopped == STOPPED_SIGNAL)
		take_back(g);
	if (g->stopped == STOPPED_SIGNAL && g->isa->renew)
		g->isa->renew(g);
	g->executed += (uint64_t)(n - g->left);
	return n - g->left;
}

/* ---- the kernel's accesses ---- */

/* Piece by piece: they may lie in two areas. */
bool cpu_read(struct guest *g, uint64_t addr, void *to, size_t n)
{
	if (!space_may(&g->space, addr, n, PAGE_READ, NULL))
		return false;
	for (uint8_t *at = to; n > 0;) {
		struct mapping *a = space_mapping(&g->space, addr);
		size_t piece = n < a->hi - addr ? n : a->hi - addr;
		memcpy(at, a->host + (addr - a->lo), piece);
		addr += piece, at += piece, n -= piece;
	}
	return true;
}

bool cpu_write(struct guest *g, uint64_t addr, const void *from, size_t n)
{
	if (!space_may(&g->space, addr, n, PAGE_WRITE, NULL))
		return false;
	if (g->watch.wrote && n)
		g->watch.wrote(g->watch.ctx, addr, n);
	space_write(&g->space, addr, from, n);
	return true;
}

bool cpu_string(struct guest *g, uint64_t addr, char *to, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!cpu_read(g, addr + i, to + i, 1))
			return false;
		if (!to[i])
			return true;
	}
	return false;
}
