/* SPDX-License-Identifier: MIT */
#include "place.h"

#include <stdlib.h>
#include <string.h>

#include "image/program.h"
#include "model/say.h"
#include "model/xalloc.h"
#include "words.h"

static const struct symbol *find(const struct program *p, const char *function)
{
	for (size_t i = 0; i < p->nsyms; i++)
		if (strcmp(p->syms[i].name, function) == 0)
			return &p->syms[i];
	return NULL;
}

static void say_none(const struct program *p, const char *function, char *err, size_t nerr)
{
	const char **all = xcalloc(p->nsyms + 1, sizeof *all);
	for (size_t i = 0; i < p->nsyms; i++)
		all[i] = p->syms[i].name;
	const char *near = name_near((struct span){function, strlen(function)}, all);
	free(all);
	say(err, nerr, "there is no function `%s` in the program%s%s%s", function,
		near ? "; did you mean `" : "", near ? near : "", near ? "`?" : "");
}

bool place_is_there(
	const char *program, const char *function, int64_t offset, char *err, size_t nerr)
{
	char why[SENTENCE_MAX];
	struct program *p = program_open(program, why, sizeof why);
	const struct symbol *at = p ? find(p, function) : NULL;
	bool there = !p || (at && (uint64_t)offset < at->hi - at->lo);
	if (p && !at)
		say_none(p, function, err, nerr);
	else if (!there)
		say(err, nerr, "`%s` ends after 0x%llx bytes", function,
			(unsigned long long)(at->hi - at->lo));
	program_close(p);
	return there;
}
