/* SPDX-License-Identifier: MIT */
/*
 * The views: each feeds a session keys and draws its scene until the user quits. They return
 * the exit status.
 */
#ifndef VIEW_VIEW_H
#define VIEW_VIEW_H

#include <stdio.h>

#include "grid/grid.h"
#include "scene/scene.h"
#include "session/errand.h"

enum color_when { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

struct view_options {
	bool ascii;
	enum color_when color;
	int cols, rows;         /* 0: the terminal's, or the view's own choice */
	double scale;           /* window: size of the type; 0: by itself */
	const char *screenshot; /* draw once into this file and return; NULL: be interactive */
};

/*
 * The step that the session stands at, as a picture and in words; 1 if that is not what was asked
 * for, or a lesson's stop that does not hold. Whether it could be written, the stream knows.
 */
int view_text(struct session *s, const struct view_options *o, FILE *out);
/* A lesson's whole story, to standard output; 1 if one of its expectations does not hold. */
int view_story(struct session *s);
/* The same on two architectures, of one stop or, -1, of all; 1 if one cannot be reached. */
int view_twins(struct session *one, struct session *other, int stop);
/* Neither waits for long: the worker that has opened the session does what a key executes. */
int view_tui(struct session *s, struct worker *w, const struct view_options *o);
/* Whether view_tui would draw here; false: why is a sentence that says what to do instead. */
bool tui_usable(char *why, size_t n);
/* The terminal that TERM and standard output tell of. False: nobody can draw there, and why. */
struct terminal {
	const char *name;
	int cols, rows; /* 0: output is no terminal */
	int colors;     /* as TERM has them; 0: none */
};
bool tui_describe(struct terminal *t, char *why, size_t n);
/* A stub that says so where SDL2 was not built in. */
int view_sdl(struct session *s, struct worker *w, const struct view_options *o);
bool view_sdl_built_in(void);
/* Whether a window could be opened, and type be drawn. False: why says what to do. */
bool view_sdl_display(char *why, size_t n);
bool view_sdl_font(char *why, size_t n);

#endif
