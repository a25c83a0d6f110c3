/* SPDX-License-Identifier: MIT */
#include "look.h"

static const struct link_look looks[LINK_COUNT] = {
#define LINK(id, name, sound, role, line, head, mark, legend, sentence)                            \
	{ROLE_LINK_##role, LINE_##line, HEAD_##head, mark, legend},
#include "model/link.def"
#undef LINK
};

const struct link_look *link_look(enum link l)
{
	return &looks[l];
}

enum role verdict_role(enum verdict v)
{
	static const enum role roles[] = {
		[WORTH_GOOD] = ROLE_GOOD, [WORTH_BAD] = ROLE_BAD, [WORTH_UNSURE] = ROLE_UNSURE};
	return roles[verdict_worth(v)];
}
