/* SPDX-License-Identifier: MIT */
/*
 * Static programs at fixed addresses alone. All numbers come out of a file that anybody may have
 * made: each is looked at before it is used.
 */
#include "load.h"

#include <assert.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cpu.h"
#include "isa.h"
#include "model/say.h"

enum { IMAGE_MAX = 256 << 20, HEAP_ROOM = 64 << 20, STACK_SIZE = 8 << 20 };
/* For as many threads as there can be, with stacks as libc has them. */
static const uint64_t ARENA_SIZE = 4ull << 30;

/* ---- the file ---- */

bool load_open(struct image_file *f, const char *path, char *err, size_t nerr)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) != 0) {
		say(err, nerr, "it cannot be opened: %s", strerror(errno));
		if (fd >= 0)
			close(fd);
		return false;
	}
	f->n = S_ISREG(st.st_mode) ? (size_t)st.st_size : 0;
	void *p = f->n ? mmap(NULL, f->n, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
	close(fd);
	if (p == MAP_FAILED) {
		say(err, nerr, "it is no file that can be executed");
		return false;
	}
	f->bytes = p;
	return true;
}

void load_close(struct image_file *f)
{
	munmap((void *)f->bytes, f->n);
}

static const Elf64_Ehdr *header(const struct image_file *f)
{
	const Elf64_Ehdr *h = (const Elf64_Ehdr *)f->bytes;
	if (f->n < sizeof *h || memcmp(h->e_ident, ELFMAG, SELFMAG) != 0 ||
		h->e_ident[EI_CLASS] != ELFCLASS64 || h->e_ident[EI_DATA] != ELFDATA2LSB)
		return NULL;
	return h;
}

/* The i-th segment; NULL: there is none, or it is not in the file. */
static const Elf64_Phdr *segment(const struct image_file *f, int i)
{
	const Elf64_Ehdr *h = header(f);
	uint64_t at = h->e_phoff + (uint64_t)i * sizeof(Elf64_Phdr);
	if (i >= h->e_phnum || h->e_phentsize != sizeof(Elf64_Phdr) || h->e_phoff > f->n ||
		h->e_phoff % sizeof(uint64_t) || at + sizeof(Elf64_Phdr) > f->n)
		return NULL;
	return (const Elf64_Phdr *)(f->bytes + at);
}

const struct guest_isa *load_isa(const struct image_file *f, char *err, size_t nerr)
{
	const Elf64_Ehdr *h = header(f);
	const Elf64_Phdr *s;
	if (!h || h->e_type != ET_EXEC) {
		say(err, nerr,
			"it is no 64-bit program at fixed addresses: link it -static -no-pie");
		return NULL;
	}
	for (int i = 0; (s = segment(f, i)); i++)
		if (s->p_type == PT_INTERP) {
			say(err, nerr,
				"it needs shared libraries, which are not here: link it -static");
			return NULL;
		}
	if (h->e_machine == isa_amd64.elf_machine)
		return &isa_amd64;
	if (h->e_machine == isa_arm64.elf_machine)
		return &isa_arm64;
	say(err, nerr, "it is built for another architecture than amd64 or arm64");
	return NULL;
}

/* ---- segments ---- */

static uint64_t page_up(uint64_t addr)
{
	return (addr + GUEST_PAGE - 1) / GUEST_PAGE * GUEST_PAGE;
}

static uint64_t page_down(uint64_t addr)
{
	return addr / GUEST_PAGE * GUEST_PAGE;
}

/* Where the image lies, whole pages; false: nowhere that it can. */
static bool bounds(const struct image_file *f, uint64_t top, uint64_t *lo, uint64_t *hi)
{
	const Elf64_Phdr *s;
	*lo = UINT64_MAX, *hi = 0;
	for (int i = 0; (s = segment(f, i)); i++) {
		if (s->p_type != PT_LOAD)
			continue;
		if (s->p_memsz > IMAGE_MAX || s->p_filesz > s->p_memsz || s->p_offset > f->n ||
			s->p_filesz > f->n - s->p_offset || s->p_vaddr > top - IMAGE_MAX)
			return false;
		if (page_down(s->p_vaddr) < *lo)
			*lo = page_down(s->p_vaddr);
		if (page_up(s->p_vaddr + s->p_memsz) > *hi)
			*hi = page_up(s->p_vaddr + s->p_memsz);
	}
	return *lo < *hi && *lo >= SPACE_LOWEST && *hi - *lo <= IMAGE_MAX;
}

static uint8_t use_of(const Elf64_Phdr *s)
{
	return (uint8_t)((s->p_flags & PF_R ? PAGE_READ : 0) |
			 (s->p_flags & PF_W ? PAGE_WRITE : 0) |
			 (s->p_flags & PF_X ? PAGE_EXEC : 0));
}

static void put_segment(struct guest *g, const struct image_file *f, const Elf64_Phdr *s)
{
	uint64_t lo = page_down(s->p_vaddr), size = page_up(s->p_vaddr + s->p_memsz) - lo;
	space_map(&g->space, lo, size, use_of(s));
	space_write(&g->space, s->p_vaddr, f->bytes + s->p_offset, s->p_filesz);
}

bool load_segments(struct guest *g, const struct image_file *f, char *err, size_t nerr)
{
	uint64_t lo, hi;
	const Elf64_Phdr *s;
	if (!bounds(f, g->isa->arena_top, &lo, &hi)) {
		say(err, nerr, "its file is damaged: its segments cannot be loaded");
		return false;
	}
	g->heap = space_add(&g->space, lo, hi - lo + HEAP_ROOM);
	g->arena = space_add(&g->space, g->isa->arena_top - ARENA_SIZE, ARENA_SIZE);
	if (!g->heap || !g->arena) {
		say(err, nerr, "there is no memory for it");
		return false;
	}
	for (int i = 0; (s = segment(f, i)); i++)
		if (s->p_type == PT_LOAD)
			put_segment(g, f, s);
	g->heap_lo = g->heap_end = hi;
	g->below = g->arena->lo;
	return true;
}

