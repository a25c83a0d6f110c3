/* SPDX-License-Identifier: MIT */
/* arm64: registers, system calls, and the frame of a signal handler. */
#include <elf.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#include "changes.h"
#include "cpu.h"
#include "isa.h"
#include "signals.h"

/* ---- traps ---- */

/* What the register holds that an access at pc goes by. */
static uint64_t base_of(struct guest *g, uint64_t pc)
{
	uint32_t code = 0;
	cpu_read(g, pc, &code, sizeof code);
	return cpu_get(g, g->isa->regs[code >> 5 & 31]);
}

/* Of none at all (udf), and of those for the system, the engine knows as much as any CPU. */
static struct guest_signal of_invalid(struct guest *g, uint64_t pc)
{
	uint32_t code = 0;
	cpu_read(g, pc, &code, sizeof code);
	uint32_t kind = code >> 24;
	bool is_known = code >> 16 == 0 || (kind >= 0xd4 && kind <= 0xd6);
	if (!is_known)
		guest_lacks(g, "an instruction that its CPU, plain Armv8.0, does not have");
	return (struct guest_signal){SIGILL, ILL_ILLOPC, pc, 0};
}

/* The engine asks of one kind of access alone whether it is aligned: an exclusive one. */
static void at_trap(uc_engine *engine, uint32_t number, void *ctx)
{
	enum { SVC = 2, DATA_ABORT = 4, BREAKPOINT = 7 };
	struct guest *g = ctx;
	if (number == DATA_ABORT)
		g->signal = (struct guest_signal){
			SIGBUS, BUS_ADRALN, base_of(g, cpu_get(g, UC_ARM64_REG_PC)), 0};
	else if (number == BREAKPOINT)
		g->signal =
			(struct guest_signal){SIGTRAP, TRAP_BRKPT, cpu_get(g, UC_ARM64_REG_PC), 0};
	else if (number != SVC)
		g->signal = of_invalid(g, cpu_get(g, UC_ARM64_REG_PC));
	g->stopped = number == SVC ? STOPPED_CALL : STOPPED_SIGNAL;
	uc_emu_stop(engine);
}

/*
 * Where a handler returns to: mov x8, #139; svc #0. On Linux it is the vDSO that has it; there,
 * where 6.1 has that.
 */
static void add_trampoline(struct guest *g)
{
	static const uint32_t code[] = {0xd2801168, 0xd4000001};
	const uint64_t vdso = 0xfffff7fff000, at = vdso + 0x7bc;
	if (!space_add(&g->space, vdso, GUEST_PAGE) ||
		!space_map(&g->space, vdso, GUEST_PAGE, PAGE_READ | PAGE_EXEC))
		return;
	space_write(&g->space, at, code, sizeof code);
	g->trampoline = at;
}

/*
 * mrs x3, sctlr_el1; orr x3, x3, x2; msr sctlr_el1, x3; mov x3, #2; msr cntkctl_el1, x3;
 * mov x3, xzr; msr spsr_el1, xzr; msr elr_el1, x1; isb; eret
 */
#define TO_USER                                                                                    \
	{                                                                                          \
		0x03, 0x10, 0x38, 0xd5, 0x63, 0x00, 0x02, 0xaa, 0x03, 0x10, 0x18, 0xd5, 0x43,      \
			0x00, 0x80, 0xd2, 0x03, 0xe1, 0x18, 0xd5, 0xe3, 0x03, 0x1f, 0xaa, 0x1f,    \
			0x40, 0x18, 0xd5, 0x21, 0x40, 0x18, 0xd5, 0xdf, 0x3f, 0x03, 0xd5, 0xe0,    \
			0x03, 0x9f, 0xd6                                                           \
	}

/* What Linux lets a program do: vectors, dc zva, to ask for caches and clean them, to wait. */
static void begin_user(struct guest *g, uint64_t there)
{
	enum { ZEROS = 1 << 14, CACHE_TYPE = 1 << 15, WAITS = 1 << 16 | 1 << 18, CLEANS = 1 << 26 };
	cpu_set(g, UC_ARM64_REG_CPACR_EL1, 3 << 20);
	cpu_set(g, UC_ARM64_REG_X1, there);
	cpu_set(g, UC_ARM64_REG_X2, ZEROS | CACHE_TYPE | WAITS | CLEANS);
}

static bool is_user(struct guest *g)
{
	enum { MODE = 0xf };
	cpu_set(g, UC_ARM64_REG_X1, 0);
	cpu_set(g, UC_ARM64_REG_X2, 0);
	return (cpu_get(g, UC_ARM64_REG_PSTATE) & MODE) == 0;
}

static void begin(struct guest *g)
{
	uc_hook hook;
	uc_hook_add(g->space.engine, &hook, UC_HOOK_INTR, (void *)at_trap, g, 1, 0);
	add_trampoline(g);
}

static bool is_empty_step(struct guest *g, uint64_t pc)
{
	(void)g, (void)pc;
	return false;
}

