/* SPDX-License-Identifier: MIT */
/*
 * What is known of a program's variables, as lines that tests/variables.py holds against what gdb
 * says.
 *
 *   tell PROGRAM seen PC...      each variable that is seen from there, and where it is
 *   tell PROGRAM types PC...     their types, and all that these lead to
 *   tell PROGRAM values          each variable of frames that stand on the standard input, with its
 *                                value; a frame: "pc CFA", "register value" for each known, "end";
 *                                before them "memory FILE addr" for what can be read
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image/functions.h"
#include "image/isa.h"
#include "image/program.h"
#include "image/variables.h"
#include "model/addrmap.h"
#include "model/snapshot.h"
#include "model/xalloc.h"

enum { SEEN_MAX = 256, WORDS_MAX = 1 << 16, MEMORIES_MAX = 8 };

static struct program *program;
static const struct arch_desc *arch;
static struct variables *variables;
static struct var_reader *reader;

static void open_all(const char *path)
{
	char err[1024];
	program = program_open(path, err, sizeof err);
	if (!program) {
		puts(err);
		exit(1);
	}
	arch = arch_by_name(program->isa->name);
	variables = variables_new();
	reader = var_reader_new(functions_new(dwarf_begin_elf(program->elf, DWARF_C_READ, NULL)),
		program->isa, variables);
}

static size_t seen_from(uint64_t pc, struct var_seen *seen)
{
	var_reader_tell(reader, pc);
	size_t n = variables_at(variables, pc, seen, SEEN_MAX);
	return n < SEEN_MAX ? n : SEEN_MAX;
}

/* ---- places ---- */

static void print_base(const struct var_place *p)
{
	switch (p->base) {
	case VAR_FROM_CFA: printf(" cfa"); break;
	case VAR_FROM_REGISTER: printf(" %s", arch->regs[p->reg]); break;
	case VAR_FROM_ENTRY: printf(" entry %s", arch->regs[p->reg]); break;
	default: break;
	}
	printf(" %" PRId64, p->n);
}

static void print_place(const struct var_place *p)
{
	switch (p->how) {
	case VAR_GONE: printf("gone"); break;
	case VAR_IN_REGISTER: printf("register %s", arch->regs[p->reg]); break;
	case VAR_IN_MEMORY: printf("memory"), print_base(p); break;
	case VAR_IS: printf("value"), print_base(p); break;
	default: printf("unknown");
	}
}

static void tell_seen(uint64_t pc)
{
	struct var_seen seen[SEEN_MAX];
	size_t n = seen_from(pc, seen);
	for (size_t i = 0; i < n; i++) {
		printf("%" PRIx64 "\t%s\t%s\t%d\t", pc, seen[i].var->name, seen[i].function,
			seen[i].depth);
		print_place(var_place(seen[i].var, pc));
		puts("");
	}
}

/* ---- types ---- */

static void tell_type(int number, struct addrmap *told)
{
	static char name[WORDS_MAX];
	struct types *ts = variables_types(variables);
	const struct var_type *t = types_at(ts, number);
	if (addrmap_get(told, (uint64_t)number))
		return;
	addrmap_put(told, (uint64_t)number, 1);
	printf("type\t%s\t%" PRIu64, type_name(ts, number, name, sizeof name),
		types_size(ts, number));
	for (int i = 0; i < t->nmembers && t->kind != TYPE_FUNCTION; i++) {
		const struct type_member *m = &t->members[i];
		printf("\t%s %" PRIu64 " %d %s", m->name ? m->name : "", 8 * m->at + m->bit,
			m->bits, type_name(ts, m->type, name, sizeof name));
	}
	for (int i = 0; i < t->nenumerators; i++)
		printf("\t%s=%" PRId64, t->enumerators[i].name, t->enumerators[i].value);
	puts("");
	for (number = t->of; t->kind > TYPE_TYPEDEF && types_at(ts, number)->kind > TYPE_TYPEDEF;)
		number = types_at(ts, number)->of;
	if (t->kind == TYPE_POINTER || t->kind == TYPE_ARRAY || t->kind >= TYPE_FUNCTION)
		tell_type(number, told);
	for (int i = 0; i < t->nmembers; i++)
		tell_type(t->members[i].type, told);
}

