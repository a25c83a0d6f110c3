/* SPDX-License-Identifier: MIT */
/*
 * amd64: how ptrace and the kernel speak of this machine. The path chooses; arm64/ptrace_arch.h
 * is the twin.
 */
#ifndef MACHINE_PTRACE_ARCH_H
#define MACHINE_PTRACE_ARCH_H

#include <elf.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <ucontext.h>

/* The arch_desc of what is stepped. */
static const char machine_arch[] = "amd64";

typedef struct user_regs_struct machine_regs;

/* Where each register of the model lies in what ptrace hands over. */
struct machine_reg {
	const char *name;
	size_t offset;
};
static const struct machine_reg machine_reg_table[] = {
	{"rax", offsetof(machine_regs, rax)},
	{"rbx", offsetof(machine_regs, rbx)},
	{"rcx", offsetof(machine_regs, rcx)},
	{"rdx", offsetof(machine_regs, rdx)},
	{"rsi", offsetof(machine_regs, rsi)},
	{"rdi", offsetof(machine_regs, rdi)},
	{"rbp", offsetof(machine_regs, rbp)},
	{"rsp", offsetof(machine_regs, rsp)},
	{"r8", offsetof(machine_regs, r8)},
	{"r9", offsetof(machine_regs, r9)},
	{"r10", offsetof(machine_regs, r10)},
	{"r11", offsetof(machine_regs, r11)},
	{"r12", offsetof(machine_regs, r12)},
	{"r13", offsetof(machine_regs, r13)},
	{"r14", offsetof(machine_regs, r14)},
	{"r15", offsetof(machine_regs, r15)},
	{"rip", offsetof(machine_regs, rip)},
	{"eflags", offsetof(machine_regs, eflags)},
};

static inline bool machine_get_regs(int tid, machine_regs *r)
{
	return ptrace(PTRACE_GETREGS, tid, NULL, r) == 0;
}

static inline bool machine_set_regs(int tid, machine_regs *r)
{
	return ptrace(PTRACE_SETREGS, tid, NULL, r) == 0;
}

static inline uint64_t machine_pc(const machine_regs *r)
{
	return r->rip;
}

static inline void machine_set_pc(machine_regs *r, uint64_t pc)
{
	r->rip = pc;
}

static inline uint64_t machine_sp(const machine_regs *r)
{
	return r->rsp;
}

static inline void machine_set_sp(machine_regs *r, uint64_t sp)
{
	r->rsp = sp;
}

/* As if that were fresh in which no call passes anything: not r10, by which C may find a frame. */
static inline void machine_forget_scratch(machine_regs *r)
{
	r->r11 = 0;
}

/* The same of the vectors, of a thread that has stopped. */
static inline void machine_forget_vectors(int tid)
{
	struct user_fpregs_struct r;
	if (ptrace(PTRACE_GETFPREGS, tid, NULL, &r) != 0)
		return;
	memset(r.xmm_space, 0, sizeof r.xmm_space);
	ptrace(PTRACE_SETFPREGS, tid, NULL, &r);
}

/* The number of the system call that a syscall instruction at pc would make. */
static inline long machine_syscall(const machine_regs *r)
{
	return (long)r->rax;
}

/*
 * The trap flag. Single-stepping sets it, and the kernel hides that from ptrace: what is seen here
 * is the program's own. But once an instruction that loads the flags has been stepped it takes ours
 * for that, until the thread is let run: then it has to be taken out at each stop.
 */
enum { MACHINE_TRAP_FLAG = 0x100 };
static inline bool machine_traps_itself(const machine_regs *r)
{
	return r->eflags & MACHINE_TRAP_FLAG;
}

static inline void machine_trap_no_more(machine_regs *r)
{
	r->eflags &= ~(unsigned long)MACHINE_TRAP_FLAG;
}

/* What is added to addresses in fs and gs. */
static inline uint64_t machine_segment(const machine_regs *r, int segment)
{
	return segment == 1 ? r->fs_base : segment == 2 ? r->gs_base : 0;
}

/*
 * What a system call leaves in r11 is the flags as they were, and there nobody hides the flag. Take
 * it out; whether it was there.
 */
static inline bool machine_hide_trap_flag(machine_regs *r)
{
	bool there = r->r11 & MACHINE_TRAP_FLAG;
	r->r11 &= ~(unsigned long)MACHINE_TRAP_FLAG;
	return there;
}

/* Where flags lie in memory: in which byte from there on it is, and which bit. */
enum { MACHINE_PUSHED_FLAG_BYTE = 1, MACHINE_PUSHED_FLAG = 1 };

/* Where the flags lie that a handler returns to, from SP on as it begins. */
enum { MACHINE_FRAME_FLAGS = sizeof(uint64_t) + offsetof(ucontext_t, uc_mcontext.gregs[REG_EFL]) };

/* int3. It leaves pc behind it. */
static const uint8_t machine_breakpoint[] = {0xcc};
enum { MACHINE_BREAKPOINT_PASSES = sizeof machine_breakpoint };
/* The si_code of its SIGTRAP. */
enum { MACHINE_BREAKPOINT_CODE = SI_KERNEL };

/*
 * Whether the SIGTRAP of a single step has this si_code: after an instruction, after a system
 * call, or before a signal handler's first instruction. plain: it was no system call, so that
 * TRAP_BRKPT is int1's.
 */
static inline bool machine_is_step(int code, bool plain)
{
	return code == TRAP_TRACE || (code == TRAP_BRKPT && !plain) || code == SIGTRAP;
}

static inline void machine_step_anew(int tid, machine_regs *r)
{
	(void)tid, (void)r;
}

/* The system call itself, and registers with which it is one with four arguments. */
static const uint8_t machine_syscall_insn[] = {0x0f, 0x05};
static inline void machine_set_syscall(machine_regs *r, long nr, const uint64_t arg[4])
{
	r->rax = (unsigned long)nr;
	r->orig_rax = -1ul;
	r->rdi = arg[0];
	r->rsi = arg[1];
	r->rdx = arg[2];
	r->r10 = arg[3];
}

/*
 * Whether a program is to be told this, and what. What libc wants to know of the CPU it asks that
 * itself. But of no vDSO, which is another under each kernel: libc makes system calls then.
 */
static inline bool machine_tells(uint64_t *type, uint64_t *value)
{
	(void)value;
	if (*type == AT_SYSINFO_EHDR)
		*type = AT_IGNORE;
	return true;
}

enum { MACHINE_SYSCALL_ARGS = 5 };
/* What a system call would have for its first argument. */
static inline uint64_t machine_first_argument(const machine_regs *r)
{
	return r->rdi;
}

/*
 * Stopped at a system call: whether it is this one, and has done what it was to; its arguments, of
 * which the first is what it was when the call was made.
 */
static inline bool machine_syscall_done(
	const machine_regs *r, long nr, uint64_t first, uint64_t arg[MACHINE_SYSCALL_ARGS])
{
	arg[0] = first;
	arg[1] = r->rsi;
	arg[2] = r->rdx;
	arg[3] = r->r10;
	arg[4] = r->r8;
	return r->orig_rax == (unsigned long)nr && (long)r->rax >= 0;
}

/*
 * Stopped at the end of a system call that a signal has interrupted: the kernel, who uses these
 * numbers (include/linux/errno.h) for itself alone, begins it anew unless a handler is to run.
 */
static inline bool machine_syscall_again(const machine_regs *r)
{
	long result = (long)r->rax;
	return (long)r->orig_rax >= 0 && (result == -516 || (result >= -514 && result <= -512));
}

#endif
