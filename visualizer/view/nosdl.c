/* SPDX-License-Identifier: MIT */
/* In place of the window where SDL2 was not found when g0scope was built. */
#include <stdio.h>

#include "view.h"

bool view_sdl_built_in(void)
{
	return false;
}

int view_sdl(struct session *s, struct worker *w, const struct view_options *o)
{
	(void)s;
	(void)w;
	(void)o;
	fputs("g0scope: this g0scope was built without SDL2, so it has no window and no PNG. "
	      "Install libsdl2-dev, libsdl2-ttf-dev, libsdl2-image-dev and fonts-dejavu-core "
	      "and run make again, or use --view=tui or --view=text.\n",
		stderr);
	return 1;
}
