/* SPDX-License-Identifier: MIT */
/*
 * An instruction set, as ELF, DWARF and capstone speak of it. Each is one table, and all of them
 * are always built: a program's file says which is its own, whatever machine this one is.
 */
#ifndef IMAGE_ISA_H
#define IMAGE_ISA_H

#include <capstone/capstone.h>

#include "insn.h"
#include "model/code.h"

/* Code that the kernel has signal handlers return to, which no file has. */
struct sigreturn {
	const char *name;
	uint8_t code[8];
	struct cfi_rule cfi; /* the way from there to what was interrupted */
};

struct isa {
	const char *name; /* its arch_desc's */
	int elf;          /* e_machine */
	cs_arch arch;
	cs_mode mode;
	size_t syntax;
	/* DWARF's numbers of the registers that unwinding, and what is in them, is about. */
	const char *const *dwarf_regs;
	int ndwarf_regs;
	int dwarf_fp, dwarf_lr;            /* lr -1: there is none */
	const struct sigreturn *sigreturn; /* NULL: there it is libc that has it */
	/* Another name of a register, or of its lower part: the whole one's, and how many bytes. */
	int (*part)(const char *name, char *whole, size_t n);
	/*
	 * What only this architecture knows of an instruction: where it may write, flags, where it
	 * goes to, whether it is a system call. What capstone says of any, `out` has already.
	 */
	void (*describe)(csh cs, const cs_insn *in, struct insn *out);
	/* And of it and those behind it; NULL: nothing. */
	void (*describe_ahead)(uint64_t pc, const uint8_t *bytes, size_t n, struct insn *out);
};

extern const struct isa isa_amd64, isa_arm64;

/* That of ELF's e_machine; NULL: none that is known here. */
const struct isa *isa_of(int elf);

#endif
