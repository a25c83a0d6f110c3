/* SPDX-License-Identifier: MIT */
/* amd64: registers, system calls, and the frame of a signal handler. */
#include <elf.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#include "changes.h"
#include "cpu.h"
#include "insn_amd64.h"
#include "isa.h"
#include "signals.h"

/* ---- x87 and vectors ---- */

enum { VECTORS_SIZE = 512 };

/* x87 has two bits for each register, fxsave one: whether there is something in it. */
static uint8_t full_of(uint16_t tags)
{
	uint8_t full = 0;
	for (int i = 0; i < 8; i++)
		full |= (uint8_t)((tags >> 2 * i & 3) != 3) << i;
	return full;
}

static uint16_t tags_of(uint8_t full)
{
	uint16_t tags = 0;
	for (int i = 0; i < 8; i++)
		tags |= (uint16_t)((full >> i & 1 ? 0 : 3) << 2 * i);
	return tags;
}

/* x87 and the vectors, as fxsave has them. The status says which register is the first. */
static void vectors(struct guest *g, uint8_t *at, bool load)
{
	uc_err (*move)(uc_engine *, int, void *) =
		load ? (void *)uc_reg_write : (void *)uc_reg_read;
	uint16_t tags = tags_of(at[4]);
	move(g->space.engine, UC_X86_REG_FPCW, at);
	move(g->space.engine, UC_X86_REG_FPSW, at + 2);
	move(g->space.engine, UC_X86_REG_FPTAG, &tags);
	at[4] = full_of(tags);
	move(g->space.engine, UC_X86_REG_MXCSR, at + 24);
	for (int i = 0; i < 8; i++)
		move(g->space.engine, UC_X86_REG_ST0 + i, at + 32 + 16 * i);
	for (int i = 0; i < 16; i++)
		move(g->space.engine, UC_X86_REG_XMM0 + i, at + 160 + 16 * i);
}

/* As they are when a program begins, and a handler. */
static void renew_vectors(struct guest *g)
{
	uint8_t all[VECTORS_SIZE] = {0x7f, 0x03, [24] = 0x80, 0x1f};
	vectors(g, all, true);
}

/* ---- traps ---- */

static void at_syscall(uc_engine *engine, void *ctx)
{
	struct guest *g = ctx;
	g->stopped = STOPPED_CALL;
	uc_emu_stop(engine);
}

enum { DIVIDE = 0, TRAP_FLAG = 1, BREAKPOINT = 3, OVERFLOW = 4, PROTECTION = 13 };

static struct guest_signal trap(struct guest *g, uint32_t number, uint64_t pc)
{
	if (number == BREAKPOINT)
		return (struct guest_signal){SIGTRAP, SI_KERNEL, 0, 0};
	if (insn_is_int(g, g->last_pc)) {
		/* All other gates are closed to programs. */
		g->is_refused = number != OVERFLOW;
		return (struct guest_signal){SIGSEGV, SI_KERNEL, 0, 0};
	}
	if (number == DIVIDE)
		return (struct guest_signal){SIGFPE, FPE_INTDIV, pc, 0};
	if (number == TRAP_FLAG)
		return (struct guest_signal){SIGTRAP, TRAP_TRACE, pc, 0};
	return (struct guest_signal){SIGSEGV, SI_KERNEL, 0, 0};
}

#define LOADS_SEGMENT "to load a segment register"

static void see_lack(struct guest *g, uint32_t number, uint64_t pc)
{
	enum { OLD_CALL = 0x80 };
	if (number == OLD_CALL)
		guest_lacks(g, "int 0x80, a system call of 32-bit programs");
	else if (number == PROTECTION && insn_loads_segment(g, pc))
		guest_lacks(g, LOADS_SEGMENT);
}

static void at_trap(uc_engine *engine, uint32_t number, void *ctx)
{
	struct guest *g = ctx;
	uint64_t pc = cpu_get(g, UC_X86_REG_RIP);
	uc_emu_stop(engine);
	/* What must not touch memory goes on to its end in the engine, and traps there. */
	if (g->stopped == STOPPED_SIGNAL)
		return;
	g->signal = trap(g, number, pc);
	see_lack(g, number, pc);
	g->stopped = STOPPED_SIGNAL;
}

