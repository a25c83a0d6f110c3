/* SPDX-License-Identifier: MIT */
/*
 * amd64: how ptrace and the kernel speak of this machine. The path chooses; arm64/machine.h
 * is the twin.
 */
#ifndef ENGINE_MACHINE_H
#define ENGINE_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ptrace.h>
#include <sys/user.h>

#define MACHINE_NAME "amd64"

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

/* The number of the system call that a syscall instruction at pc would make. */
static inline long machine_syscall(const machine_regs *r)
{
	return (long)r->rax;
}

/*
 * On the first instruction of a function: where its return address is (memory: true, at
 * *where) or is itself (*where).
 */
static inline bool machine_return_in_memory(const machine_regs *r, uint64_t *where)
{
	*where = r->rsp;
	return true;
}

/* SP when such a function has returned. */
static inline uint64_t machine_returned_sp(const machine_regs *r)
{
	return r->rsp + 8;
}

/* int3. It leaves pc behind it. */
static const uint8_t machine_breakpoint[] = {0xcc};
enum { MACHINE_BREAKPOINT_PASSES = sizeof machine_breakpoint };

#endif
