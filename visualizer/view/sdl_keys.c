/* SPDX-License-Identifier: MIT */
/*
 * Keys as names, the same as in the terminal. Whatever types a character comes as text
 * from SDL, which knows the keyboard's layout; only what types nothing, the space bar and
 * Ctrl with a letter are taken from the key itself.
 */
#include <stdio.h>
#include <string.h>

#include "sdl.h"

static const struct {
	SDL_Keycode code;
	const char *name;
} named[] = {
	{SDLK_RIGHT, "Right"},
	{SDLK_LEFT, "Left"},
	{SDLK_UP, "Up"},
	{SDLK_DOWN, "Down"},
	{SDLK_HOME, "Home"},
	{SDLK_END, "End"},
	{SDLK_PAGEDOWN, "PageDown"},
	{SDLK_PAGEUP, "PageUp"},
	{SDLK_SPACE, "Space"},
	{SDLK_BACKSPACE, "Backspace"},
	{SDLK_DELETE, "Delete"},
	{SDLK_INSERT, "Insert"},
	{SDLK_TAB, "Tab"},
	{SDLK_RETURN, "Enter"},
	{SDLK_KP_ENTER, "Enter"},
	{SDLK_ESCAPE, "Escape"},
};

static const char *find_name(SDL_Keycode code)
{
	for (size_t i = 0; i < sizeof(named) / sizeof(*named); i++)
		if (named[i].code == code)
			return named[i].name;
	return NULL;
}

/* Keys whose name changes with the shift key; the others are the same key with it. */
static bool takes_shift(SDL_Keycode code)
{
	return code == SDLK_TAB || code == SDLK_LEFT || code == SDLK_RIGHT || code == SDLK_UP ||
	       code == SDLK_DOWN;
}

bool sdl_key_name(const SDL_Keysym *key, char name[SDL_KEY_NAME_MAX])
{
	const char *known = find_name(key->sym);
	if (known)
		snprintf(name, SDL_KEY_NAME_MAX, "%s%s",
			key->mod & KMOD_SHIFT && takes_shift(key->sym) ? "S-" : "", known);
	else if (key->sym >= SDLK_F1 && key->sym <= SDLK_F12)
		snprintf(name, SDL_KEY_NAME_MAX, "F%d", (int)(key->sym - SDLK_F1 + 1));
	else if (key->mod & KMOD_CTRL && key->sym >= SDLK_a && key->sym <= SDLK_z)
		snprintf(name, SDL_KEY_NAME_MAX, "C-%c", (char)key->sym);
	else
		return false;
	return true;
}

bool sdl_text_key(const char **text, char name[SDL_KEY_NAME_MAX])
{
	const char *s = *text;
	while (*s == ' ')
		s++;
	size_t n = *s != 0;
	while (n && (s[n] & 0xc0) == 0x80)
		n++;
	snprintf(name, SDL_KEY_NAME_MAX, "%.*s", (int)n, s);
	*text = s + n;
	return n > 0;
}

bool sdl_zoom_key(const SDL_Keysym *key, int *zoom)
{
	if (!(key->mod & KMOD_CTRL))
		return false;
	switch (key->sym) {
	case SDLK_PLUS:
	case SDLK_EQUALS:
	case SDLK_KP_PLUS: *zoom = 1; return true;
	case SDLK_MINUS:
	case SDLK_KP_MINUS: *zoom = -1; return true;
	case SDLK_0:
	case SDLK_KP_0: *zoom = 0; return true;
	default: return false;
	}
}
