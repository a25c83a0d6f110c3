/* SPDX-License-Identifier: MIT */
/*
 * Registers by any name that disassembly or a probe's note uses for them: "rax", "%eax", "w0".
 */
#ifndef IMAGE_REGNAME_H
#define IMAGE_REGNAME_H

struct isa;

/*
 * Index into the registers of its arch_desc, or -1; *bytes (if not NULL): how many of its bytes
 * the name means.
 */
int reg_by_name(const struct isa *isa, const char *name, int *bytes);
/* The same of the register that DWARF calls n; -1: not one of those that the model has. */
int reg_by_dwarf(const struct isa *isa, int n);

#endif
