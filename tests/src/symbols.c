/* SPDX-License-Identifier: MIT */
/* This program's own symbol table: a static program has no dladdr. */
#include <elf.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test.h"

static const char *image(void)
{
	static const char *map;
	struct stat st;
	int fd;

	if (map != NULL)
		return map;
	fd = open("/proc/self/exe", O_RDONLY);
	CHECK(fd >= 0 && fstat(fd, &st) == 0);
	map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	CHECK(map != MAP_FAILED);
	close(fd);
	return map;
}

const char *symbol(uintptr_t pc)
{
	const char *map = image();
	const Elf64_Ehdr *eh = (const void *)map;
	const Elf64_Shdr *sh = (const void *)(map + eh->e_shoff), *tab = NULL;

	for (int i = 0; i < eh->e_shnum; i++)
		if (sh[i].sh_type == SHT_SYMTAB)
			tab = &sh[i];
	CHECK(tab != NULL);
	for (size_t i = 0; i < tab->sh_size / sizeof(Elf64_Sym); i++) {
		const Elf64_Sym *s = (const Elf64_Sym *)(const void *)(map + tab->sh_offset) + i;
		if (ELF64_ST_TYPE(s->st_info) == STT_FUNC && pc - s->st_value < s->st_size)
			return map + sh[tab->sh_link].sh_offset + s->st_name;
	}
	return "?";
}
