/* SPDX-License-Identifier: MIT */
/* Executables that are damaged: what their tables say is bounded by what is in the file. */
#include "engine_tests.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/runtime_view.h"
#include "image/image.h"
#include "model/code.h"

enum { MUTANTS = 60, FILE_MAX_SIZE = 8 << 20 };

static char path[] = "/tmp/g0-damaged-XXXXXX";
static uint8_t whole[FILE_MAX_SIZE], file[FILE_MAX_SIZE];
static size_t size;

static int read_subject(void **state)
{
	(void)state;
	FILE *f = fopen(subject(), "r");
	size = f ? fread(whole, 1, sizeof whole, f) : 0;
	if (f)
		fclose(f);
	int fd = mkstemp(path);
	return size == 0 || size == sizeof whole || fd < 0 || fchmod(fd, 0755) || close(fd);
}

static int remove_path(void **state)
{
	(void)state;
	return remove(path);
}

static void write_file(void)
{
	FILE *f = fopen(path, "r+");
	assert_non_null(f);
	assert_int_equal(fwrite(file, 1, size, f), size);
	fclose(f);
}

/* A section of the whole file by its name. */
static const Elf64_Shdr *section(const char *name)
{
	const Elf64_Ehdr *eh = (const Elf64_Ehdr *)whole;
	const Elf64_Shdr *sh = (const Elf64_Shdr *)(whole + eh->e_shoff);
	const char *names = (const char *)whole + sh[eh->e_shstrndx].sh_offset;
	for (int i = 0; i < eh->e_shnum; i++)
		if (strcmp(names + sh[i].sh_name, name) == 0)
			return &sh[i];
	fail_msg("the subject has no section %s", name);
	return NULL;
}

/* Every function says that it is so large. */
static void symbols_say(uint64_t st_size)
{
	const Elf64_Shdr *symtab = section(".symtab");
	memcpy(file, whole, size);
	Elf64_Sym *sym = (Elf64_Sym *)(file + symtab->sh_offset);
	for (size_t i = 0; i < symtab->sh_size / sizeof *sym; i++)
		sym[i].st_size = st_size;
	write_file();
}

static void sizes_of_functions(void **state)
{
	(void)state;
	static const uint64_t says[] = {0, 1 << 20, 1ull << 40, 1ull << 63, UINT64_MAX};
	for (size_t i = 0; i < sizeof says / sizeof *says; i++) {
		char err[1024];
		symbols_say(says[i]);
		struct program *p = program_open(path, err, sizeof err);
		uint64_t code = 0;
		assert_non_null(p);
		assert_true(p->nsyms > 100);
		for (size_t k = 0; k < p->nsyms; k++) {
			assert_true(p->syms[k].lo <= p->syms[k].hi);
			assert_true(k + 1 == p->nsyms || p->syms[k].hi <= p->syms[k + 1].lo);
			code += p->syms[k].hi - p->syms[k].lo;
		}
		if (code > size)
			fail_msg("%zu bytes of code in a file of %zu", (size_t)code, size);
		program_close(p);
	}
}

/* Other numbers in a few places of one table, or of the headers. */
static void corrupt(uint64_t *lot)
{
	static const char *const tables[] = {".symtab", ".note.stapsdt", ".debug_line",
		".debug_info", ".debug_abbrev", ".eh_frame", ".strtab", ".note.g0.layout"};
	enum { NTABLES = sizeof tables / sizeof *tables };
	static const uint64_t odd[] = {
		0, 1, 0x7fffffff, 0x80000000, UINT32_MAX, 1ull << 40, INT64_MAX, UINT64_MAX};
	const Elf64_Ehdr *eh = (const Elf64_Ehdr *)whole;
	uint64_t which = draw(lot) % (NTABLES + 1);
	const Elf64_Shdr *sh = which < NTABLES ? section(tables[which]) : NULL;
	size_t from = sh ? sh->sh_offset : eh->e_shoff;
	size_t n = sh ? sh->sh_size : eh->e_shnum * sizeof *sh;
	memcpy(file, whole, size);
	for (int times = 0; times < 8; times++)
		memcpy(file + from + draw(lot) % (n / 8) * 8, &odd[draw(lot) % 8], 8);
	write_file();
}

/*
 * Whatever is said of such a program, all of its code can be told, and nothing is read that is not
 * there: this test is for the sanitizers.
 */
static void damaged_anywhere(void **state)
{
	(void)state;
	uint64_t lot = 1;
	for (int i = 0; i < MUTANTS; i++) {
		char err[1024] = "";
		corrupt(&lot);
		struct image *lc = image_open(path, err, sizeof err);
		if (!lc) {
			assert_true(strlen(err) > strlen(path));
			continue;
		}
		struct code *table = image_table(lc);
		const struct program *p = image_program(lc);
		for (size_t k = 0; k < p->nsyms; k++)
			code_at(table, p->syms[k].lo);
		struct runtime_view *rv = runtime_view_new(p, image_arch(lc), err, sizeof err);
		if (rv)
			runtime_view_free(rv);
		else
			assert_true(strlen(err) > strlen(path));
		image_close(lc);
		code_free(table);
	}
}

/* One that this machine has not is no damage: it says what would have to be another. */
static void of_another_machine(void **state)
{
	(void)state;
	static const struct {
		uint16_t is;
		const char *name;
	} machines[] = {
		{EM_386, "32-bit x86"}, {EM_ARM, "32-bit arm"}, {EM_RISCV, "another architecture"}};
	for (size_t i = 0; i < sizeof machines / sizeof *machines; i++) {
		char err[1024], want[1024];
		memcpy(file, whole, size);
		((Elf64_Ehdr *)file)->e_machine = machines[i].is;
		write_file();
		assert_null(timeline_open(&(struct run_options){.program = path}, err, sizeof err));
		snprintf(want, sizeof want,
			"%s is built for %s, and g0scope steps amd64 and arm64 programs; "
			"build it for one of those",
			path, machines[i].name);
		assert_string_equal(err, want);
	}
}

int test_corrupted(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_another_machine),
		cmocka_unit_test(sizes_of_functions),
		cmocka_unit_test(damaged_anywhere),
	};
	return cmocka_run_group_tests_name("damaged", tests, read_subject, remove_path);
}
