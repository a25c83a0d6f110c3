/* SPDX-License-Identifier: MIT */
/* What is another on another architecture. One struct each: isa_amd64.c, isa_arm64.c. */
#ifndef EMULATOR_ISA_H
#define EMULATOR_ISA_H

#include "guest.h"

enum { GUEST_INSN = 16 }; /* bytes: no instruction is longer */

/* The system calls by name. */
enum guest_call {
#define CALL(name, amd64, arm64) CALL_##name,
#include "calls.def"
#undef CALL
	NCALLS
};

struct named_call {
	const char *name;
	int number;
};

struct guest_isa {
	const char *name, *platform;
	uint16_t elf_machine;
	uc_arch arch;
	uc_mode mode;
	/* The engine's names for the registers, in the order of arch_desc (model/snapshot.h). */
	int nregs;
	int regs[GUEST_NREGS_MAX];
	int pc, sp, tls; /* by the engine's names, as all below */
	bool is_aligned; /* each instruction is at a multiple of 4 */
	/* What a program sees of the flags; the engine has more: it runs where a kernel would. */
	int flags;
	int pc_at, flags_at; /* their places among regs */
	uint64_t flags_seen;
	int scratch_at, nscratch; /* of regs, those in which no call passes anything */
	int number, result;
	int args[GUEST_ARGS];
	/* What Linux tells a program; and where it has its memory, without random addresses. */
	uint64_t hwcap, least_signal_stack; /* 0: that is not told */
	uint64_t least_alt_stack;           /* what sigaltstack wants */
	uint64_t stack_top, arena_top;
	size_t nauxv;               /* how many pairs it tells, the one at the end among them */
	int clone_tls, clone_child; /* which arguments of clone these are */
	uint64_t call_size;         /* bytes of the instruction that makes a system call */
	int calls[NCALLS];          /* their numbers */
	/* Where old programs make system calls by a call, of a kernel that has it; 0: nowhere. */
	uint64_t page_of_calls;
	const struct named_call *others; /* that are not here; up to one without a name */
	size_t stat_size;

	/*
	 * What a kernel enters a program by, at user.c's; what that needs, to go on at `there`;
	 * and whether it has.
	 */
	uint8_t to_user[40];
	void (*begin_user)(struct guest *g, uint64_t there);
	bool (*is_user)(struct guest *g);
	/* The engine's hooks that tell of system calls and traps, and its state at the start. */
	void (*begin)(struct guest *g);
	/* Whether what stands at pc is a loop that has come to its end: no step of its own. */
	bool (*is_empty_step)(struct guest *g, uint64_t pc);
	/*
	 * Whether the instruction that these GUEST_INSN bytes begin with is more than a step that
	 * changes registers and memory: a system call, or the first of several that are one step.
	 */
	bool (*is_special)(const uint8_t *code);
	/* Which registers it may change: see changes.h. */
	uint64_t (*changes)(const uint8_t *code);
	/*
	 * The instruction at pc has led to an address that no memory can have, and should have
	 * failed: undo it. False: it is none of those. NULL: there it is no instruction's fault.
	 */
	bool (*undo_leap)(struct guest *g, uint64_t pc);
	/*
	 * The engine must not touch *addr for the instruction at pc: true, with what a CPU makes of
	 * that; or false, with what it would touch in place of that, and may not. NULL: it is as it
	 * seems.
	 */
	bool (*of_access)(struct guest *g, uint64_t pc, uint64_t *addr, struct guest_signal *made);
	/*
	 * The engine does not execute what stands at pc: what the CPU would make of that. NULL:
	 * nothing else.
	 */
	struct guest_signal (*of_invalid)(struct guest *g, uint64_t pc);
	/*
	 * After a trap: registers as they are in an engine that has seen none. NULL: it makes no
	 * difference.
	 */
	void (*renew)(struct guest *g);
	/* Zeros in the vectors of the thread that is on, as far as a call may change them. */
	void (*forget_vectors)(struct guest *g);
	/* The thread that is on comes out of a system call with this result. */
	void (*leave_call)(struct guest *g, int64_t result);
	/* A system call that only this one has; false: it is not known. */
	bool (*own_call)(struct guest *g, struct guest_thread *t, enum guest_call call,
		const uint64_t *args, int64_t *result);
	/* What stat says of a file, in this order of fields. */
	void (*put_stat)(uint8_t *to, uint32_t mode, uint64_t nlink);
	/*
	 * Put what a handler is given on the stack below sp, and have the thread that is on go on
	 * in it. False: there is no room, or not above lowest, or no way back. And the way back:
	 * false, if that is not what is there.
	 */
	bool (*enter_handler)(struct guest *g, struct guest_thread *t,
		const struct guest_signal *signal, uint64_t sp, uint64_t lowest);
	bool (*leave_handler)(struct guest *g, struct guest_thread *t);
};

extern const struct guest_isa isa_amd64, isa_arm64;

#endif
