/* SPDX-License-Identifier: MIT */
/* What the stepper gets out of an executable, and what it says of those that it cannot step. */
#include "engine_tests.h"

#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What stepper_open says of a program that it must refuse. */
static const char *complaint(const char *program)
{
	static char err[1024];
	struct run_options o = {.program = program};
	err[0] = '\0';
	assert_null(stepper_open(&o, err, sizeof err));
	return err;
}

static void assert_says(const char *text, const char *what)
{
	if (!strstr(text, what))
		fail_msg("\"%s\" does not say \"%s\"", text, what);
}

/* A file in /tmp, to be freed by unlink_file. */
static const char *make_file(const void *bytes, size_t n, int mode)
{
	static char path[] = "/tmp/g0-engine-XXXXXX";
	strcpy(path, "/tmp/g0-engine-XXXXXX");
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, n), n);
	fchmod(fd, (mode_t)mode);
	close(fd);
	return path;
}

static void test_refused(void **state)
{
	(void)state;
	assert_says(complaint("/tmp/no/such/file"), "there is no such file");
	assert_says(complaint("/tmp"), "not a file that can be run");
	const char *path = make_file("#!/bin/sh\n", 10, 0644);
	assert_says(complaint(path), "chmod +x");
	unlink(path);
	path = make_file("#!/bin/sh\n", 10, 0755);
	assert_says(complaint(path), "not an ELF executable");
	unlink(path);
	assert_says(complaint("/bin/true"), "-no-pie");
}

/* A changed copy of the subject is refused, and the complaint says `what`. */
static void refuse_changed(void (*change)(Elf64_Ehdr *eh, char *file, size_t n), const char *what)
{
	FILE *f = fopen(subject(), "r");
	assert_non_null(f);
	static char file[8 << 20];
	size_t n = fread(file, 1, sizeof file, f);
	fclose(f);
	assert_true(n > sizeof(Elf64_Ehdr) && n < sizeof file);
	change((Elf64_Ehdr *)file, file, n);
	const char *path = make_file(file, n, 0755);
	assert_says(complaint(path), what);
	unlink(path);
}

static void other_machine(Elf64_Ehdr *eh, char *file, size_t n)
{
	(void)file, (void)n;
	eh->e_machine = EM_RISCV;
}

/* Change every occurrence of a word in the file, of the same length. */
static void replace(char *file, size_t n, const char *word, const char *by)
{
	size_t len = strlen(word) + 1;
	for (char *at = file; (at = memmem(at, n - (size_t)(at - file), word, len)); at += len)
		memcpy(at, by, len);
}

static void no_runtime(Elf64_Ehdr *eh, char *file, size_t n)
{
	(void)eh;
	replace(file, n, "allgs", "allxs");
}

static void no_symbols(Elf64_Ehdr *eh, char *file, size_t n)
{
	(void)eh;
	replace(file, n, ".symtab", ".symxxx");
}

static void no_probes(Elf64_Ehdr *eh, char *file, size_t n)
{
	(void)eh;
	replace(file, n, ".note.stapsdt", ".note.stapxxx");
}

static void no_lines(Elf64_Ehdr *eh, char *file, size_t n)
{
	(void)eh;
	replace(file, n, ".debug_line", ".debug_lxne");
}

static void no_goid(Elf64_Ehdr *eh, char *file, size_t n)
{
	(void)eh;
	replace(file, n, "G.goid", "G.gxid");
}

/* In the layout note, which comes before all other text: where the variable is. */
static void far_variable(Elf64_Ehdr *eh, char *file, size_t n)
{
	(void)eh;
	char *name = memmem(file, n, "gomaxprocs", sizeof "gomaxprocs");
	assert_non_null(name);
	memset(name - 8, 0x11, 8);
}

static void test_refused_changed(void **state)
{
	(void)state;
	refuse_changed(other_machine, "build it for one of those");
	refuse_changed(no_runtime, "not a g0 program");
	refuse_changed(no_symbols, "it is stripped");
	refuse_changed(no_probes, "systemtap-sdt-dev");
	refuse_changed(no_lines, "with -g");
	refuse_changed(no_goid, "does not tell of its runtime's G.goid");
	refuse_changed(far_variable, "the runtime's gomaxprocs is not at 0x11");
}

/*
 * The code table of a program: functions, lines, text, unwind rules; libraries known as such.
 */
static void test_code(void **state)
{
	(void)state;
	struct timeline *tl = open_program(subject(), "exit3", "clear");
	struct code *code = timeline_code(tl);
	step_to(tl, 0, "go_main");
	const struct snapshot *s = timeline_now(tl);
	uint64_t pc = m_pc(s, snap_m(s, 0));
	const struct code_line *l = code_at(code, pc);
	assert_int_equal(l->pc, l->sym_lo);
	assert_string_equal(l->file, "tests/engine/programs/subject.c");
	assert_false(l->library);
	assert_true(l->cfi.known);
	assert_int_equal(l->cfi.ra, s->arch->lr < 0 ? CFI_AT_CFA : CFI_SAME);
	assert_true(code_next(code, pc)->pc == pc + l->len);
	size_t len;
	assert_non_null(code_source_line(code, l->file, l->line, &len));
	/* Where it ended is in the library. */
	drive(tl, 1, 5000);
	l = code_at(code, m_pc(timeline_now(tl), snap_m(timeline_now(tl), 0)));
	assert_true(l->library);
	assert_null(l->file);
	timeline_close(tl);
}

/* A call's text says whom it calls; on g0, where mcall has switched stacks, nobody called. */
static void test_mcall(void **state)
{
	(void)state;
	struct timeline *tl = open_program(example("01_stale_link"), NULL, "clear");
	step_to_event(tl, 0, "gosched");
	struct code *code = timeline_code(tl);
	bool named = false, rootless = false;
	for (size_t i = 0; i < code_count(code); i++) {
		const struct code_line *l = code_nth(code, i);
		named |= l->is_call && strstr(l->text, " mcall");
		if (l->sym && strcmp(l->sym, "mcall_clear") == 0)
			rootless |= l->cfi.known && l->cfi.ra == CFI_UNDEFINED;
	}
	assert_true(named);
	assert_true(rootless);
	timeline_close(tl);
}

int test_file(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_refused_changed),
		cmocka_unit_test(test_code),
		cmocka_unit_test(test_mcall),
	};
	return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
