/* SPDX-License-Identifier: MIT */
#include "debug.h"

#include <dwarf.h>
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

/* Whether a string that is in a description itself ends with the section that it is in. */
static bool ends_there(Elf *elf, const char *text)
{
	for (Elf_Scn *scn = NULL; (scn = elf_nextscn(elf, scn));) {
		GElf_Shdr shdr;
		bool debug = gelf_getshdr(scn, &shdr) && shdr.sh_type == SHT_PROGBITS &&
			     !(shdr.sh_flags & SHF_ALLOC);
		Elf_Data *data = debug ? program_data(scn) : NULL;
		const char *from = data ? data->d_buf : NULL;
		if (from && text >= from && text < from + data->d_size)
			return memchr(text, '\0', (size_t)(from + data->d_size - text)) != NULL;
	}
	return false;
}

const char *debug_string(Dwarf_Die *die, unsigned attribute)
{
	Dwarf_Attribute attr;
	if (!dwarf_attr_integrate(die, attribute, &attr))
		return NULL;
	const char *text = dwarf_formstring(&attr);
	Dwarf *dwarf = dwarf_cu_getdwarf(attr.cu);
	bool in_itself = dwarf_whatform(&attr) == DW_FORM_string;
	return text && in_itself && !ends_there(dwarf_getelf(dwarf), text) ? NULL : text;
}

const char *debug_name(Dwarf_Die *die)
{
	return debug_string(die, DW_AT_name);
}
