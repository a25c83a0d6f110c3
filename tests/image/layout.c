/* SPDX-License-Identifier: MIT */
/* The layout note: what is told is found, and what cannot be is said in a sentence. */
#include "image_tests.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "image/layout.h"
#include "model/say.h"

enum { ADDR = 0x400200 };

/* A note as it is written. */
static struct {
	uint8_t bytes[4096];
	size_t n;
} note;

static void put(const void *from, size_t n)
{
	assert_true(note.n + n + 3 < sizeof note.bytes);
	memcpy(note.bytes + note.n, from, n);
	note.n += n;
	while (note.n % 4)
		note.bytes[note.n++] = 0;
}

static void put_word(uint32_t w)
{
	put(&w, sizeof w);
}

/* A note of that version, with nothing in it yet. */
static void begin(uint32_t version)
{
	note.n = 0;
	put_word(sizeof "g0");
	put_word(0);
	put_word(3);
	put("g0", sizeof "g0");
	put_word(version);
}

static void tell(uint32_t kind, const char *name, uint32_t size, uint64_t value)
{
	put_word(kind);
	put_word(size);
	put(&value, sizeof value);
	put(name, strlen(name) + 1);
}

/* All that is asked for below. */
static void tell_all(void)
{
	begin(1);
	tell(LAYOUT_STRUCT, "G", 48, 0);
	tell(LAYOUT_FIELD, "G.goid", 8, 40);
	tell(LAYOUT_CONSTANT, "Gdead", 0, 5);
	tell(LAYOUT_VARIABLE, "allglen", 4, (uint64_t)-0x100);
}

/* The note says how long it is. */
static void end(size_t more)
{
	uint32_t n = (uint32_t)(note.n - 16 + more);
	memcpy(note.bytes + 4, &n, sizeof n);
}

static void add_section(Elf *elf, uint32_t type, uint32_t name, void *bytes, size_t n)
{
	GElf_Shdr shdr;
	Elf_Scn *scn = elf_newscn(elf);
	Elf_Data *data = elf_newdata(scn);
	*data = (Elf_Data){.d_buf = bytes,
		.d_size = n,
		.d_align = 4,
		.d_type = ELF_T_BYTE,
		.d_version = EV_CURRENT};
	assert_non_null(gelf_getshdr(scn, &shdr));
	shdr.sh_type = type;
	shdr.sh_name = name;
	shdr.sh_flags = type == SHT_NOTE ? SHF_ALLOC : 0;
	shdr.sh_addr = type == SHT_NOTE ? ADDR : 0;
	assert_int_not_equal(gelf_update_shdr(scn, &shdr), 0);
}

/* An executable with the note, and nothing else. */
static void write_file(int fd, int class, int order)
{
	static char names[] = "\0.note.g0.layout\0.shstrtab";
	GElf_Ehdr eh;
	elf_version(EV_CURRENT);
	Elf *elf = elf_begin(fd, ELF_C_WRITE, NULL);
	assert_non_null(elf);
	assert_true(gelf_newehdr(elf, class));
	assert_non_null(gelf_getehdr(elf, &eh));
	eh.e_ident[EI_DATA] = (unsigned char)order;
	eh.e_machine = EM_X86_64;
	eh.e_type = ET_EXEC;
	eh.e_shstrndx = 2;
	assert_int_not_equal(gelf_update_ehdr(elf, &eh), 0);
	add_section(elf, SHT_NOTE, 1, note.bytes, note.n);
	add_section(elf, SHT_STRTAB, 17, names, sizeof names);
	assert_true(elf_update(elf, ELF_C_WRITE) > 0);
	elf_end(elf);
}

static struct layout_item items[] = {
	{.kind = LAYOUT_FIELD, .name = "G.goid", .most = 8},
	{.kind = LAYOUT_STRUCT, .name = "G", .most = 64},
	{.kind = LAYOUT_CONSTANT, .name = "Gdead"},
	{.kind = LAYOUT_VARIABLE, .name = "allglen", .most = 8},
};
enum { NITEMS = sizeof items / sizeof *items };

static bool read_file(int class, int order, char *err, size_t nerr)
{
	char path[] = "/tmp/g0-layout-XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	write_file(fd, class, order);
	assert_int_equal(fchmod(fd, 0755), 0);
	close(fd);
	struct program *p = program_open(path, err, nerr);
	if (!p)
		fail_msg("%s", err);
	for (size_t i = 0; i < NITEMS; i++)
		items[i].told = false;
	bool ok = layout_read(p, items, NITEMS, err, nerr);
	program_close(p);
	unlink(path);
	return ok;
}

/* Nothing can be read, and a sentence says that. */
static void refused(const char *sentence)
{
	char err[SENTENCE_MAX] = "";
	if (read_file(ELFCLASS64, ELFDATA2LSB, err, sizeof err) || !strstr(err, sentence))
		fail_msg("\"%s\" is not said, but \"%s\"", sentence, err);
	assert_non_null(strstr(err, "; rebuild it with this libg0.a"));
}