/* A call leaves the lower halves of eight as they were. */
static void forget_vectors(struct guest *g)
{
	enum { KEPT = 8, KEPT_TO = 15, LAST = 31 };
	for (int i = 0; i <= LAST; i++) {
		uint64_t value[2] = {0};
		if (i >= KEPT && i <= KEPT_TO)
			uc_reg_read(g->space.engine, UC_ARM64_REG_D0 + i, value);
		uc_reg_write(g->space.engine, UC_ARM64_REG_V0 + i, value);
	}
}

/* ---- system calls ---- */

/* svc, with whatever number; and load-exclusives, of a word or a pair. */
static bool is_special(const uint8_t *code)
{
	uint32_t insn;
	memcpy(&insn, code, sizeof insn);
	return (insn & 0xffe0001f) == 0xd4000001 || (insn & 0x3fc00000) == 0x08400000;
}

static void leave_call(struct guest *g, int64_t result)
{
	cpu_set(g, UC_ARM64_REG_X0, (uint64_t)result);
}

static bool own_call(struct guest *g, struct guest_thread *t, enum guest_call call,
	const uint64_t *args, int64_t *result)
{
	(void)g, (void)t, (void)call, (void)args, (void)result;
	return false;
}

static void put_stat(uint8_t *to, uint32_t mode, uint64_t nlink)
{
	uint32_t links = (uint32_t)nlink, block = 4096;
	memcpy(to + 16, &mode, sizeof mode);
	memcpy(to + 20, &links, sizeof links);
	memcpy(to + 56, &block, sizeof block);
}

/* ---- signal frames ---- */

/* As the kernel has it on the stack; above it lies a frame record, {FP, LR}. */
struct frame_arm64 {
	uint8_t info[128];
	uint64_t flags, link;
	struct alt_stack alt;
	uint64_t mask;
	uint8_t unused[120], align[8];
	uint64_t fault, regs[34]; /* in the order of isa.regs */
	uint8_t align2[8];
	uint32_t vectors_magic, vectors_size, fpsr, fpcr;
	uint8_t vectors[32][16];
	uint32_t esr_magic, esr_size; /* 0: what follows is nothing */
	uint64_t esr;
	uint8_t reserved[4096 - 16 - 512 - 16];
};
_Static_assert(offsetof(struct frame_arm64, fault) == 128 + 176, "as Linux has it");
_Static_assert(offsetof(struct frame_arm64, vectors_magic) == 128 + 464, "as Linux has it");

enum { VECTORS_MAGIC = 0x46508001, VECTORS_SIZE = 528, FAULT_MAGIC = 0x45535201, FAULT_SIZE = 16 };

static void vectors(struct guest *g, struct frame_arm64 *f, bool load)
{
	uc_err (*move)(uc_engine *, int, void *) =
		load ? (void *)uc_reg_write : (void *)uc_reg_read;
	for (int i = 0; i < 32; i++)
		move(g->space.engine, UC_ARM64_REG_Q0 + i, f->vectors[i]);
	move(g->space.engine, UC_ARM64_REG_FPCR, &f->fpcr);
	move(g->space.engine, UC_ARM64_REG_FPSR, &f->fpsr);
}

/* What the CPU says of an access that failed; of all else the kernel tells nothing. */
static void see_fault(struct guest *g, struct guest_thread *t, const struct guest_signal *signal)
{
	enum { NOTHING_THERE = 0x07, FORBIDDEN = 0x0f, UNALIGNED = 0x21, WRITE = 1 << 6, ANY = 7 };
	const uint64_t fetch = 0x82000000, data = 0x92000000, odd_pc = 0x8a000000;
	if (signal->number == SIGTRAP)
		return;
	t->fault = (struct guest_fault){0};
	if ((signal->number != SIGSEGV && signal->number != SIGBUS) || signal->code == SI_KERNEL)
		return;
	if (signal->number == SIGBUS && signal->access == PAGE_EXEC) {
		/* The kernel tells of that address by the signal alone. */
		t->fault.error = odd_pc;
		return;
	}
	t->fault.address = signal->address;
	t->fault.error =
		signal->number == SIGBUS
			? data | UNALIGNED
			: (signal->access == PAGE_EXEC ? fetch : data) |
				  (signal->access == PAGE_WRITE ? WRITE : 0) |
				  (space_use(&g->space, signal->address) & ANY ? FORBIDDEN
									       : NOTHING_THERE);
}

