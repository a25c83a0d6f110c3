/* SPDX-License-Identifier: MIT */
/*
 * How a role looks in character cells, whoever sends them to a terminal: the colours of Okabe and
 * Ito, which nearly everybody can tell apart, on the terminal's own background; bold, reverse and
 * underline alone where there are no colours. Colour never says more than the text does.
 */
#ifndef VIEW_TERM_THEME_H
#define VIEW_TERM_THEME_H

#include "cells.h"
#include "view.h"

enum hue {
	HUE_OWN, /* the terminal's own text colour */
	HUE_GREY,
	HUE_ORANGE,
	HUE_SKY,
	HUE_GREEN,
	HUE_YELLOW,
	HUE_VERMILLION,
	HUE_PURPLE,
	HUE_COUNT
};

/* -1: the terminal's own text colour. */
struct term_hue {
	int rgb;
	short of_256, of_8; /* the nearest of so many */
};
extern const struct term_hue term_hues[HUE_COUNT];

/* Bits. */
enum { TERM_BOLD = 1, TERM_REVERSE = 2, TERM_UNDERLINE = 4 };

struct term_style {
	enum hue hue;
	int attrs;
};

struct term_style term_style(const struct cell *c, bool colored);
/* Asked for beats the environment, which beats nothing said. */
bool term_color_wanted(enum color_when color);

#endif
