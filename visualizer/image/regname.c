/* SPDX-License-Identifier: MIT */
#include "regname.h"

#include <stddef.h>
#include <string.h>

#include "isa.h"

static int exactly(const struct arch_desc *arch, const char *name)
{
	for (int i = 0; i < arch->nregs; i++)
		if (strcmp(arch->regs[i], name) == 0)
			return i;
	return -1;
}

int reg_by_name(const struct isa *isa, const char *name, int *bytes)
{
	const struct arch_desc *arch = arch_by_name(isa->name);
	if (!name)
		return -1;
	name += *name == '%';
	int width = 8;
	int reg = exactly(arch, name);
	if (reg < 0) {
		char whole[16];
		width = isa->part(name, whole, sizeof whole);
		reg = exactly(arch, whole);
	}
	if (bytes)
		*bytes = width;
	return reg;
}

int reg_by_dwarf(const struct isa *isa, int n)
{
	return n >= 0 && n < isa->ndwarf_regs ? reg_by_name(isa, isa->dwarf_regs[n], NULL) : -1;
}
