/* SPDX-License-Identifier: MIT */
/* In place of the window where SDL2 was not found when g0scope was built. */
#include <stdio.h>

#include "model/say.h"
#include "view.h"

bool view_sdl_built_in(void)
{
	return false;
}

static const char without[] =
	"this g0scope was built without SDL2, so it has no window and no PNG. Install libsdl2-dev, "
	"libsdl2-ttf-dev, libsdl2-image-dev and fonts-dejavu-core and run make again, or use "
	"--view=tui or --view=text.";

bool view_sdl_display(char *why, size_t n)
{
	say(why, n, "%s", without);
	return false;
}

bool view_sdl_font(char *why, size_t n)
{
	return view_sdl_display(why, n);
}

int view_sdl(struct session *s, struct worker *w, const struct view_options *o)
{
	(void)s;
	(void)w;
	(void)o;
	say_line(stderr, "g0scope: %s", without);
	return 1;
}
