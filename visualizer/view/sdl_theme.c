/* SPDX-License-Identifier: MIT */
/*
 * Colours. Okabe and Ito's vermillion is kept for what is wrong, so no M has it; their
 * dark blue is left out because it cannot be read on a dark ground.
 */
#include "sdl_theme.h"

#include <math.h>

static const rgb window = 0x10141a, panel = 0x181e27, neutral = 0x5b6676;

static const rgb hues[THEME_HUES] = {
	0x56b4e9, /* sky blue */
	0xe6a817, /* orange, a little towards yellow: further from the vermillion */
	0x2fbf94, /* bluish green, lightened for the dark ground */
	0xd98bb5, /* reddish purple, lightened */
	0xf0e442, /* yellow */
	0xb8c0cc, /* grey */
};

static const rgb inks[ROLE_COUNT] = {
	[ROLE_TEXT] = 0xdde3ea,
	[ROLE_DIM] = 0x98a4b3,
	[ROLE_TITLE] = 0xf5f7fa,
	[ROLE_FRAME] = 0x98a4b3,
	[ROLE_NARRATION] = 0xf4ead2,
	[ROLE_KEY] = 0xc9d6e6,
	[ROLE_ERROR] = 0xff8a5c,
	[ROLE_OWNER] = 0xb8c0cc,
	[ROLE_SP] = 0xf0e442,
	[ROLE_FP] = 0xf4a9cf,
	[ROLE_WRITTEN] = 0xffe08a,
	[ROLE_STEP] = 0xffe08a,
	[ROLE_PC] = 0xffffff,
	[ROLE_LINK_SOUND] = 0xaab8c8,
	[ROLE_LINK_OWN] = 0x7fd1ff,
	[ROLE_LINK_IDLE] = 0xf0c04a,
	[ROLE_LINK_BAD] = 0xff7f4d,
	[ROLE_LINK_TOP] = 0xdde3ea,
	[ROLE_GOOD] = 0x45d0a2,
	[ROLE_BAD] = 0xff8a5c,
	[ROLE_UNSURE] = 0xf0c04a,
};

static rgb hue(int owner)
{
	return owner < 0 ? neutral : hues[owner % THEME_HUES];
}

rgb theme_ink(enum role role, int owner)
{
	if (role == ROLE_OWNER && owner >= 0)
		return hue(owner);
	return inks[role];
}

rgb theme_window(void)
{
	return window;
}

rgb theme_panel(int owner)
{
	return owner < 0 ? panel : theme_mix(panel, hue(owner), 0.05);
}

rgb theme_header(int owner)
{
	return theme_mix(panel, hue(owner), owner < 0 ? 0.25 : 0.17);
}

rgb theme_border(int owner)
{
	return theme_mix(panel, hue(owner), owner < 0 ? 0.55 : 0.70);
}

rgb theme_on_ink(void)
{
	return window;
}

double theme_wash(enum role role, int cells)
{
	static const struct {
		double share;
		int cells_max;
	} washes[ROLE_COUNT] = {
		[ROLE_WRITTEN] = {0.17, 100},
		[ROLE_PC] = {0.13, 100},
		[ROLE_SP] = {0.16, 5},
		[ROLE_FP] = {0.16, 5},
		[ROLE_KEY] = {0.10, 20},
		[ROLE_ERROR] = {0.12, 160},
	};
	return cells <= washes[role].cells_max ? washes[role].share : 0;
}

rgb theme_mix(rgb a, rgb b, double t)
{
	rgb mixed = 0;
	for (int shift = 0; shift < 24; shift += 8) {
		double from = a >> shift & 0xff, to = b >> shift & 0xff;
		mixed |= (rgb)lround(from + (to - from) * t) << shift;
	}
	return mixed;
}

/* Relative luminance as WCAG 2 defines it. */
static double luminance(rgb c)
{
	static const double weight[3] = {0.0722, 0.7152, 0.2126};
	double sum = 0;
	for (int i = 0; i < 3; i++) {
		double v = (c >> 8 * i & 0xff) / 255.0;
		sum += weight[i] * (v <= 0.03928 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4));
	}
	return sum;
}

double theme_contrast(rgb a, rgb b)
{
	double la = luminance(a), lb = luminance(b);
	return (fmax(la, lb) + 0.05) / (fmin(la, lb) + 0.05);
}