/* The engine does not know of some what they are, even of plain ones. */
static struct guest_signal of_invalid(struct guest *g, uint64_t pc)
{
	uint64_t behind;
	switch (insn_unknown(g, pc, &behind)) {
	case INSN_BREAKPOINT:
		cpu_set(g, UC_X86_REG_RIP, behind);
		return (struct guest_signal){SIGTRAP, TRAP_BRKPT, behind, 0};
	case INSN_OF_KERNEL: return (struct guest_signal){SIGSEGV, SI_KERNEL, 0, 0};
	case INSN_PLAIN: guest_lacks(g, "an instruction that its engine does not know"); break;
	case INSN_NEWER:
		guest_lacks(g, "an instruction that its CPU, plain x86-64, does not have");
		break;
	case INSN_ILLEGAL: break;
	}
	return (struct guest_signal){SIGILL, ILL_ILLOPN, pc, 0};
}

/*
 * iretq: with the segments that Linux has; nobody looks them up once they are loaded. But for one
 * thing: iret of 32 bits enters the mode for 16-bit programs, if the flags that it takes say so,
 * which no CPU does here. The engine takes them as what SS is says, though nothing else in 64-bit
 * code goes by that: of a stack of 16 bits, below SPACE_LOWEST. So it fails before it does.
 */
static void begin_user(struct guest *g, uint64_t there)
{
	enum { CODE = 0x33, DATA = 0x2b };
	static const uint64_t table[7] = {
		[DATA / 8] = 0x008ff3000000ffff, [CODE / 8] = 0x00affb000000ffff};
	const uint64_t table_at = there + sizeof table, frame_at = table_at + sizeof table;
	const uint64_t frame[] = {there, CODE, 0x202, 0, DATA};
	uc_x86_mmr place = {.base = table_at, .limit = sizeof table - 1};
	uc_mem_write(g->space.engine, table_at, table, sizeof table);
	uc_mem_write(g->space.engine, frame_at, frame, sizeof frame);
	uc_reg_write(g->space.engine, UC_X86_REG_GDTR, &place);
	cpu_set(g, UC_X86_REG_RSP, frame_at);
}

static bool is_user(struct guest *g)
{
	uc_x86_mmr none = {0};
	uc_reg_write(g->space.engine, UC_X86_REG_GDTR, &none);
	return (cpu_get(g, UC_X86_REG_CS) & 3) == 3;
}

/* What a program has, but for registers of the whole CPU. */
static const int all_regs[] = {UC_X86_REG_RAX, UC_X86_REG_RBX, UC_X86_REG_RCX, UC_X86_REG_RDX,
	UC_X86_REG_RSI, UC_X86_REG_RDI, UC_X86_REG_RBP, UC_X86_REG_RSP, UC_X86_REG_R8,
	UC_X86_REG_R9, UC_X86_REG_R10, UC_X86_REG_R11, UC_X86_REG_R12, UC_X86_REG_R13,
	UC_X86_REG_R14, UC_X86_REG_R15, UC_X86_REG_RIP, UC_X86_REG_EFLAGS, UC_X86_REG_FS_BASE,
	UC_X86_REG_GS_BASE, UC_X86_REG_MXCSR, UC_X86_REG_FPCW, UC_X86_REG_FPSW, UC_X86_REG_FPTAG,
	UC_X86_REG_FP0, UC_X86_REG_FP1, UC_X86_REG_FP2, UC_X86_REG_FP3, UC_X86_REG_FP4,
	UC_X86_REG_FP5, UC_X86_REG_FP6, UC_X86_REG_FP7, UC_X86_REG_XMM0, UC_X86_REG_XMM1,
	UC_X86_REG_XMM2, UC_X86_REG_XMM3, UC_X86_REG_XMM4, UC_X86_REG_XMM5, UC_X86_REG_XMM6,
	UC_X86_REG_XMM7, UC_X86_REG_XMM8, UC_X86_REG_XMM9, UC_X86_REG_XMM10, UC_X86_REG_XMM11,
	UC_X86_REG_XMM12, UC_X86_REG_XMM13, UC_X86_REG_XMM14, UC_X86_REG_XMM15};

/*
 * The engine takes a fault for one in the handler of the one before, which it never sees end: the
 * second is a double fault, and the third the end. So it goes on as one that has seen none.
 */
