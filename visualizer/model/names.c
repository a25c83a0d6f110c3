/* SPDX-License-Identifier: MIT */
/* What links and verdicts are called, everywhere, and what they mean in a sentence. */
#include "walk.h"

struct name {
	const char *name, *sentence;
};

/* clang-format off */
static const struct name links[LINK_COUNT] = {
	[LINK_CALL] = { "call",
		"up the same stack, to the caller's record" },
	[LINK_TOP] = { "top",
		"0: the chain ends" },
	[LINK_SYSTEMSTACK] = { "systemstack",
		"from g0 to the G that this M still runs, by systemstack or a call of C: sound" },
	[LINK_OWN] = { "own",
		"to another stack that this M owns: sound as long as it does" },
	[LINK_IDLE] = { "idle",
		"into a G that nobody runs now: this M no longer owns that stack" },
	[LINK_FOREIGN] = { "foreign",
		"into a stack that another M is running on: the words there change at any time" },
	[LINK_FREED] = { "freed",
		"into a stack whose G has ended: it is free, or another G's by now" },
	[LINK_CYCLE] = { "cycle",
		"to a record that the walk has been at: it would never end" },
	[LINK_WILD] = { "wild",
		"to what is no frame record: unaligned, unreadable, downwards, or in no stack" },
};

static const struct name verdicts[VERDICT_COUNT] = {
	[VERDICT_VALID] = { "VALID",
		"every frame reported is a live frame of a stack that this M owns" },
	[VERDICT_STALE] = { "STALE",
		"it goes on into a G that this M has given up; "
		"the words there happen to be still those of the call" },
	[VERDICT_CHIMERA] = { "CHIMERA",
		"frames that never called each other, in one stack" },
	[VERDICT_MISLEADING] = { "MISLEADING",
		"real frames of this M's own stacks, which did not make this call" },
	[VERDICT_CYCLE] = { "CYCLE",
		"the chain leads back into itself: a walk without a limit would not end" },
	[VERDICT_WILD] = { "WILD",
		"the chain leads to what is no frame record" },
	[VERDICT_NOFP] = { "NOFP",
		"code without frame pointers, or none of the runtime's stacks: "
		"a walk means nothing there" },
};
/* clang-format on */

const char *link_name(enum link l)
{
	return links[l].name;
}

const char *link_sentence(enum link l)
{
	return links[l].sentence;
}

bool link_is_sound(enum link l)
{
	return l == LINK_CALL || l == LINK_TOP || l == LINK_SYSTEMSTACK || l == LINK_OWN;
}

const char *verdict_name(enum verdict v)
{
	return verdicts[v].name;
}

const char *verdict_sentence(enum verdict v)
{
	return verdicts[v].sentence;
}
