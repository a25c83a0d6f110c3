/* SPDX-License-Identifier: MIT */
/*
 * What is known of the program's code, pc by pc: symbol, line, text of the instruction,
 * and how to unwind from it by the compiler's own unwind information (CFI); and of its functions
 * the variables. Filled by the live engine from ELF and DWARF, baked into recordings, so that
 * whoever reads a recording needs neither the program nor a disassembler.
 */
#ifndef MODEL_CODE_H
#define MODEL_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "variable.h"

enum cfi_kind { CFI_NONE, CFI_SAME, CFI_AT_CFA, CFI_REG, CFI_UNDEFINED, CFI_AT_BASE };

/*
 * One row of the unwind table. cfa = base + cfa_off, base being regs[cfa_reg], or the word there; a
 * saved value lies at cfa + off, at base + off, or in a register.
 */
struct cfi_rule {
	bool known;      /* false: no unwind information at this pc */
	uint8_t cfa_reg; /* index into arch_desc.regs */
	int32_t cfa_off;
	uint8_t ra, fp;         /* enum cfi_kind of the return address and of the frame pointer */
	int32_t ra_off, fp_off; /* AT_CFA, AT_BASE: offset from there; REG: register index */
	bool cfa_is_word;       /* the CFA is the word at base + cfa_off */
	bool signal; /* what it returns to has not called, but was interrupted at that pc */
	/*
	 * signal, where return addresses may be in a register: where that is, AT_BASE; 0: it is
	 * what it was
	 */
	int32_t lr_off;
};

struct code_line {
	uint64_t pc;
	uint32_t len;    /* bytes of the instruction; 0: not decoded */
	const char *sym; /* function; NULL: none */
	uint64_t sym_lo, sym_hi;
	const char *file; /* as compiled, e.g. "src/proc.c"; NULL: none */
	int line;
	const char *text; /* disassembly; "" if not decoded */
	bool library; /* neither the program's nor the runtime's: perhaps without frame pointers */
	bool is_call, is_ret;
	struct cfi_rule cfi;
};

/* Everything by pc. The pointers that lookups return live as long as the code does. */
struct code;

struct code *code_new(void);
/* Of the same program as another: they have the variables in common. */
struct code *code_new_beside(const struct code *other);
void code_free(struct code *c);
/* Add what is known of one pc; strings are copied. A pc added twice keeps the first. */
void code_add(struct code *c, const struct code_line *l);
/* Exactly this pc; NULL if nothing is known of it. */
const struct code_line *code_at(const struct code *c, uint64_t pc);
/* The same of what is here by now: nobody is asked for more. */
const struct code_line *code_known(const struct code *c, uint64_t pc);
/*
 * The line that holds a return address, that is pc - 1; of code that the kernel has signal handlers
 * return to, and nobody calls, pc's own.
 */
const struct code_line *code_ret(const struct code *c, uint64_t ret);
/*
 * The instruction before / after this one among those known, NULL at the ends: for the
 * disassembly pane.
 */
const struct code_line *code_prev(const struct code *c, uint64_t pc);
const struct code_line *code_next(const struct code *c, uint64_t pc);
/* In the order in which they were added, so that whoever has seen some sees what is new. */
size_t code_count(const struct code *c);
const struct code_line *code_nth(const struct code *c, size_t i);

/*
 * If code is missing at a pc, ask here first: the live engine's reader of ELF and DWARF.
 * NULL: nobody to ask.
 */
typedef bool code_supply_fn(void *ctx, uint64_t pc, struct code *into);
void code_set_supply(struct code *c, code_supply_fn *fn, void *ctx);

/* The variables of the functions that are here, and their types. */
struct variables *code_variables(const struct code *c);
/* Those that are seen from pc, as variables_at has them. Nobody is asked for more. */
size_t code_vars_at(const struct code *c, uint64_t pc, struct var_seen *seen, size_t max);

/* Source text by file name, for the source line at a pc; NULL if not held. line counts from 1. */
void code_add_source(struct code *c, const char *file, const char *text, size_t len);
/* Its text was read from that file; and whether any was, which is not to be written over then. */
void code_source_is(struct code *c, const char *file, const struct stat *st);
bool code_is_source(const struct code *c, const struct stat *st);
const char *code_source_line(const struct code *c, const char *file, int line, size_t *len);

/* What another knows of lines and files, as far as it is not known here. */
void code_add_all(struct code *to, const struct code *from);

/* The files whose source text is held, one by one. */
size_t code_source_count(const struct code *c);
const char *code_source_nth(const struct code *c, size_t i, const char **text, size_t *len);

/*
 * "gosched_m+0x21", "gosched_m" for offset 0 of an exact pc, or "0x…"; returns buf.
 * is_ret: look up pc - 1. A name that does not fit ends in "…"; buf has at least 32 bytes, or
 * CODE_SYMBOL_MORE more than the name.
 */
enum { CODE_SYMBOL_MORE = 24 };
char *code_symbolize(const struct code *c, uint64_t pc, bool is_ret, char *buf, size_t n);
/* The same of a line that was looked up; NULL: none. */
char *code_symbol(const struct code_line *l, uint64_t pc, bool is_ret, char *buf, size_t n);

#endif
