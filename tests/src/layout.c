/* SPDX-License-Identifier: MIT */
/* The note that tells where things are (src/layout.c): as the compiler has them here. */
#include <elf.h>
#include <string.h>
#include <sys/auxv.h>

#include "chan.h"
#include "timerheap.h"
#include "test.h"

/* What is left of the note, once it has been found. */
static const uint8_t *at, *end;

static size_t up(size_t n)
{
	return (n + 3) & ~(size_t)3;
}

/* Look for it among n bytes of notes. */
static void find_among(const uint8_t *notes, size_t n)
{
	for (size_t i = 0; i + sizeof(Elf64_Nhdr) <= n && at == NULL;) {
		const Elf64_Nhdr *note = (const Elf64_Nhdr *)(notes + i);
		const uint8_t *name = notes + i + sizeof *note;

		if (note->n_namesz == sizeof "g0" && memcmp(name, "g0", sizeof "g0") == 0) {
			CHECK(note->n_type == 3);
			at = name + up(note->n_namesz);
			end = at + note->n_descsz;
		}
		i += sizeof *note + up(note->n_namesz) + up(note->n_descsz);
	}
}

/* Where it is loaded: it is no part of the file alone. */
static void find(void)
{
	const Elf64_Phdr *p = (const Elf64_Phdr *)getauxval(AT_PHDR);

	for (unsigned long i = 0; i < getauxval(AT_PHNUM); i++)
		if (p[i].p_type == PT_NOTE && p[i].p_align == 4)
			find_among((const uint8_t *)p[i].p_vaddr, p[i].p_memsz);
	CHECK(at != NULL);
}

static uint64_t take(size_t n)
{
	uint64_t value = 0;

	CHECK(n <= (size_t)(end - at));
	memcpy(&value, at, n);
	at += n;
	return value;
}

static bool next_is(uint32_t kind, const char *name, size_t size, uint64_t value)
{
	bool same = take(4) == kind && take(4) == size;
	uintptr_t here = (uintptr_t)at;
	uint64_t told = take(8);

	same = same && told == (kind == 4 ? value - here : value);
	CHECK(strlen(name) < (size_t)(end - at));
	same = same && strcmp((const char *)at, name) == 0;
	at += up(strlen(name) + 1);
	return same;
}

static void the_note_is_right(void)
{
	find();
	CHECK(take(4) == 1);
#define STRUCT(s) CHECK(next_is(1, #s, sizeof(struct s), 0));
#define FIELD(s, f)                                                                                \
	CHECK(next_is(2, #s "." #f, sizeof(((struct s *)NULL)->f), offsetof(struct s, f)));
#define CONSTANT(c) CHECK(next_is(3, #c, 0, c));
#define VARIABLE(v) CHECK(next_is(4, #v, sizeof v, (uintptr_t)&v));
#include "layout.def"
	CHECK(at == end);
}

const struct test layout_tests[] = {
	{"layout: the note says where things are", the_note_is_right, true, "1"},
	{0},
};
