/* SPDX-License-Identifier: MIT */
#include "program.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "isa.h"
#include "model/regular.h"
#include "model/say.h"
#include "model/xalloc.h"

/* ---- may it be stepped? ---- */

static bool complain_file(const char *path, char *err, size_t nerr)
{
	struct stat st;
	if (stat(path, &st) != 0)
		say(err, nerr, "%s: %s", path,
			errno == ENOENT
				? "there is no such file; build it first, or name it by its path"
				: strerror(errno));
	else if (!S_ISREG(st.st_mode))
		say(err, nerr, "%s is not a file that can be run; name the executable", path);
	else if (access(path, X_OK) != 0)
		say(err, nerr, "%s is not executable; chmod +x it, or name what was built from it",
			path);
	else
		return false;
	return true;
}

static const char *machine_name(int e_machine)
{
	const struct isa *isa = isa_of(e_machine);
	if (isa)
		return isa->name;
	switch (e_machine) {
	case EM_386: return "32-bit x86";
	case EM_ARM: return "32-bit arm";
	default: return "another architecture";
	}
}

static bool complain_elf(const char *path, int fd, Elf *elf, char *err, size_t nerr)
{
	GElf_Ehdr eh;
	if (fd < 0)
		say(err, nerr, "%s cannot be read: %s", path, strerror(errno));
	else if (!elf || elf_kind(elf) != ELF_K_ELF || !gelf_getehdr(elf, &eh))
		say(err, nerr, "%s is not an ELF executable (a script?); name the program itself",
			path);
	else if (!isa_of(eh.e_machine))
		say(err, nerr, "%s is built for %s, whose code cannot be read here", path,
			machine_name(eh.e_machine));
	else if (eh.e_type == ET_DYN)
		say(err, nerr,
			"%s is position-independent, so its addresses are not fixed; "
			"link it with -static -no-pie",
			path);
	else if (eh.e_type != ET_EXEC)
		say(err, nerr, "%s is not linked; name the executable that it is part of", path);
	else
		return false;
	return true;
}

/* ---- symbols ---- */

Elf_Scn *program_section(const struct program *p, const char *name, GElf_Shdr *shdr)
{
	size_t names;
	if (elf_getshdrstrndx(p->elf, &names) != 0)
		return NULL;
	for (Elf_Scn *scn = NULL; (scn = elf_nextscn(p->elf, scn));) {
		const char *s =
			gelf_getshdr(scn, shdr) ? elf_strptr(p->elf, names, shdr->sh_name) : NULL;
		if (s && strcmp(s, name) == 0)
			return scn;
	}
	return NULL;
}

Elf_Data *program_data(Elf_Scn *scn)
{
	Elf_Data *data = scn ? elf_getdata(scn, NULL) : NULL;
	return data && data->d_buf && data->d_size ? data : NULL;
}

static bool in_code(const struct program *p, const GElf_Sym *sym)
{
	GElf_Shdr shdr;
	Elf_Scn *scn = sym->st_shndx < SHN_LORESERVE ? elf_getscn(p->elf, sym->st_shndx) : NULL;
	return scn && gelf_getshdr(scn, &shdr) && (shdr.sh_flags & SHF_EXECINSTR);
}

/*
 * Of two names for one address, the one that says more: a function with a size, then a global
 * one, then the shorter.
 */
static int by_address(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;
	if (x->lo != y->lo)
		return x->lo < y->lo ? -1 : 1;
	if (x->hi != y->hi)
		return x->hi > y->hi ? -1 : 1;
	int len = (int)strlen(x->name) - (int)strlen(y->name);
	return len ? len : strcmp(x->name, y->name);
}

/*
 * A symbol without a size, or with a larger one than there is, reaches up to the next one, or up
 * to the last byte that the file has of its section. So no code is told twice, and none that is
 * not there.
 */
static void bound_symbol(const struct program *p, size_t i)
{
	struct symbol *s = &p->syms[i];
	size_t rest;
	program_bytes(p, s->lo, &rest);
	assert(i + 1 == p->nsyms || s->lo < s[1].lo); /* one an address */
	uint64_t size = s->hi - s->lo;
	uint64_t room = i + 1 < p->nsyms ? s[1].lo - s->lo : rest;
	if (room > rest)
		room = rest;
	s->hi = s->lo + (size == 0 || size > room ? room : size);
}

/* A label in the midst of a function: that goes on. */
static bool is_label(const struct symbol *s, const struct symbol *before)
{
	return s->lo == s->hi && s->lo < before->hi;
}

/* Keep one symbol an address, and of those with a size all that is in them. */
static void tidy_symbols(struct program *p)
{
	if (p->nsyms)
		qsort(p->syms, p->nsyms, sizeof *p->syms, by_address);
	size_t n = 0;
	for (size_t i = 0; i < p->nsyms; i++)
		if (n == 0 || (p->syms[i].lo != p->syms[n - 1].lo &&
				      !is_label(&p->syms[i], &p->syms[n - 1])))
			p->syms[n++] = p->syms[i];
	p->nsyms = n;
	for (size_t i = 0; i < n; i++)
		bound_symbol(p, i);
}

