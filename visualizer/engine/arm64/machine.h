/* SPDX-License-Identifier: MIT */
/*
 * arm64: how ptrace and the kernel speak of this machine. The path chooses; amd64/machine.h
 * is the twin.
 */
#ifndef ENGINE_MACHINE_H
#define ENGINE_MACHINE_H

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>

#define MACHINE_NAME "arm64"

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
	struct iovec v = {r, sizeof *r};
	return ptrace(PTRACE_GETREGSET, tid, (void *)NT_PRSTATUS, &v) == 0;
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

/* The number of the system call that a syscall instruction at pc would make. */
static inline long machine_syscall(const machine_regs *r)
{
	return (long)r->regs[8];
}

/*
 * On the first instruction of a function: where its return address is (memory: true, at
 * *where) or is itself (*where).
 */
static inline bool machine_return_in_memory(const machine_regs *r, uint64_t *where)
{
	*where = r->regs[30];
	return false;
}

/* SP when such a function has returned. */
static inline uint64_t machine_returned_sp(const machine_regs *r)
{
	return r->sp;
}

/* brk #0. It leaves pc at it. */
static const uint8_t machine_breakpoint[] = {0x00, 0x00, 0x20, 0xd4};
enum { MACHINE_BREAKPOINT_PASSES = 0 };

#endif