static void test_whole(void **state)
{
	char err[SENTENCE_MAX] = "";
	(void)state;
	tell_all();
	tell(LAYOUT_FIELD, "G.more", 800, 1000);
	tell(99, "of a later kind", 0, 0);
	end(0);
	if (!read_file(ELFCLASS64, ELFDATA2LSB, err, sizeof err))
		fail_msg("%s", err);
	assert_int_equal(items[0].value, 40);
	assert_int_equal(items[0].size, 8);
	assert_int_equal(items[1].size, 48);
	assert_int_equal(items[2].value, 5);
	/* Its value is where the fourth entry has it, and tells the distance from there. */
	size_t before = 16 + 4 + (16 + 4) + (16 + 8) + (16 + 8) + 8;
	assert_int_equal(items[3].value, ADDR + before - 0x100);
}

/* Cut at every byte, whatever the note says of its length. */
static void test_cut(void **state)
{
	(void)state;
	tell_all();
	for (size_t whole = note.n - 1; whole > 0; whole--) {
		tell_all();
		note.n = whole;
		if (whole >= 16)
			end(0);
		char err[SENTENCE_MAX] = "";
		if (read_file(ELFCLASS64, ELFDATA2LSB, err, sizeof err))
			fail_msg("cut to %zu bytes, it is read", whole);
		assert_non_null(strstr(err, "; rebuild it with this libg0.a"));
	}
	tell_all();
	end(4096);
	refused("is cut off");
	tell_all();
	note.n -= 8;
	end(0);
	refused("is cut off");
}

static void test_not_so(void **state)
{
	(void)state;
	begin(2);
	end(0);
	refused("is of a newer libg0.a");
	tell_all();
	tell(LAYOUT_FIELD, "G.goid", 8, 32);
	end(0);
	refused("tells of G.goid twice");
	begin(1);
	tell(LAYOUT_STRUCT, "G", 48, 0);
	end(0);
	refused("does not tell of its runtime's G.goid");
}

/* What is optional may be missing; but where it is told it is right. */
static void test_optional(void **state)
{
	char err[SENTENCE_MAX] = "";
	(void)state;
	items[0].optional = true;
	begin(1);
	tell(LAYOUT_STRUCT, "G", 48, 0);
	tell(LAYOUT_CONSTANT, "Gdead", 0, 5);
	tell(LAYOUT_VARIABLE, "allglen", 4, 0);
	end(0);
	if (!read_file(ELFCLASS64, ELFDATA2LSB, err, sizeof err))
		fail_msg("%s", err);
	assert_false(items[0].told);
	assert_true(items[1].told);
	tell(LAYOUT_FIELD, "G.goid", 8, 41);
	end(0);
	refused("tells that G.goid is beyond the end of its struct");
	items[0].optional = false;
}

/* The field, and the struct that it is in, are so. */
static void told_so(uint32_t size, uint64_t offset, uint32_t struct_size, const char *sentence)
{
	begin(1);
	tell(LAYOUT_STRUCT, "G", struct_size, 0);
	tell(LAYOUT_FIELD, "G.goid", size, offset);
	tell(LAYOUT_CONSTANT, "Gdead", 0, 5);
	tell(LAYOUT_VARIABLE, "allglen", 4, 0);
	end(0);
	refused(sentence);
}

static void test_sizes(void **state)
{
	(void)state;
	told_so(8, 41, 48, "tells that G.goid is beyond the end of its struct");
	told_so(8, 48, 48, "tells that G.goid is beyond the end of its struct");
	told_so(8, UINT64_MAX - 3, 48, "tells that G.goid is beyond the end of its struct");
	told_so(8, 0, 4, "tells that G.goid is beyond the end of its struct");
	told_so(16, 0, 48, "G.goid has 16 bytes");
	told_so(0, 0, 48, "G.goid has 0 bytes");
	told_so(3, 0, 48, "G.goid has 3 bytes");
	told_so(8, 0, 65, "G has 65 bytes");
	told_so(8, 0, UINT32_MAX, "G has 4294967295 bytes");
}

/* A variable that would be read as a number. */
static void test_odd_variable(void **state)
{
	(void)state;
	begin(1);
	tell(LAYOUT_STRUCT, "G", 48, 0);
	tell(LAYOUT_FIELD, "G.goid", 8, 40);
	tell(LAYOUT_CONSTANT, "Gdead", 0, 5);
	tell(LAYOUT_VARIABLE, "allglen", 5, 0);
	end(0);
	refused("allglen has 5 bytes");
}

static void test_machine(void **state)
{
	char err[SENTENCE_MAX] = "";
	(void)state;
	tell_all();
	end(0);
	assert_false(read_file(ELFCLASS32, ELFDATA2LSB, err, sizeof err));
	assert_non_null(strstr(err, "is not for a 64-bit little-endian machine"));
	*err = '\0';
	assert_false(read_file(ELFCLASS64, ELFDATA2MSB, err, sizeof err));
	assert_non_null(strstr(err, "is not for a 64-bit little-endian machine"));
}

int test_layout(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_not_so),
		cmocka_unit_test(test_optional),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_odd_variable),
		cmocka_unit_test(test_machine),
	};
	return cmocka_run_group_tests_name("layout", tests, NULL, NULL);
}