static void read_symbols(struct program *p)
{
	GElf_Shdr shdr;
	Elf_Scn *scn = program_section(p, ".symtab", &shdr);
	Elf_Data *data = program_data(scn);
	size_t n = data && shdr.sh_entsize ? shdr.sh_size / shdr.sh_entsize : 0;
	size_t cap = 0;
	for (size_t i = 0; i < n; i++) {
		GElf_Sym sym;
		if (!gelf_getsym(data, (int)i, &sym))
			continue;
		int type = GELF_ST_TYPE(sym.st_info);
		const char *name = elf_strptr(p->elf, shdr.sh_link, sym.st_name);
		bool code = type == STT_FUNC || type == STT_GNU_IFUNC || type == STT_NOTYPE;
		if (!code || !name || !*name || *name == '$' || !in_code(p, &sym))
			continue;
		p->syms = xgrow(p->syms, &cap, p->nsyms + 1, sizeof *p->syms);
		p->syms[p->nsyms++] =
			(struct symbol){sym.st_value, sym.st_value + sym.st_size, name};
	}
	tidy_symbols(p);
}

const struct symbol *program_symbol(const struct program *p, uint64_t pc)
{
	size_t lo = 0, hi = p->nsyms;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (p->syms[mid].lo <= pc)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo && pc < p->syms[lo - 1].hi ? &p->syms[lo - 1] : NULL;
}

uint64_t program_address(const struct program *p, const char *name)
{
	GElf_Shdr shdr;
	Elf_Scn *scn = program_section(p, ".symtab", &shdr);
	Elf_Data *data = program_data(scn);
	size_t n = data && shdr.sh_entsize ? shdr.sh_size / shdr.sh_entsize : 0;
	for (size_t i = 0; i < n; i++) {
		GElf_Sym sym;
		const char *s = gelf_getsym(data, (int)i, &sym)
					? elf_strptr(p->elf, shdr.sh_link, sym.st_name)
					: NULL;
		if (s && sym.st_shndx != SHN_UNDEF && strcmp(s, name) == 0)
			return sym.st_value;
	}
	return 0;
}

const uint8_t *program_bytes(const struct program *p, uint64_t addr, size_t *n)
{
	for (Elf_Scn *scn = NULL; (scn = elf_nextscn(p->elf, scn));) {
		GElf_Shdr sh;
		if (!gelf_getshdr(scn, &sh) || !(sh.sh_flags & SHF_ALLOC) ||
			sh.sh_type == SHT_NOBITS)
			continue;
		uint64_t at = addr - sh.sh_addr;
		if (at >= sh.sh_size)
			continue;
		/* What is in the file: a section may say that it is larger. */
		Elf_Data *data = program_data(scn);
		if (!data || at >= data->d_size)
			break;
		*n = data->d_size - at;
		return (const uint8_t *)data->d_buf + at;
	}
	*n = 0;
	return NULL;
}

/*
 * FNV-1a. Notes are left out, for the linker puts a number into one that lines and comments decide
 * too.
 */
uint64_t program_build(const struct program *p)
{
	uint64_t hash = 0xcbf29ce484222325;
	for (Elf_Scn *scn = NULL; (scn = elf_nextscn(p->elf, scn));) {
		GElf_Shdr sh;
		if (!gelf_getshdr(scn, &sh) || !(sh.sh_flags & SHF_ALLOC) ||
			sh.sh_type == SHT_NOBITS || sh.sh_type == SHT_NOTE)
			continue;
		Elf_Data *data = program_data(scn);
		const uint8_t *at = data ? data->d_buf : NULL, *end = at ? at + data->d_size : NULL;
		hash = (hash ^ sh.sh_addr) * 0x100000001b3;
		for (; at < end; at++)
			hash = (hash ^ *at) * 0x100000001b3;
	}
	return hash ? hash : 1;
}

/* ---- open and close ---- */

const char *program_machine(const char *path)
{
	GElf_Ehdr eh;
	const char *why;
	FILE *f = open_regular(path, &why);
	if (!f)
		return NULL;
	elf_version(EV_CURRENT);
	Elf *elf = elf_begin(fileno(f), ELF_C_READ, NULL);
	bool known = elf && elf_kind(elf) == ELF_K_ELF && gelf_getehdr(elf, &eh);
	elf_end(elf);
	fclose(f);
	return known ? machine_name(eh.e_machine) : NULL;
}

struct program *program_open(const char *path, char *err, size_t nerr)
{
	if (complain_file(path, err, nerr))
		return NULL;
	struct program *p = xcalloc(1, sizeof *p);
	p->path = xstrdup(path);
	elf_version(EV_CURRENT);
	p->fd = open(path, O_RDONLY | O_CLOEXEC);
	p->elf = p->fd < 0 ? NULL : elf_begin(p->fd, ELF_C_READ_MMAP, NULL);
	if (complain_elf(path, p->fd, p->elf, err, nerr)) {
		program_close(p);
		return NULL;
	}
	GElf_Ehdr eh;
	p->isa = isa_of(gelf_getehdr(p->elf, &eh)->e_machine);
	read_symbols(p);
	return p;
}

void program_close(struct program *p)
{
	if (!p)
		return;
	elf_end(p->elf);
	if (p->fd >= 0)
		close(p->fd);
	free(p->syms);
	free(p->path);
	free(p);
}
