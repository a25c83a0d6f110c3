/* SPDX-License-Identifier: MIT */
/*
 * How a role looks on this terminal: the colours of Okabe and Ito, which nearly everybody
 * can tell apart, on the terminal's own background; the nearest of its 256 or 8 where it
 * has no others; bold, reverse and underline alone where it has none or none are wanted.
 * Colour never says more than the text does.
 */
#include <stdlib.h>
#include <term.h>

#include "tui.h"

enum hue {
	HUE_OWN, /* the terminal's own text colour: pair 0 */
	HUE_GREY,
	HUE_ORANGE,
	HUE_SKY,
	HUE_GREEN,
	HUE_YELLOW,
	HUE_VERMILLION,
	HUE_PURPLE,
	HUE_COUNT
};

/*
 * A hue is also the number of its colour pair. Their dark blue is left out: on black
 * nobody can read it.
 */
static const struct {
	int rgb;
	short of_256, of_8;
} hues[HUE_COUNT] = {
	[HUE_OWN] = {-1, -1, -1},
	[HUE_GREY] = {0x8a8a8a, 245, -1},
	[HUE_ORANGE] = {0xe69f00, 178, COLOR_YELLOW},
	[HUE_SKY] = {0x56b4e9, 74, COLOR_CYAN},
	[HUE_GREEN] = {0x009e73, 36, COLOR_GREEN},
	[HUE_YELLOW] = {0xf0e442, 221, COLOR_YELLOW},
	[HUE_VERMILLION] = {0xd55e00, 166, COLOR_RED},
	[HUE_PURPLE] = {0xcc79a7, 175, COLOR_MAGENTA},
};

/* In the window's order. Vermillion is kept for what is wrong. */
static const enum hue m_hues[] = {HUE_SKY, HUE_ORANGE, HUE_GREEN, HUE_PURPLE, HUE_YELLOW, HUE_GREY};
enum { N_M_HUES = sizeof m_hues / sizeof *m_hues };

/* attrs go with the hue; mono is what stands for both where there is no colour. */
static const struct {
	enum hue hue;
	attr_t attrs, mono;
} looks[ROLE_COUNT] = {
	[ROLE_TEXT] = {HUE_OWN, A_NORMAL, A_NORMAL},
	[ROLE_DIM] = {HUE_GREY, A_NORMAL, A_NORMAL},
	[ROLE_TITLE] = {HUE_OWN, A_BOLD, A_BOLD},
	[ROLE_FRAME] = {HUE_GREY, A_NORMAL, A_NORMAL},
	[ROLE_NARRATION] = {HUE_OWN, A_NORMAL, A_NORMAL},
	[ROLE_KEY] = {HUE_OWN, A_BOLD, A_BOLD},
	[ROLE_ERROR] = {HUE_VERMILLION, A_BOLD, A_REVERSE},
	[ROLE_OWNER] = {HUE_OWN, A_NORMAL, A_NORMAL},
	[ROLE_SP] = {HUE_OWN, A_BOLD, A_BOLD},
	[ROLE_FP] = {HUE_OWN, A_BOLD, A_BOLD},
	[ROLE_WRITTEN] = {HUE_YELLOW, A_BOLD, A_UNDERLINE},
	[ROLE_STEP] = {HUE_YELLOW, A_BOLD, A_UNDERLINE},
	[ROLE_PC] = {HUE_OWN, A_BOLD, A_BOLD},
	[ROLE_LINK_SOUND] = {HUE_GREEN, A_NORMAL, A_NORMAL},
	[ROLE_LINK_OWN] = {HUE_SKY, A_NORMAL, A_NORMAL},
	[ROLE_LINK_IDLE] = {HUE_ORANGE, A_NORMAL, A_BOLD},
	[ROLE_LINK_BAD] = {HUE_VERMILLION, A_BOLD, A_REVERSE},
	[ROLE_LINK_TOP] = {HUE_GREY, A_NORMAL, A_NORMAL},
	[ROLE_GOOD] = {HUE_GREEN, A_BOLD, A_BOLD},
	[ROLE_BAD] = {HUE_VERMILLION, A_BOLD, A_REVERSE | A_BOLD},
	[ROLE_UNSURE] = {HUE_ORANGE, A_BOLD, A_UNDERLINE},
};

static bool colored;

/* Asked for beats the environment, which beats nothing said. */
static bool wanted(enum color_when color)
{
	const char *no = getenv("NO_COLOR");

	return color == COLOR_ALWAYS || (color == COLOR_AUTO && !(no && *no));
}

/*
 * Terminals that take 0xRRGGBB for a colour's number say so by RGB, a flag, a number or a
 * string.
 */
static bool is_direct(void)
{
	return tigetflag("RGB") == 1 || tigetnum("RGB") > 0 ||
	       (tigetstr("RGB") && tigetstr("RGB") != (char *)-1);
}

void theme_init(enum color_when color)
{
	colored = wanted(color) && has_colors() && start_color() == OK;
	if (!colored)
		return;
	int background = use_default_colors() == OK ? -1 : COLOR_BLACK;
	int text = background == -1 ? -1 : COLOR_WHITE;
	bool direct = is_direct();
	for (int h = HUE_OWN + 1; h < HUE_COUNT; h++) {
		int fg = direct ? hues[h].rgb : COLORS >= 256 ? hues[h].of_256 : hues[h].of_8;
		init_extended_pair(h, fg == -1 ? text : fg, background);
	}
}

/* Beyond the Ms that have a hue of their own, the hues come again in bold. */
static enum hue hue_of_m(int m, attr_t *attrs)
{
	if (m < 0)
		return HUE_GREY;
	if (m >= N_M_HUES)
		*attrs |= A_BOLD;
	return m_hues[m % N_M_HUES];
}

void theme_style(const struct cell *c, attr_t *attrs, int *pair)
{
	int role = c->role < ROLE_COUNT ? c->role : ROLE_TEXT;
	enum hue hue = looks[role].hue;

	*attrs = colored ? looks[role].attrs : looks[role].mono;
	if (role == ROLE_OWNER)
		hue = hue_of_m(c->owner, attrs);
	if (c->bold)
		*attrs |= A_BOLD;
	if (c->reverse)
		*attrs |= A_REVERSE;
	*pair = colored ? hue : 0;
}