static bool enter_handler(struct guest *g, struct guest_thread *t,
	const struct guest_signal *signal, uint64_t sp, uint64_t lowest)
{
	static struct frame_arm64 f;
	const struct sigaction_of *a = &g->actions[signal->number];
	uint64_t record[2] = {cpu_get(g, UC_ARM64_REG_X29), cpu_get(g, UC_ARM64_REG_X30)};
	uint64_t above = (sp - sizeof record) / 16 * 16, frame = (above - sizeof f) / 16 * 16;
	memset(&f, 0, sizeof f);
	signals_info(g, signal, f.info);
	f.alt = t->alt, f.mask = t->mask;
	if (signal->code > 0)
		see_fault(g, t, signal);
	f.fault = t->fault.address;
	if (t->fault.error)
		f.esr_magic = FAULT_MAGIC, f.esr_size = FAULT_SIZE, f.esr = t->fault.error;
	for (int i = 0; i < g->isa->nregs; i++)
		f.regs[i] = cpu_seen(g, g->isa->regs[i]);
	f.vectors_magic = VECTORS_MAGIC, f.vectors_size = VECTORS_SIZE;
	vectors(g, &f, false);
	if (frame < lowest || !cpu_write(g, above, record, sizeof record) ||
		!cpu_write(g, frame, &f, sizeof f))
		return false;
	cpu_set(g, UC_ARM64_REG_SP, frame);
	cpu_set(g, UC_ARM64_REG_PC, a->handler);
	cpu_set(g, UC_ARM64_REG_X0, (uint64_t)signal->number);
	cpu_set(g, UC_ARM64_REG_X1, frame);
	cpu_set(g, UC_ARM64_REG_X2, frame + offsetof(struct frame_arm64, flags));
	cpu_set(g, UC_ARM64_REG_X29, above);
	cpu_set(g, UC_ARM64_REG_X30, a->flags & SIGNALS_RESTORER ? a->restorer : g->trampoline);
	return true;
}

static bool leave_handler(struct guest *g, struct guest_thread *t)
{
	static struct frame_arm64 f;
	if (!cpu_read(g, cpu_get(g, UC_ARM64_REG_SP), &f, sizeof f))
		return false;
	for (int i = 0; i < g->isa->nregs; i++)
		cpu_set_seen(g, g->isa->regs[i], f.regs[i]);
	if (f.vectors_magic == VECTORS_MAGIC)
		vectors(g, &f, true);
	signals_set_mask(t, f.mask);
	signals_set_alt(g, t, f.alt);
	return true;
}

static const struct named_call others[] = {
#define CALL(name, amd64, arm64)
#define NAMED(name, amd64, arm64) {#name, arm64},
#include "calls.def"
#undef CALL
	{NULL, -1}};

const struct guest_isa isa_arm64 = {
	.name = "arm64",
	.platform = "aarch64",
	.elf_machine = EM_AARCH64,
	.arch = UC_ARCH_ARM64,
	.mode = UC_MODE_ARM,
	.nregs = 34,
	.regs = {UC_ARM64_REG_X0, UC_ARM64_REG_X1, UC_ARM64_REG_X2, UC_ARM64_REG_X3,
		UC_ARM64_REG_X4, UC_ARM64_REG_X5, UC_ARM64_REG_X6, UC_ARM64_REG_X7, UC_ARM64_REG_X8,
		UC_ARM64_REG_X9, UC_ARM64_REG_X10, UC_ARM64_REG_X11, UC_ARM64_REG_X12,
		UC_ARM64_REG_X13, UC_ARM64_REG_X14, UC_ARM64_REG_X15, UC_ARM64_REG_X16,
		UC_ARM64_REG_X17, UC_ARM64_REG_X18, UC_ARM64_REG_X19, UC_ARM64_REG_X20,
		UC_ARM64_REG_X21, UC_ARM64_REG_X22, UC_ARM64_REG_X23, UC_ARM64_REG_X24,
		UC_ARM64_REG_X25, UC_ARM64_REG_X26, UC_ARM64_REG_X27, UC_ARM64_REG_X28,
		UC_ARM64_REG_X29, UC_ARM64_REG_X30, UC_ARM64_REG_SP, UC_ARM64_REG_PC,
		UC_ARM64_REG_PSTATE},
	.pc = UC_ARM64_REG_PC,
	.sp = UC_ARM64_REG_SP,
	.tls = UC_ARM64_REG_TPIDR_EL0,
	.flags = UC_ARM64_REG_PSTATE,
	.pc_at = 32,
	.flags_at = 33,
	.is_aligned = true,
	.flags_seen = 0xf0000000, /* N, Z, C, V */
	.scratch_at = 9,
	.nscratch = 7,
	.number = UC_ARM64_REG_X8,
	.result = UC_ARM64_REG_X0,
	.args = {UC_ARM64_REG_X0, UC_ARM64_REG_X1, UC_ARM64_REG_X2, UC_ARM64_REG_X3,
		UC_ARM64_REG_X4, UC_ARM64_REG_X5},
	/* Floating point and vectors; no atomics of one instruction. */
	.hwcap = 3,
	.least_signal_stack = 4720,
	.least_alt_stack = 5120,
	.stack_top = 0x1000000000000,
	.arena_top = 0xfffff7ffd000,
	.nauxv = 21,
	.clone_tls = 3,
	.clone_child = 4,
	.call_size = 4,
	.calls =
		{
#define CALL(name, amd64, arm64) arm64,
#include "calls.def"
#undef CALL
		},
	.others = others,
	.stat_size = 128,
	.to_user = TO_USER,
	.begin_user = begin_user,
	.is_user = is_user,
	.begin = begin,
	.is_empty_step = is_empty_step,
	.is_special = is_special,
	.changes = changes_arm64,
	.forget_vectors = forget_vectors,
	.leave_call = leave_call,
	.own_call = own_call,
	.put_stat = put_stat,
	.enter_handler = enter_handler,
	.leave_handler = leave_handler,
};