static void tell_types(uint64_t pc, struct addrmap *told)
{
	struct var_seen seen[SEEN_MAX];
	size_t n = seen_from(pc, seen);
	for (size_t i = 0; i < n; i++)
		tell_type(seen[i].var->type, told);
}

/* ---- values ---- */

static struct memory {
	uint8_t *bytes;
	uint64_t addr;
	size_t n;
} memories[MEMORIES_MAX];
static size_t nmemories;

static void read_file(const char *path, uint64_t addr)
{
	FILE *f = fopen(path, "rb");
	if (!f || nmemories == MEMORIES_MAX)
		exit(1);
	struct memory *m = &memories[nmemories++];
	fseek(f, 0, SEEK_END);
	*m = (struct memory){xmalloc((size_t)ftell(f)), addr, (size_t)ftell(f)};
	rewind(f);
	if (fread(m->bytes, 1, m->n, f) != m->n)
		exit(1);
	fclose(f);
}

static bool read_memory(void *ctx, uint64_t addr, void *to, size_t n)
{
	(void)ctx;
	for (size_t i = 0; i < nmemories; i++) {
		const struct memory *m = &memories[i];
		if (addr >= m->addr && addr - m->addr <= m->n && n <= m->n - (addr - m->addr)) {
			memcpy(to, m->bytes + (addr - m->addr), n);
			return true;
		}
	}
	size_t there;
	const uint8_t *bytes = program_bytes(program, addr, &there);
	if (bytes && n <= there)
		memcpy(to, bytes, n);
	return bytes && n <= there;
}

static bool function_at(void *ctx, uint64_t addr, char *name, size_t n)
{
	(void)ctx;
	const struct symbol *s = program_symbol(program, addr);
	if (!s)
		return false;
	if (addr == s->lo)
		snprintf(name, n, "%s", s->name);
	else
		snprintf(name, n, "%s+%" PRIu64, s->name, addr - s->lo);
	return true;
}

static void tell_values(const struct var_frame *f)
{
	static char words[WORDS_MAX];
	struct var_seen seen[SEEN_MAX];
	size_t n = seen_from(f->pc, seen);
	struct value v = {.read = read_memory, .function = function_at, .depth = 20};
	printf("frame\n");
	for (size_t i = 0; i < n; i++)
		printf("%s\t%s = %s\n", seen[i].function, seen[i].var->name,
			var_format(variables_types(variables), seen[i].var, f, v, words,
				sizeof words));
}

static void read_frames(void)
{
	char word[4096];
	uint64_t regs[SNAP_NREGS_MAX] = {0}, value;
	struct var_frame f = {.regs = regs};
	while (scanf("%4095s", word) == 1) {
		if (strcmp(word, "end") == 0) {
			tell_values(&f);
			f = (struct var_frame){.regs = regs};
		} else if (strcmp(word, "pc") == 0) {
			if (scanf("%" SCNx64 " %" SCNx64, &f.pc, &f.cfa) != 2)
				exit(1);
			f.has_cfa = true;
		} else if (strcmp(word, "memory") == 0) {
			if (scanf("%4095s %" SCNx64, word, &value) != 2)
				exit(1);
			read_file(word, value);
		} else if (scanf("%" SCNx64, &value) == 1) {
			for (int r = 0; r < arch->nregs; r++)
				if (strcmp(word, arch->regs[r]) == 0) {
					regs[r] = value;
					f.known |= UINT64_C(1) << r;
				}
		}
	}
}

int main(int argc, char **argv)
{
	struct addrmap told = {0};
	if (argc < 3)
		return 2;
	open_all(argv[1]);
	if (strcmp(argv[2], "values") == 0)
		read_frames();
	for (int i = 3; i < argc; i++) {
		uint64_t pc = strtoull(argv[i], NULL, 16);
		if (strcmp(argv[2], "types") == 0)
			tell_types(pc, &told);
		else
			tell_seen(pc);
	}
	return 0;
}
