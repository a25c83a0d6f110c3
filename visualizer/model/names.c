/* SPDX-License-Identifier: MIT */
/* What links and verdicts are called, everywhere, and what they mean in a sentence. */
#include "walk.h"

static const struct {
	const char *name, *sentence;
	bool sound;
} links[LINK_COUNT] = {
#define LINK(id, name, sound, role, line, head, mark, legend, sentence) {name, sentence, sound},
#include "link.def"
#undef LINK
};

static const struct {
	const char *name, *sentence;
	enum worth worth;
} verdicts[VERDICT_COUNT] = {
#define VERDICT(name, worth, sentence) {#name, sentence, WORTH_##worth},
#include "verdict.def"
#undef VERDICT
};

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
	return links[l].sound;
}

const char *verdict_name(enum verdict v)
{
	return verdicts[v].name;
}

const char *verdict_sentence(enum verdict v)
{
	return verdicts[v].sentence;
}

enum worth verdict_worth(enum verdict v)
{
	return verdicts[v].worth;
}