/* ---- the first stack ---- */

/* It grows down, as all stacks do. */
struct first_stack {
	struct guest *g;
	uint64_t sp;
	bool full;
};

static void push(struct first_stack *st, const void *bytes, size_t n)
{
	st->sp -= n;
	st->full |= !cpu_write(st->g, st->sp, bytes, n);
}

static void push_word(struct first_stack *st, uint64_t word)
{
	push(st, &word, sizeof word);
}

static uint64_t push_string(struct first_stack *st, const char *s)
{
	push(st, s, strlen(s) + 1);
	return st->sp;
}

static size_t length(char *const *list)
{
	size_t n = 0;
	while (list[n])
		n++;
	return n;
}

/* Strings lie in the order of their names, at rising addresses: so the last is pushed first. */
enum { STRINGS_MAX = 4096 };
static size_t push_strings(struct first_stack *st, char *const *list, uint64_t *at)
{
	size_t n = length(list);
	st->full |= n > STRINGS_MAX;
	n = n < STRINGS_MAX ? n : STRINGS_MAX;
	for (size_t i = n; i-- > 0;)
		at[i] = push_string(st, list[i]);
	return n;
}

static void push_pointers(struct first_stack *st, const uint64_t *at, size_t n)
{
	push_word(st, 0);
	for (size_t i = n; i-- > 0;)
		push_word(st, at[i]);
}

/* Where the program headers lie in memory; 0: nowhere. */
static uint64_t headers_at(const struct image_file *f)
{
	const Elf64_Ehdr *h = header(f);
	const Elf64_Phdr *s;
	for (int i = 0; (s = segment(f, i)); i++)
		if (s->p_type == PT_LOAD && h->e_phoff - s->p_offset < s->p_filesz)
			return s->p_vaddr + (h->e_phoff - s->p_offset);
	return 0;
}

/*
 * What the kernel tells of itself, as pairs; the last pair is pushed first. As many as Linux has,
 * so that all that lies below has the same addresses.
 */
enum { NAUXV_MAX = 23 };
static void push_auxv(struct first_stack *st, const struct image_file *f, uint64_t random,
	uint64_t platform, uint64_t name)
{
	const Elf64_Ehdr *h = header(f);
	const struct guest_isa *isa = st->g->isa;
	const uint64_t auxv[NAUXV_MAX][2] = {
		{isa->least_signal_stack ? AT_MINSIGSTKSZ : AT_IGNORE, isa->least_signal_stack},
		{AT_HWCAP, isa->hwcap}, {AT_PAGESZ, GUEST_PAGE}, {AT_CLKTCK, 100},
		{AT_PHDR, headers_at(f)}, {AT_PHENT, h->e_phentsize}, {AT_PHNUM, h->e_phnum},
		{AT_BASE, 0}, {AT_FLAGS, 0}, {AT_ENTRY, h->e_entry}, {AT_UID, 0}, {AT_EUID, 0},
		{AT_GID, 0}, {AT_EGID, 0}, {AT_SECURE, 0}, {AT_RANDOM, random}, {AT_IGNORE, 0},
		{AT_EXECFN, name}, {AT_PLATFORM, platform}, {AT_IGNORE, 0}, {AT_IGNORE, 0},
		{AT_IGNORE, 0}, {AT_IGNORE, 0}};
	assert(isa->nauxv <= NAUXV_MAX);
	push_word(st, 0);
	push_word(st, AT_NULL);
	for (size_t i = isa->nauxv - 1; i-- > 0;) {
		push_word(st, auxv[i][1]);
		push_word(st, auxv[i][0]);
	}
}

bool load_stack(struct guest *g, const struct image_file *f, const char *path, char *const *argv,
	char *const *envp, char *err, size_t nerr)
{
	static uint64_t args[STRINGS_MAX], env[STRINGS_MAX];
	struct first_stack st = {g, g->isa->stack_top, false};
	uint64_t lo = st.sp - STACK_SIZE;
	if (!space_add(&g->space, lo, STACK_SIZE) ||
		!space_map(&g->space, lo, STACK_SIZE, PAGE_READ | PAGE_WRITE)) {
		say(err, nerr, "there is no memory for its stack");
		return false;
	}
	push_word(&st, 0);
	uint64_t name = push_string(&st, path);
	size_t nenv = push_strings(&st, envp, env), nargs = push_strings(&st, argv, args);
	st.sp -= st.sp % 16;
	uint64_t platform = push_string(&st, g->isa->platform);
	/* What libc makes its secrets of; g0scope gives a real program the same. */
	push(&st, "sixteen, always.", 16);
	uint64_t random_at = st.sp;
	/* So that SP is a multiple of 16 in the end, below all words that are still to come. */
	uint64_t words = 2 * g->isa->nauxv + nargs + 1 + nenv + 1 + 1;
	st.sp = (st.sp - words * 8) / 16 * 16 + words * 8;
	push_auxv(&st, f, random_at, platform, name);
	push_pointers(&st, env, nenv);
	push_pointers(&st, args, nargs);
	push_word(&st, nargs);
	if (st.full) {
		say(err, nerr, "its arguments and environment are too long");
		return false;
	}
	cpu_set(g, g->isa->sp, st.sp);
	cpu_set(g, g->isa->pc, header(f)->e_entry);
	return true;
}
