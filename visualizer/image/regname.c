/* SPDX-License-Identifier: MIT */
#include "regname.h"

#include <stdio.h>
#include <string.h>

static int exactly(const struct arch_desc *arch, const char *name)
{
	for (int i = 0; i < arch->nregs; i++)
		if (strcmp(arch->regs[i], name) == 0)
			return i;
	return -1;
}

/* amd64: the whole register that a name means a part of: eax, ax, al, sil, r8d. */
static int part_amd64(const char *name, char *whole, size_t n)
{
	size_t len = strlen(name);
	char last = len ? name[len - 1] : '\0';
	if (name[0] == 'r' && strchr("dwb", last)) {
		snprintf(whole, n, "%.*s", (int)(len - 1), name);
		return last == 'd' ? 4 : last == 'w' ? 2 : 1;
	}
	if (name[0] == 'e' && len == 3) {
		snprintf(whole, n, "r%s", name + 1);
		return 4;
	}
	if (last == 'l') {
		snprintf(whole, n, len == 2 ? "r%.*sx" : "r%.*s", (int)(len - 1), name);
		return 1;
	}
	snprintf(whole, n, "r%s", name);
	return 2;
}

/* arm64: w0 is the lower half of x0; x29 and x30 have names of their own. */
static int part_arm64(const char *name, char *whole, size_t n)
{
	if (strcmp(name, "fp") == 0 || strcmp(name, "lr") == 0) {
		snprintf(whole, n, name[0] == 'f' ? "x29" : "x30");
		return 8;
	}
	snprintf(whole, n, "x%s", name[0] == 'w' ? name + 1 : "");
	return 4;
}

int reg_by_name(const struct arch_desc *arch, const char *name, int *bytes)
{
	if (!name)
		return -1;
	name += *name == '%';
	int width = 8;
	int reg = exactly(arch, name);
	if (reg < 0) {
		char whole[16];
		bool amd64 = strcmp(arch->name, "amd64") == 0;
		width = (amd64 ? part_amd64 : part_arm64)(name, whole, sizeof whole);
		reg = exactly(arch, whole);
	}
	if (bytes)
		*bytes = width;
	return reg;
}
