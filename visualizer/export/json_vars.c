/* SPDX-License-Identifier: MIT */
/* dump --json --vars: the variables of an M's frames. */
#include "json_vars.h"

#include <stdlib.h>

#include "model/frame_vars.h"
#include "model/xalloc.h"

/* Words of a value or a type are cut there; structs are told so deep in each other. */
enum { WORDS_MAX = 4096, DEPTH = 4 };

static void put_variable(struct jsonw *j, const struct frame_at *at, const struct var_seen *seen)
{
	char words[WORDS_MAX];
	const struct variable *var = seen->var;
	struct var_location place = frame_var_place(at, var);

	json_open(j, '{');
	json_key(j, "name");
	json_str(j, var->name);
	json_key(j, "of");
	json_str(j, seen->function);
	json_key(j, "type");
	json_str(j, type_name(variables_types(code_variables(at->code)), var->type, words,
			    sizeof words));
	json_key(j, "argument");
	json_bool(j, var->is_argument);
	if (place.found == VAR_AT_ADDRESS) {
		json_key(j, "addr");
		json_hex(j, place.n);
	} else if (place.found == VAR_AT_REGISTER) {
		json_key(j, "reg");
		json_str(j, at->s->arch->regs[place.reg]);
	}
	json_key(j, "value");
	json_str(j, frame_var_words(at, var, DEPTH, words, sizeof words));
	json_close(j, '}');
}

void json_put_vars(struct jsonw *j, const struct moment *at, const struct m_state *m,
	const struct truth *truth)
{
	json_key(j, "vars");
	json_open(j, '[');
	for (int i = 0; i < truth->n; i++) {
		struct frame_at frame = {at->now, moment_code(at), m, truth, i};
		size_t n = frame_vars(&frame, NULL, 0);
		struct var_seen *seen = xcalloc(n, sizeof *seen);
		frame_vars(&frame, seen, n);
		json_open(j, '[');
		for (size_t k = 0; k < n; k++)
			put_variable(j, &frame, &seen[k]);
		json_close(j, ']');
		free(seen);
	}
	json_close(j, ']');
}
