/* SPDX-License-Identifier: MIT */
/*
 * The variables of functions: what they are called, of which type they are, and where they are at
 * which pc. Filled by the live engine from DWARF, function by function as their code comes to be
 * known (code.h), baked into recordings.
 *
 * What optimisation has done to a variable can be more than is said here; then that is what is
 * said: its place is not known. None is ever said to be where it is not.
 */
#ifndef MODEL_VARIABLE_H
#define MODEL_VARIABLE_H

#include "type.h"
#include "type_words.h"

enum var_how {
	VAR_GONE,        /* it is nowhere: optimised out */
	VAR_UNKNOWN,     /* the compiler says where, in a way that is not known here */
	VAR_IN_REGISTER, /* in reg */
	VAR_IN_MEMORY,   /* at base + n */
	VAR_IS,          /* base + n is its value, which is nowhere: a constant, without a base */
	VAR_HOWS
};

enum var_base {
	VAR_FROM_NOTHING,
	VAR_FROM_CFA,      /* the canonical frame address: SP before the call (true_frame.cfa) */
	VAR_FROM_REGISTER, /* what reg is */
	VAR_FROM_ENTRY,    /* what reg was when the function was entered */
	VAR_BASES
};

/* Where a variable is while pc is in [lo, hi). */
struct var_place {
	uint64_t lo, hi;
	enum var_how how;
	enum var_base base;
	int reg; /* index into arch_desc.regs */
	int64_t n;
};

/* From lo on up to hi. */
struct var_range {
	uint64_t lo, hi;
};

/* A function's body, a block in it, or the body of another function that stands in it, inlined. */
struct var_scope {
	int around; /* index of the scope that this one is in, less than its own; -1: none */
	int depth;  /* how many it is in: var_function_is_sound counts them */
	const char *function; /* whose body it is; NULL: a block */
	int nranges;
	struct var_range *ranges; /* its code */
};

struct variable {
	const char *name;
	int type;  /* number, in the table that types are in */
	int scope; /* index into the function's scopes */
	bool is_argument;
	int nplaces; /* none that holds at a pc: it is optimised out there */
	struct var_place *places;
};

/* A function and all that are inlined in it; the first scope is its own. */
struct var_function {
	int nscopes, nvariables;
	struct var_scope *scopes;
	struct variable *variables; /* in the order of the source */
};

struct variables;

struct variables *variables_new(void);
/* The same once more, to be freed as well. */
struct variables *variables_keep(struct variables *vs);
void variables_free(struct variables *vs);
struct types *variables_types(const struct variables *vs);
/*
 * What stands in f, which must be sound (var_function_is_sound); strings are copied, and the arrays
 * are the table's from now on.
 */
void variables_add(struct variables *vs, struct var_function *f);
/* Whether every index leads to somewhere, no scope into itself, and none is in too many. */
enum { VAR_DEPTH_MAX = 64 };
bool var_function_is_sound(struct var_function *f);
void var_function_free(struct var_function *f);
/* In the order in which they were added; NULL: there is no i-th. */
size_t variables_count(const struct variables *vs);
const struct var_function *variables_nth(const struct variables *vs, size_t i);
/* The one whose code pc is in, by that number; -1: none that is known. */
ptrdiff_t variables_find(const struct variables *vs, uint64_t pc);

/* A variable that is seen from a pc. */
struct var_seen {
	const struct variable *var;
	const char *function; /* it is one of this function's, which may be inlined */
	int depth;            /* of its scope; one of the same name that is deeper hides it */
};

/*
 * Those that are seen from pc: of the innermost scope first, and of each in the order of the
 * source. Of the code that a return address leads to, pass that less 1. Returns how many there are,
 * of which the first max are in seen.
 */
size_t variables_at(const struct variables *vs, uint64_t pc, struct var_seen *seen, size_t max);

/* What is known of a frame: of one that has called, of the caller's registers some. */
struct var_frame {
	uint64_t pc; /* as of variables_at */
	const uint64_t *regs;
	uint64_t known;        /* a bit for each that is known, as it is in this frame */
	const uint64_t *entry; /* all of them, when its function was entered; NULL: not known */
	bool has_cfa;
	uint64_t cfa;
};

enum var_found { VAR_AT_NOWHERE, VAR_AT_UNKNOWN, VAR_AT_ADDRESS, VAR_AT_REGISTER, VAR_AS_VALUE };

struct var_location {
	enum var_found found;
	int reg;    /* AT_REGISTER */
	uint64_t n; /* the address; what the register holds; the value */
};

/* The place of a variable at a pc; never NULL. */
const struct var_place *var_place(const struct variable *var, uint64_t pc);
/* Where a variable of a frame is. */
struct var_location var_locate(const struct variable *var, const struct var_frame *f);
/*
 * And what it is, in words, as type_format has them, of a value with its memory and the rest set;
 * "<optimized out>" as gdb says, "<unknown>", or what is there.
 */
char *var_format(const struct types *ts, const struct variable *var, const struct var_frame *f,
	struct value v, char *buf, size_t n);

#endif