static void renew(struct guest *g)
{
	enum { N = sizeof all_regs / sizeof *all_regs };
	uint64_t values[N][2] = {{0}};
	for (int i = 0; i < N; i++)
		uc_reg_read(g->space.engine, all_regs[i], values[i]);
	uc_context_restore(g->space.engine, g->unused);
	for (int i = 0; i < N; i++)
		uc_reg_write(g->space.engine, all_regs[i], values[i]);
}

static void begin(struct guest *g)
{
	enum { SAVES_VECTORS = 1 << 9 };
	uc_hook hook;
	/* What Linux begins a program with. */
	renew_vectors(g);
	cpu_set(g, UC_X86_REG_EFLAGS, 0x202);
	/* And where its kernel has the CPU: what saves all saves the vectors. */
	cpu_set(g, UC_X86_REG_CR4, cpu_get(g, UC_X86_REG_CR4) | SAVES_VECTORS);
	uc_hook_add(g->space.engine, &hook, UC_HOOK_INSN, (void *)at_syscall, g, 1, 0,
		UC_X86_INS_SYSCALL);
	uc_hook_add(g->space.engine, &hook, UC_HOOK_INTR, (void *)at_trap, g, 1, 0);
}

/*
 * Of an address that can be none the kernel is not told. And what begin_user has fail takes what it
 * takes from SP on.
 */
static bool of_access(struct guest *g, uint64_t pc, uint64_t *addr, struct guest_signal *made)
{
	uint64_t n = *addr < SPACE_LOWEST ? insn_narrow_return(g, pc) : 0;
	bool is_there = n && space_may(&g->space, cpu_get(g, UC_X86_REG_RSP), n, PAGE_READ, addr);
	if (is_there)
		guest_lacks(g, LOADS_SEGMENT);
	int number = !is_there && insn_is_by_stack(g, pc) ? SIGBUS : SIGSEGV;
	*made = (struct guest_signal){number, SI_KERNEL, 0, 0};
	return is_there || space_is_nowhere(*addr);
}

/* SP and PC are all that such an instruction changes of registers. */
static bool undo_leap(struct guest *g, uint64_t pc)
{
	int64_t by;
	if (!insn_moved_sp(g, pc, &by))
		return false;
	cpu_set(g, UC_X86_REG_RSP, cpu_get(g, UC_X86_REG_RSP) - (uint64_t)by);
	cpu_set(g, UC_X86_REG_RIP, pc);
	return true;
}

/* The engine comes by once more after the last turn of a REP instruction. */
static bool is_empty_step(struct guest *g, uint64_t pc)
{
	return insn_repeats(g, pc) && cpu_get(g, UC_X86_REG_RCX) == 0;
}

static void forget_vectors(struct guest *g)
{
	static const uint64_t zeros[2];
	for (int i = UC_X86_REG_XMM0; i <= UC_X86_REG_XMM15; i++)
		uc_reg_write(g->space.engine, i, zeros);
}

/* ---- system calls ---- */

static bool is_special(const uint8_t *code)
{
	return code[0] == 0x0f && code[1] == 0x05;
}

/* The instruction itself leaves where it goes on, and the flags, in two registers. */
static void leave_call(struct guest *g, int64_t result)
{
	cpu_set(g, UC_X86_REG_RAX, (uint64_t)result);
	cpu_set(g, UC_X86_REG_RCX, cpu_get(g, UC_X86_REG_RIP));
	cpu_set(g, UC_X86_REG_R11, cpu_get(g, UC_X86_REG_EFLAGS));
}

static bool own_call(struct guest *g, struct guest_thread *t, enum guest_call call,
	const uint64_t *args, int64_t *result)
{
	enum { SET_GS = 0x1001, SET_FS, GET_FS, GET_GS };
	(void)t;
	if (call != CALL_arch_prctl)
		return false;
	int reg = args[0] == SET_FS || args[0] == GET_FS ? UC_X86_REG_FS_BASE : UC_X86_REG_GS_BASE;
	uint64_t base = cpu_get(g, reg);
	*result = 0;
	if (args[0] < SET_GS || args[0] > GET_GS)
		*result = -EINVAL;
	else if (args[0] >= GET_FS)
		*result = cpu_write(g, args[1], &base, sizeof base) ? 0 : -EFAULT;
	else if (args[1] >= g->isa->stack_top)
		*result = -EPERM;
	else
		cpu_set(g, reg, args[1]);
	return true;
}

