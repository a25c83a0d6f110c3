/* SPDX-License-Identifier: MIT */
/*
 * The probes of a program: where they are and where their arguments are, out of its
 * .note.stapsdt section. Each is one nop; a note names provider, probe, address and arguments
 * like "-4@%eax 8@-24(%rbp) 8@$3", or, on arm64, "8@x0 4@[sp, 12] 4@3". Both spellings are
 * read on both machines.
 */
#ifndef IMAGE_SDT_H
#define IMAGE_SDT_H

#include "model/snapshot.h"
#include "program.h"

struct isa;

/*
 * value = constant, or register, or the word at [base + index * scale + disp], of `size`
 * bytes.
 */
struct probe_arg {
	enum { ARG_CONST, ARG_REG, ARG_MEM } kind;
	int size;
	bool is_signed;
	int base, index, scale; /* registers, or -1; base is ARG_REG's */
	int64_t disp;           /* or the constant */
};

struct probe {
	uint64_t pc;
	int event; /* line of event.def, from 0 */
	int nargs;
	struct probe_arg arg[SNAP_NARGS_MAX];
};

struct probes {
	struct probe *probe; /* in order of pc */
	size_t n;
};

/* Those of provider g0 that event.def knows. */
void probes_read(struct probes *p, const struct program *prog);
void probes_free(struct probes *p);
/* The probe whose nop is at pc; NULL: none. */
const struct probe *probe_at(const struct probes *p, uint64_t pc);

/* Parse one argument; returns what follows it, NULL if it makes no sense. */
const char *probe_arg_parse(const struct isa *isa, const char *text, struct probe_arg *out);
/* Its value. read fetches n bytes of memory; false where that fails. */
typedef bool probe_read_fn(void *ctx, uint64_t addr, void *to, size_t n);
bool probe_arg_value(const struct probe_arg *a, const uint64_t *regs, probe_read_fn *read,
	void *ctx, int64_t *value);

#endif
