/* SPDX-License-Identifier: MIT */
/*
 * What the files of the terminal view say to each other; nobody else includes it.
 */
#ifndef VIEW_TUI_H
#define VIEW_TUI_H

#include <curses.h>
#include <stdbool.h>

#include "cells.h"
#include "view.h"

/* tui_theme.c: roles as attributes. After initscr. */
void theme_init(enum color_when color);
void theme_style(const struct cell *c, attr_t *attrs, int *pair);

/* tui_keys.c: what the user does. */
enum { KEY_NAME_MAX = 16 };
enum input {
	INPUT_KEY,     /* a key; its name is as session_key wants it */
	INPUT_RESIZED, /* the terminal's size has changed, or it is ours again */
	INPUT_GONE,    /* there is no terminal any more */
	INPUT_NONE,    /* nothing so far */
};
void keys_init(void); /* after initscr */
/* Waits; but, if fd >= 0, no longer than until that is readable, or for ms milliseconds. */
enum input tui_input(char name[KEY_NAME_MAX], int fd, int ms);

/* tui_restore.c: whatever ends g0scope, the terminal is put back. */
void restore_arm(void);     /* before initscr: remember the terminal's modes, catch the signals */
void restore_prepare(void); /* after initscr and each change of size: what a handler will write */
void restore_hold(void);    /* before endwin: signals wait until restore_disarm */
void restore_disarm(void);  /* after endwin: all as it was */
/* True once after a Ctrl-C, which is a key; another before that is asked for ends g0scope. */
bool restore_interrupted(void);

/* tui_shot.c: the screen as text, in a new file in the current directory; s->message says which. */
void tui_screenshot(struct session *s, const struct cells *c);

#endif
