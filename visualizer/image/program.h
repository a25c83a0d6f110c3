/* SPDX-License-Identifier: MIT */
/*
 * The executable file: what its ELF headers and symbol tables say. Reads nothing of the
 * running process.
 */
#ifndef IMAGE_PROGRAM_H
#define IMAGE_PROGRAM_H

#include <gelf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A function, or whatever has a label in code: [lo, hi). */
struct symbol {
	uint64_t lo, hi;
	const char *name;
};

/* A stretch of code: [lo, hi). */
struct code_range {
	uint64_t lo, hi;
};

struct isa;

struct program {
	char *path;
	int fd;
	Elf *elf;
	const struct isa *isa;
	struct symbol *syms; /* in order of lo, at most one an address */
	size_t nsyms;
};

/*
 * What a file is built for: "amd64", "32-bit x86", or "another architecture"; NULL: it cannot be
 * read, or is no ELF file.
 */
const char *program_machine(const char *path);
/*
 * NULL, with a sentence in err, unless it is an executable, of an architecture that is known here,
 * that can be stepped at fixed addresses.
 */
struct program *program_open(const char *path, char *err, size_t nerr);
void program_close(struct program *p);

/* The function around pc; NULL: none. */
const struct symbol *program_symbol(const struct program *p, uint64_t pc);
/* Address of a variable or a function; 0: there is none of that name. */
uint64_t program_address(const struct program *p, const char *name);
/*
 * The bytes of the file that are loaded at addr, *n of them up to the end of their section;
 * NULL: none.
 */
const uint8_t *program_bytes(const struct program *p, uint64_t addr, size_t *n);
/* A number of what of the file is loaded: another build has another one. Never 0. */
uint64_t program_build(const struct program *p);
/* The section of that name; NULL: none. */
Elf_Scn *program_section(const struct program *p, const char *name, GElf_Shdr *shdr);
/* What the file has of a section, at least a byte; NULL: nothing, whatever size it says it has. */
Elf_Data *program_data(Elf_Scn *scn);

#endif