static void put_stat(uint8_t *to, uint32_t mode, uint64_t nlink)
{
	uint64_t block = 4096;
	memcpy(to + 16, &nlink, sizeof nlink);
	memcpy(to + 24, &mode, sizeof mode);
	memcpy(to + 56, &block, sizeof block);
}

/* ---- signal frames ---- */

/* As the kernel has it on the stack, the return address first. */
struct frame_amd64 {
	uint64_t restorer;
	uint64_t flags, link;
	struct alt_stack alt;
	uint64_t regs[18]; /* in the order of frame_regs */
	uint16_t segments[4];
	uint64_t error, trap, old_mask, fault, vectors, reserved[8];
	uint64_t mask;
	uint8_t info[128];
};

static const int frame_regs[] = {UC_X86_REG_R8, UC_X86_REG_R9, UC_X86_REG_R10, UC_X86_REG_R11,
	UC_X86_REG_R12, UC_X86_REG_R13, UC_X86_REG_R14, UC_X86_REG_R15, UC_X86_REG_RDI,
	UC_X86_REG_RSI, UC_X86_REG_RBP, UC_X86_REG_RBX, UC_X86_REG_RDX, UC_X86_REG_RAX,
	UC_X86_REG_RCX, UC_X86_REG_RSP, UC_X86_REG_RIP, UC_X86_REG_EFLAGS};
enum { NFRAME_REGS = sizeof frame_regs / sizeof *frame_regs, REDZONE = 128 };

/*
 * What the CPU says of a fault. Whether a page was there and forbidden is told by what it may be
 * used for: the kernel may have had none there yet.
 */
static void see_fault(struct guest *g, struct guest_thread *t, const struct guest_signal *signal)
{
	enum { DEBUG = 1, INVALID = 6, STACK = 12, PAGE_FAULT = 14 };
	enum { FORBIDDEN = 1, WRITE = 2, USER = 4, FETCH = 16, ANY = 7 };
	struct guest_fault *f = &t->fault;
	bool by_kernel = signal->code == SI_KERNEL;
	f->error = 0;
	switch (signal->number) {
	case SIGFPE: f->trap = 0; return;
	case SIGILL: f->trap = INVALID; return;
	case SIGBUS: f->trap = STACK; return;
	case SIGTRAP: f->trap = by_kernel ? BREAKPOINT : DEBUG; return;
	default: f->trap = by_kernel ? PROTECTION : PAGE_FAULT;
	}
	if (by_kernel)
		return;
	f->address = signal->address;
	f->error = USER | (signal->access == PAGE_WRITE ? WRITE : 0) |
		   (signal->access == PAGE_EXEC ? FETCH : 0) |
		   (space_use(&g->space, signal->address) & ANY ? FORBIDDEN : 0);
}

static bool enter_handler(struct guest *g, struct guest_thread *t,
	const struct guest_signal *signal, uint64_t sp, uint64_t lowest)
{
	const struct sigaction_of *a = &g->actions[signal->number];
	struct frame_amd64 f = {.restorer = a->restorer, .flags = 6, .mask = t->mask};
	/* With the bits that MXCSR may have. */
	uint8_t vector[VECTORS_SIZE] = {[28] = 0xff, 0xff};
	/* Code may keep what it likes in so many bytes below SP. */
	if (sp == cpu_get(g, UC_X86_REG_RSP))
		sp -= REDZONE;
	sp = (sp - VECTORS_SIZE) / 64 * 64;
	f.vectors = sp;
	vectors(g, vector, false);
	uint64_t frame = (sp - sizeof f) / 16 * 16 - 8;
	for (int i = 0; i < NFRAME_REGS; i++)
		f.regs[i] = cpu_get(g, frame_regs[i]);
	f.segments[0] = 0x33, f.segments[3] = 0x2b;
	f.alt = t->alt;
	if (signal->code > 0)
		see_fault(g, t, signal);
	f.error = t->fault.error, f.trap = t->fault.trap, f.fault = t->fault.address;
	f.old_mask = t->mask;
	signals_info(g, signal, f.info);
	if (!(a->flags & SIGNALS_RESTORER) || frame < lowest ||
		!cpu_write(g, sp, vector, sizeof vector) || !cpu_write(g, frame, &f, sizeof f))
		return false;
	cpu_set(g, UC_X86_REG_RSP, frame);
	cpu_set(g, UC_X86_REG_RIP, a->handler);
	cpu_set(g, UC_X86_REG_RDI, (uint64_t)signal->number);
	cpu_set(g, UC_X86_REG_RSI, frame + offsetof(struct frame_amd64, info));
	cpu_set(g, UC_X86_REG_RDX, frame + offsetof(struct frame_amd64, flags));
	cpu_set(g, UC_X86_REG_RAX, 0);
	cpu_set(g, UC_X86_REG_EFLAGS, 0x202);
	renew_vectors(g);
	return true;
}

