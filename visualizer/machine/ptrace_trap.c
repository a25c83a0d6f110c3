/* SPDX-License-Identifier: MIT */
#include "ptrace_trap.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TRAP_BIT = 1 << (SIGTRAP - 1) };

void trap_look(struct tracee *t)
{
	uint64_t mask = 0;
	if (ptrace(PTRACE_GETSIGMASK, t->tid, sizeof mask, &mask) == 0)
		t->blocks_trap = mask & TRAP_BIT;
}

bool trap_is_both(const struct tracee *t, int code)
{
	return t->blocks_trap && code != MACHINE_BREAKPOINT_CODE &&
	       !machine_is_step(code, t->plain);
}

void trap_note(struct process *p, const struct tracee *t)
{
	uint64_t arg[MACHINE_SYSCALL_ARGS];
	if (!machine_syscall_done(&t->raw, SYS_rt_sigaction, t->first, arg) || arg[0] != SIGTRAP ||
		!arg[1])
		return;
	if (pread(p->mem_fd, p->trap_action, sizeof p->trap_action, (off_t)arg[1]) < 0)
		return;
	/* The handler comes first, SIG_DFL, SIG_IGN, or a function; then the flags. */
	p->trap_ignored = p->trap_action[0] == (uintptr_t)SIG_IGN;
	p->trap_handled = p->trap_action[0] != (uintptr_t)SIG_DFL;
}

void trap_delivered(struct process *p)
{
	if (p->trap_action[1] & SA_RESETHAND)
		p->trap_handled = p->trap_ignored = false;
}

bool trap_hide_flag(const struct process *p, uint64_t flags)
{
	off_t at = (off_t)flags + MACHINE_PUSHED_FLAG_BYTE;
	uint8_t byte;
	if (pread(p->mem_fd, &byte, 1, at) != 1)
		return false;
	byte &= (uint8_t)~MACHINE_PUSHED_FLAG;
	return pwrite(p->mem_fd, &byte, 1, at) == 1;
}

/* Let t go on to the next stop at a system call. A signal that comes in between is kept. */
static bool to_syscall_stop(struct tracee *t)
{
	int status;
	do {
		if (ptrace(PTRACE_SYSCALL, t->tid, NULL, NULL) != 0)
			return false;
		while (waitpid(t->tid, &status, __WALL) < 0)
			if (errno != EINTR)
				return false;
		if (!WIFSTOPPED(status))
			return false;
		if (status >> 16 == 0 && WSTOPSIG(status) != SYSCALL_STOP)
			t->signal = WSTOPSIG(status);
	} while (WSTOPSIG(status) != SYSCALL_STOP);
	return true;
}

/*
 * Have t make the system call that sets what SIGTRAP does: with an instruction of ours where it
 * stands, and the operand below its stack, and all as it was afterwards.
 */
static void set_action(struct process *p, struct tracee *t)
{
	uint8_t insn[sizeof machine_syscall_insn];
	uint64_t operand[TRAP_ACTION_WORDS];
	off_t pc = (off_t)machine_pc(&t->raw);
	off_t at = (off_t)(machine_sp(&t->raw) - 512) & -16;
	machine_regs regs = t->raw;
	uint64_t args[] = {SIGTRAP, (uint64_t)at, 0, sizeof(uint64_t)};
	if (pread(p->mem_fd, insn, sizeof insn, pc) != sizeof insn ||
		pread(p->mem_fd, operand, sizeof operand, at) != sizeof operand ||
		pwrite(p->mem_fd, machine_syscall_insn, sizeof insn, pc) != sizeof insn)
		return;
	if (pwrite(p->mem_fd, p->trap_action, sizeof operand, at) == sizeof operand) {
		machine_set_syscall(&regs, SYS_rt_sigaction, args);
		machine_set_regs(t->tid, &regs);
		if (to_syscall_stop(t))
			to_syscall_stop(t);
	}
	if (pwrite(p->mem_fd, operand, sizeof operand, at) < 0 ||
		pwrite(p->mem_fd, insn, sizeof insn, pc) < 0)
		return; /* it has died of it; waiting for it will show that */
	machine_set_regs(t->tid, &t->raw);
}

void trap_mend(struct process *p, struct tracee *t)
{
	uint64_t mask = 0;
	if (!t->blocks_trap && !p->trap_ignored)
		return;
	/* The mask first: what waits for it to be lifted is to wait on. */
	if (t->blocks_trap && ptrace(PTRACE_GETSIGMASK, t->tid, sizeof mask, &mask) == 0) {
		mask |= TRAP_BIT;
		ptrace(PTRACE_SETSIGMASK, t->tid, sizeof mask, &mask);
	}
	if (p->trap_handled)
		set_action(p, t);
}
