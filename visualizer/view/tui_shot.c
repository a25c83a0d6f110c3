/* SPDX-License-Identifier: MIT */
/*
 * The screen as text in a file, for notes and bug reports. Never over a file that is
 * there.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/timeline.h"
#include "tui.h"

enum { SHOTS_OF_A_STEP_MAX = 99 };

/* g0scope-214.txt, or g0scope-214-2.txt where there is one; NULL: errno says why. */
static FILE *create(int64_t step, char *name, size_t n)
{
	FILE *f = NULL;

	for (int i = 1; i <= SHOTS_OF_A_STEP_MAX; i++) {
		if (i == 1)
			snprintf(name, n, "g0scope-%" PRId64 ".txt", step);
		else
			snprintf(name, n, "g0scope-%" PRId64 "-%d.txt", step, i);
		f = fopen(name, "wx");
		if (f || errno != EEXIST)
			break;
	}
	return f;
}

void tui_screenshot(struct session *s, const struct cells *c)
{
	char name[64];
	FILE *f = create(timeline_step(s->tl), name, sizeof name);
	bool ok = f != NULL;

	if (f) {
		char *text = cells_text(c);
		ok = fputs(text, f) >= 0;
		ok = fclose(f) == 0 && ok;
		free(text);
	}
	s->want_screenshot = false;
	s->message_is_error = !ok;
	if (ok)
		snprintf(s->message, sizeof s->message, "this screen is in %s", name);
	else
		snprintf(s->message, sizeof s->message,
			"this screen could not be written to %s: %s; start g0scope in a directory "
			"of yours",
			name, strerror(errno));
}