/* Of the flags a frame is believed no others: what a program may set, but for ID. */
static const uint64_t FRAME_FLAGS = 0x40dd5;

/* The return address has been taken off by then. */
static bool leave_handler(struct guest *g, struct guest_thread *t)
{
	struct frame_amd64 f;
	uint8_t vector[VECTORS_SIZE];
	uint64_t frame = cpu_get(g, UC_X86_REG_RSP) - 8;
	if (!cpu_read(g, frame, &f, sizeof f))
		return false;
	if (f.vectors && !cpu_read(g, f.vectors, vector, sizeof vector))
		return false;
	uint64_t *flags = &f.regs[NFRAME_REGS - 1];
	*flags = (*flags & FRAME_FLAGS) | (cpu_get(g, UC_X86_REG_EFLAGS) & ~FRAME_FLAGS);
	for (int i = 0; i < NFRAME_REGS; i++)
		cpu_set(g, frame_regs[i], f.regs[i]);
	if (f.vectors)
		vectors(g, vector, true);
	else
		renew_vectors(g);
	signals_set_mask(t, f.mask);
	signals_set_alt(g, t, f.alt);
	return true;
}

static const struct named_call others[] = {
#define CALL(name, amd64, arm64)
#define NAMED(name, amd64, arm64) {#name, amd64},
#include "calls.def"
#undef CALL
	{NULL, -1}};

const struct guest_isa isa_amd64 = {
	.name = "amd64",
	.platform = "x86_64",
	.elf_machine = EM_X86_64,
	.arch = UC_ARCH_X86,
	.mode = UC_MODE_64,
	.nregs = 18,
	.regs = {UC_X86_REG_RAX, UC_X86_REG_RBX, UC_X86_REG_RCX, UC_X86_REG_RDX, UC_X86_REG_RSI,
		UC_X86_REG_RDI, UC_X86_REG_RBP, UC_X86_REG_RSP, UC_X86_REG_R8, UC_X86_REG_R9,
		UC_X86_REG_R10, UC_X86_REG_R11, UC_X86_REG_R12, UC_X86_REG_R13, UC_X86_REG_R14,
		UC_X86_REG_R15, UC_X86_REG_RIP, UC_X86_REG_EFLAGS},
	.pc = UC_X86_REG_RIP,
	.sp = UC_X86_REG_RSP,
	.tls = UC_X86_REG_FS_BASE,
	.scratch_at = 11,
	.nscratch = 1,
	.number = UC_X86_REG_RAX,
	.result = UC_X86_REG_RAX,
	.args = {UC_X86_REG_RDI, UC_X86_REG_RSI, UC_X86_REG_RDX, UC_X86_REG_R10, UC_X86_REG_R8,
		UC_X86_REG_R9},
	.flags = UC_X86_REG_EFLAGS,
	.pc_at = 16,
	.flags_at = 17,
	.flags_seen = UINT64_MAX,
	.least_alt_stack = 2048,
	.stack_top = 0x7ffffffff000,
	.arena_top = 0x7ffff7ff7000,
	.nauxv = 23,
	.clone_tls = 4,
	.clone_child = 3,
	.call_size = 2,
	.page_of_calls = 0xffffffffff600000,
	.calls =
		{
#define CALL(name, amd64, arm64) amd64,
#include "calls.def"
#undef CALL
		},
	.others = others,
	.stat_size = 144,
	.to_user = {0x48, 0xcf}, /* iretq */
	.begin_user = begin_user,
	.is_user = is_user,
	.begin = begin,
	.renew = renew,
	.is_empty_step = is_empty_step,
	.is_special = is_special,
	.changes = changes_amd64,
	.undo_leap = undo_leap,
	.of_access = of_access,
	.of_invalid = of_invalid,
	.forget_vectors = forget_vectors,
	.leave_call = leave_call,
	.own_call = own_call,
	.put_stat = put_stat,
	.enter_handler = enter_handler,
	.leave_handler = leave_handler,
};
