/* SPDX-License-Identifier: MIT */
#include "isa.h"

const struct isa *isa_of(int elf)
{
	static const struct isa *const all[] = {&isa_amd64, &isa_arm64};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (all[i]->elf == elf)
			return all[i];
	return NULL;
}
