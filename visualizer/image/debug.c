/* SPDX-License-Identifier: MIT */
#include "debug.h"

#include <gelf.h>
#include <stdbool.h>
#include <string.h>

#include "program.h"

static bool is_of_strings(const char *name)
{
	static const char *const all[] = {
		".debug_str", ".debug_line_str", ".zdebug_str", ".zdebug_line_str"};
	for (size_t i = 0; name && i < sizeof all / sizeof *all; i++)
		if (strcmp(name, all[i]) == 0)
			return true;
	return false;
}

/* Whether the last string of a section ends there, once that is unpacked. */
static bool ends(Elf_Scn *scn, const GElf_Shdr *shdr, const char *name)
{
	if (shdr->sh_flags & SHF_COMPRESSED)
		elf_compress(scn, 0, 0);
	else if (name[1] == 'z')
		elf_compress_gnu(scn, 0, 0);
	Elf_Data *data = program_data(scn);
	return !data || ((const char *)data->d_buf)[data->d_size - 1] == '\0';
}

Dwarf *debug_open(Elf *elf)
{
	size_t names;
	GElf_Shdr shdr;
	if (elf_getshdrstrndx(elf, &names) != 0)
		return NULL;
	for (Elf_Scn *scn = NULL; (scn = elf_nextscn(elf, scn));) {
		const char *name =
			gelf_getshdr(scn, &shdr) ? elf_strptr(elf, names, shdr.sh_name) : NULL;
		if (is_of_strings(name) && !ends(scn, &shdr, name))
			return NULL;
	}
	return dwarf_begin_elf(elf, DWARF_C_READ, NULL);
}
