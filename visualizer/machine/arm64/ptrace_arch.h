/* SPDX-License-Identifier: MIT */
/*
 * arm64: how ptrace and the kernel speak of this machine. The path chooses; amd64/ptrace_arch.h
 * is the twin.
 */
#ifndef MACHINE_PTRACE_ARCH_H
#define MACHINE_PTRACE_ARCH_H

#include <elf.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>

/* The arch_desc of what is stepped. */
static const char machine_arch[] = "arm64";

typedef struct user_regs_struct machine_regs;

/* Where each register of the model lies in what ptrace hands over. */
struct machine_reg {
	const char *name;
	size_t offset;
};
#define MACHINE_X(n) offsetof(machine_regs, regs) + 8 * (n)
static const struct machine_reg machine_reg_table[] = {
	{"x0", MACHINE_X(0)},
	{"x1", MACHINE_X(1)},
	{"x2", MACHINE_X(2)},
	{"x3", MACHINE_X(3)},
	{"x4", MACHINE_X(4)},
	{"x5", MACHINE_X(5)},
	{"x6", MACHINE_X(6)},
	{"x7", MACHINE_X(7)},
	{"x8", MACHINE_X(8)},
	{"x9", MACHINE_X(9)},
	{"x10", MACHINE_X(10)},
	{"x11", MACHINE_X(11)},
	{"x12", MACHINE_X(12)},
	{"x13", MACHINE_X(13)},
	{"x14", MACHINE_X(14)},
	{"x15", MACHINE_X(15)},
	{"x16", MACHINE_X(16)},
	{"x17", MACHINE_X(17)},
	{"x18", MACHINE_X(18)},
	{"x19", MACHINE_X(19)},
	{"x20", MACHINE_X(20)},
	{"x21", MACHINE_X(21)},
	{"x22", MACHINE_X(22)},
	{"x23", MACHINE_X(23)},
	{"x24", MACHINE_X(24)},
	{"x25", MACHINE_X(25)},
	{"x26", MACHINE_X(26)},
	{"x27", MACHINE_X(27)},
	{"x28", MACHINE_X(28)},
	{"x29", MACHINE_X(29)},
	{"x30", MACHINE_X(30)},
	{"sp", offsetof(machine_regs, sp)},
	{"pc", offsetof(machine_regs, pc)},
	{"pstate", offsetof(machine_regs, pstate)},
};

static inline bool machine_get_regs(int tid, machine_regs *r)
{
	/*
	 * What is none of the program's doing: that it is stepped (SS), and what the kernel thinks
	 * of speculation (SSBS), from some time on.
	 */
	const uint64_t others = 1 << 21 | 1 << 12;
	struct iovec v = {r, sizeof *r};
	bool got = ptrace(PTRACE_GETREGSET, tid, (void *)NT_PRSTATUS, &v) == 0;
	r->pstate &= ~others;
	return got;
}

static inline bool machine_set_regs(int tid, machine_regs *r)
{
	struct iovec v = {r, sizeof *r};
	return ptrace(PTRACE_SETREGSET, tid, (void *)NT_PRSTATUS, &v) == 0;
}

static inline uint64_t machine_pc(const machine_regs *r)
{
	return r->pc;
}

static inline void machine_set_pc(machine_regs *r, uint64_t pc)
{
	r->pc = pc;
}

static inline uint64_t machine_sp(const machine_regs *r)
{
	return r->sp;
}

static inline void machine_set_sp(machine_regs *r, uint64_t sp)
{
	r->sp = sp;
}

/* As if those were fresh in which no call, nor what the linker puts between, passes anything. */
static inline void machine_forget_scratch(machine_regs *r)
{
	enum { X9 = 9, X15 = 15 };
	for (int i = X9; i <= X15; i++)
		r->regs[i] = 0;
}

/* The same of the vectors, of a thread that has stopped: but for the lower halves of eight. */
static inline void machine_forget_vectors(int tid)
{
	enum { KEPT = 8, KEPT_TO = 15, LAST = 31 };
	struct user_fpsimd_struct r;
	struct iovec v = {&r, sizeof r};
	if (ptrace(PTRACE_GETREGSET, tid, (void *)NT_PRFPREG, &v) != 0)
		return;
	for (int i = 0; i <= LAST; i++)
		r.vregs[i] = i >= KEPT && i <= KEPT_TO ? (uint64_t)r.vregs[i] : 0;
	ptrace(PTRACE_SETREGSET, tid, (void *)NT_PRFPREG, &v);
}

