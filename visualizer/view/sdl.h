/* SPDX-License-Identifier: MIT */
/*
 * What the files of the window say to each other beyond drawing; nobody else includes it.
 */
#ifndef VIEW_SDL_H
#define VIEW_SDL_H

#include <SDL.h>

#include "sdl_draw.h"
#include "view.h"

/* ---- sdl_keys.c ---------------------------------------------------------- */
enum { SDL_KEY_NAME_MAX = 32 };
/* The session's name of a pressed key; false: it has none, or what it types comes as text. */
bool sdl_key_name(const SDL_Keysym *key, char name[SDL_KEY_NAME_MAX]);
/*
 * The next character of typed text as a key's name, *text moved behind it; false at the
 * end.
 */
bool sdl_text_key(const char **text, char name[SDL_KEY_NAME_MAX]);
/* +1 larger, -1 smaller, 0 as at first; false: not a key that changes the size. */
bool sdl_zoom_key(const SDL_Keysym *key, int *zoom);

/* ---- sdl_shot.c ---------------------------------------------------------- */
/*
 * One frame of the session into o->screenshot, without a window or a display. Returns the
 * exit status.
 */
int sdl_shot_headless(struct session *s, const struct view_options *o);
/*
 * What is painted into g0scope-STEP.png in the working directory; the session's message
 * says so, or why not.
 */
void sdl_shot_taken(struct session *s, struct paint *p);

#endif
