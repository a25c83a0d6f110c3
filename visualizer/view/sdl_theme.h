/* SPDX-License-Identifier: MIT */
/*
 * The window's colours: dark, calm, one hue of Okabe and Ito per M. Everything that asks
 * for a colour asks here, and the tests measure from here that all text can be read (WCAG
 * 2 contrast of at least 4.5) on all it may lie on.
 */
#ifndef VIEW_SDL_THEME_H
#define VIEW_SDL_THEME_H

#include "grid/grid.h"

typedef uint32_t rgb; /* 0xRRGGBB */

enum { THEME_HUES = 6 }; /* Ms after that take the hues again; their names still differ */

rgb theme_ink(enum role role, int owner);
/*
 * What lies under the text: the window, a panel of an M (-1: nobody's), and the strip
 * with its title.
 */
rgb theme_window(void);
rgb theme_panel(int owner);
rgb theme_header(int owner);
rgb theme_border(int owner);
/* The colour of text on a badge, that is on a surface filled with ink. */
rgb theme_on_ink(void);

/*
 * How much of its own ink lies behind text of this role, to set it off: 0 none. Words are
 * set off, whole sentences are not, so it depends on the length.
 */
double theme_wash(enum role role, int cells);

rgb theme_mix(rgb a, rgb b, double share_of_b);
/* The WCAG 2 contrast ratio, 1 … 21. */
double theme_contrast(rgb a, rgb b);

#endif
