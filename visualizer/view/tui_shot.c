/* SPDX-License-Identifier: MIT */
/* The screen as text, for notes and bug reports. */
#include <stdlib.h>
#include <string.h>

#include "shot.h"
#include "tui.h"

void tui_screenshot(struct session *s, const struct cells *c)
{
	char *text = cells_text(c);
	shot_save(s, "this screen", "txt", text, strlen(text));
	free(text);
}
