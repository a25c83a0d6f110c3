/* SPDX-License-Identifier: MIT */
/*
 * The theme of term_theme.c on this terminal, by ncurses: its exact colours, the nearest of its 256
 * or 8 where it has no others, or none.
 */
#include <term.h>

#include "term_theme.h"
#include "tui.h"

static bool colored;

/*
 * Terminals that take 0xRRGGBB for a colour's number say so by RGB, a flag, a number or a
 * string.
 */
static bool is_direct(void)
{
	return tigetflag("RGB") == 1 || tigetnum("RGB") > 0 ||
	       (tigetstr("RGB") && tigetstr("RGB") != (char *)-1);
}

/* A hue is also the number of its colour pair; pair 0 is the terminal's own colours. */
void theme_init(enum color_when color)
{
	colored = term_color_wanted(color) && has_colors() && start_color() == OK;
	if (!colored)
		return;
	int background = use_default_colors() == OK ? -1 : COLOR_BLACK;
	int text = background == -1 ? -1 : COLOR_WHITE;
	bool direct = is_direct();
	for (int h = HUE_OWN + 1; h < HUE_COUNT; h++) {
		const struct term_hue *hue = &term_hues[h];
		int fg = direct ? hue->rgb : COLORS >= 256 ? hue->of_256 : hue->of_8;
		init_extended_pair(h, fg == -1 ? text : fg, background);
	}
}

void theme_style(const struct cell *c, attr_t *attrs, int *pair)
{
	struct term_style s = term_style(c, colored);

	*attrs = (s.attrs & TERM_BOLD ? A_BOLD : 0) | (s.attrs & TERM_REVERSE ? A_REVERSE : 0) |
		 (s.attrs & TERM_UNDERLINE ? A_UNDERLINE : 0);
	*pair = s.hue;
}