/* The number of the system call that a syscall instruction at pc would make. */
static inline long machine_syscall(const machine_regs *r)
{
	return (long)r->regs[8];
}

/* No program can see here that it is stepped, or step itself. */
static inline bool machine_traps_itself(const machine_regs *r)
{
	(void)r;
	return false;
}

static inline void machine_trap_no_more(machine_regs *r)
{
	(void)r;
}

static inline uint64_t machine_segment(const machine_regs *r, int segment)
{
	(void)r, (void)segment;
	return 0;
}

static inline bool machine_hide_trap_flag(machine_regs *r)
{
	(void)r;
	return false;
}

enum { MACHINE_PUSHED_FLAG_BYTE = 0, MACHINE_PUSHED_FLAG = 0, MACHINE_FRAME_FLAGS = 0 };

/* brk #0. It leaves pc at it. */
static const uint8_t machine_breakpoint[] = {0x00, 0x00, 0x20, 0xd4};
enum { MACHINE_BREAKPOINT_PASSES = 0 };
/* The si_code of its SIGTRAP. */
enum { MACHINE_BREAKPOINT_CODE = TRAP_BRKPT };

/*
 * Whether the SIGTRAP of a single step has this si_code: after an instruction, after a system
 * call, or before a signal handler's first instruction.
 */
static inline bool machine_is_step(int code, bool plain)
{
	(void)plain;
	return code == TRAP_TRACE || code == SI_USER || code == SIGTRAP;
}

/*
 * Where the kernel itself has said that a step is done, behind a system call and before a signal
 * handler, the CPU has not: it would say so before it executes anything. Who sets the registers, be
 * it to what they are, has the kernel begin another step.
 */
static inline void machine_step_anew(int tid, machine_regs *r)
{
	machine_set_regs(tid, r);
}

/* The system call itself, and registers with which it is one with four arguments. */
static const uint8_t machine_syscall_insn[] = {0x01, 0x00, 0x00, 0xd4};
static inline void machine_set_syscall(machine_regs *r, long nr, const uint64_t arg[4])
{
	r->regs[8] = (uint64_t)nr;
	for (int i = 0; i < 4; i++)
		r->regs[i] = arg[i];
}

/*
 * Whether a program is to be told this, and what. What the kernel tells of the CPU decides which of
 * its functions libc uses, and so what those leave in registers and on stacks: it is told of one
 * that can do no more than all can. And of no vDSO, which is another under each kernel: libc makes
 * system calls then. What newer kernels tell, older ones do not.
 */
static inline bool machine_tells(uint64_t *type, uint64_t *value)
{
	enum { FLOATS_AND_VECTORS = 3 };
	if (*type == AT_HWCAP)
		*value = FLOATS_AND_VECTORS;
	else if (*type == AT_HWCAP2)
		*value = 0;
	else if (*type == AT_SYSINFO_EHDR)
		*type = AT_IGNORE;
	return *type <= AT_HWCAP2 || *type == AT_EXECFN || *type == AT_MINSIGSTKSZ;
}

enum { MACHINE_SYSCALL_ARGS = 5 };
/* What a system call would have for its first argument. The result comes to be there. */
static inline uint64_t machine_first_argument(const machine_regs *r)
{
	return r->regs[0];
}

/*
 * Stopped at a system call: whether it is this one, and has done what it was to; its arguments, of
 * which the first is what it was when the call was made. While it is stopped, x7 says whether it is
 * before the call (0) or behind it.
 */
static inline bool machine_syscall_done(
	const machine_regs *r, long nr, uint64_t first, uint64_t arg[MACHINE_SYSCALL_ARGS])
{
	arg[0] = first;
	for (int i = 1; i < MACHINE_SYSCALL_ARGS; i++)
		arg[i] = r->regs[i];
	return r->regs[8] == (uint64_t)nr && r->regs[7] == 1 && (int64_t)r->regs[0] >= 0;
}

/*
 * Stopped at the end of a system call that a signal has interrupted: the kernel, who uses these
 * numbers (include/linux/errno.h) for itself alone, begins it anew unless a handler is to run.
 */
static inline bool machine_syscall_again(const machine_regs *r)
{
	long result = (long)r->regs[0];
	return result == -516 || (result >= -514 && result <= -512);
}

#endif
