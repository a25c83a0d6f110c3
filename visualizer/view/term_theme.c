/* SPDX-License-Identifier: MIT */
#include "term_theme.h"

#include <stdlib.h>

/* Their dark blue is left out: on black nobody can read it. The eight are as ANSI counts them. */
const struct term_hue term_hues[HUE_COUNT] = {
	[HUE_OWN] = {-1, -1, -1},
	[HUE_GREY] = {0x8a8a8a, 245, -1},
	[HUE_ORANGE] = {0xe69f00, 178, 3},
	[HUE_SKY] = {0x56b4e9, 74, 6},
	[HUE_GREEN] = {0x009e73, 36, 2},
	[HUE_YELLOW] = {0xf0e442, 221, 3},
	[HUE_VERMILLION] = {0xd55e00, 166, 1},
	[HUE_PURPLE] = {0xcc79a7, 175, 5},
};

/* In the window's order. Vermillion is kept for what is wrong. */
static const enum hue m_hues[] = {HUE_SKY, HUE_ORANGE, HUE_GREEN, HUE_PURPLE, HUE_YELLOW, HUE_GREY};
enum { N_M_HUES = sizeof m_hues / sizeof *m_hues };

/* attrs go with the hue; mono is what stands for both where there is no colour. */
static const struct {
	enum hue hue;
	int attrs, mono;
} looks[ROLE_COUNT] = {
	[ROLE_TEXT] = {HUE_OWN, 0, 0},
	[ROLE_DIM] = {HUE_GREY, 0, 0},
	[ROLE_TITLE] = {HUE_OWN, TERM_BOLD, TERM_BOLD},
	[ROLE_FRAME] = {HUE_GREY, 0, 0},
	[ROLE_NARRATION] = {HUE_OWN, 0, 0},
	[ROLE_KEY] = {HUE_OWN, TERM_BOLD, TERM_BOLD},
	[ROLE_ERROR] = {HUE_VERMILLION, TERM_BOLD, TERM_REVERSE},
	[ROLE_OWNER] = {HUE_OWN, 0, 0},
	[ROLE_SP] = {HUE_OWN, TERM_BOLD, TERM_BOLD},
	[ROLE_FP] = {HUE_OWN, TERM_BOLD, TERM_BOLD},
	[ROLE_WRITTEN] = {HUE_YELLOW, TERM_BOLD, TERM_UNDERLINE},
	[ROLE_STEP] = {HUE_YELLOW, TERM_BOLD, TERM_UNDERLINE},
	[ROLE_PC] = {HUE_OWN, TERM_BOLD, TERM_BOLD},
	[ROLE_LINK_SOUND] = {HUE_GREEN, 0, 0},
	[ROLE_LINK_OWN] = {HUE_SKY, 0, 0},
	[ROLE_LINK_IDLE] = {HUE_ORANGE, 0, TERM_BOLD},
	[ROLE_LINK_BAD] = {HUE_VERMILLION, TERM_BOLD, TERM_REVERSE},
	[ROLE_LINK_TOP] = {HUE_GREY, 0, 0},
	[ROLE_GOOD] = {HUE_GREEN, TERM_BOLD, TERM_BOLD},
	[ROLE_BAD] = {HUE_VERMILLION, TERM_BOLD, TERM_REVERSE | TERM_BOLD},
	[ROLE_UNSURE] = {HUE_ORANGE, TERM_BOLD, TERM_UNDERLINE},
};

bool term_color_wanted(enum color_when color)
{
	const char *no = getenv("NO_COLOR");

	return color == COLOR_ALWAYS || (color == COLOR_AUTO && !(no && *no));
}

/* Beyond the Ms that have a hue of their own, the hues come again in bold. */
static enum hue hue_of_m(int m, int *attrs)
{
	if (m < 0)
		return HUE_GREY;
	if (m >= N_M_HUES)
		*attrs |= TERM_BOLD;
	return m_hues[m % N_M_HUES];
}

struct term_style term_style(const struct cell *c, bool colored)
{
	int role = c->role < ROLE_COUNT ? c->role : ROLE_TEXT;
	struct term_style s = {looks[role].hue, colored ? looks[role].attrs : looks[role].mono};

	if (role == ROLE_OWNER)
		s.hue = hue_of_m(c->owner, &s.attrs);
	if (c->bold)
		s.attrs |= TERM_BOLD;
	if (c->reverse)
		s.attrs |= TERM_REVERSE;
	if (!colored)
		s.hue = HUE_OWN;
	return s;
}
