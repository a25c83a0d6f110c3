/* SPDX-License-Identifier: MIT */
/*
 * The terminal view: keys go to the session, what is laid out of its scene goes to the screen.
 *
 *   session --scene_build--> things --grid_build--> draw commands --cells_draw--> cells
 *   cells --ncurses--> terminal
 *      ^------errand_key------- tui_keys.c <-----------------------------'
 *
 * It knows no M, no G and no step: what is shown, prompts and help included, is in the
 * scene. ncurses compares each screen with the last and sends the difference, so that all
 * cells are drawn each time. How a role looks is tui_theme.c; how the terminal survives
 * the end of g0scope is tui_restore.c.
 */
#include <assert.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <unistd.h>
#include <wchar.h>

#include "model/say.h"
#include "tui.h"

bool tui_describe(struct terminal *t, char *why, size_t n)
{
	const char *term = getenv("TERM");
	struct winsize size = {0};
	int found;

	ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	*t = (struct terminal){.name = term, .cols = size.ws_col, .rows = size.ws_row};
	if (!term || !*term) {
		say(why, n, "TERM is not set, so nobody knows how to draw here; use --view=text");
		return false;
	}
	if (setupterm(NULL, STDOUT_FILENO, &found) == ERR) {
		say(why, n,
			"there is no description of a terminal \"%s\" here; use --view=text, "
			"or set TERM to one that `toe -a` lists",
			term);
		return false;
	}
	/*
	 * newterm does not mind a terminal whose cursor cannot be moved; the screen would be a
	 * heap of letters.
	 */
	bool can_move = tigetstr("cup") != NULL;
	t->colors = tigetnum("colors") > 0 ? tigetnum("colors") : 0;
	del_curterm(cur_term);
	if (!can_move)
		say(why, n, "the terminal \"%s\" cannot move its cursor; use --view=text", term);
	return can_move;
}

bool tui_usable(char *why, size_t n)
{
	struct terminal t;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		say(why, n, "input and output are not both a terminal; use --view=text");
		return false;
	}
	return tui_describe(&t, why, n);
}

static bool locale_is_utf8(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

/*
 * What this locale cannot tell, or takes for as many cells as we do not, is a "?". A glyph of two
 * cells is put with its first.
 */
static void put_cell(int y, int x, const struct cell *c, int cells)
{
	wchar_t text[GLYPH_MARKS + 2] = {0};
	attr_t attrs;
	int pair;
	cchar_t cc;

	if (mbstowcs(text, c->utf8, GLYPH_MARKS + 1) == (size_t)-1 || wcwidth(text[0]) != cells)
		wcscpy(text, L"?");
	theme_style(c, &attrs, &pair);
	setcchar(&cc, text, attrs, (short)pair, &pair);
	mvadd_wch(y, x, &cc);
}

static void show(const struct cells *c)
{
	erase();
	for (int y = 0; y < c->rows && y < LINES; y++)
		for (int x = 0, cells; x < c->cols && x < COLS; x += cells) {
			const struct cell *cell = &c->at[y * c->cols + x];
			assert(*cell->utf8); /* no second half without its first */
			cells = x + 1 < c->cols && !*cell[1].utf8 ? 2 : 1;
			put_cell(y, x, cell, cells);
		}
	refresh();
}

struct tui {
	struct errand errand; /* what a key has begun; the session is in it */
	bool ascii;
	struct scene scene;
	struct grid grid;
	struct cells cells;
};

static void draw(struct tui *t)
{
	scene_build(&t->scene, t->errand.session);
	grid_build(&t->grid, &t->scene, COLS, LINES);
	cells_draw(&t->cells, &t->grid, t->ascii);
	show(&t->cells);
}

/* The session is being changed: all as it was shown last, but for the line that says so. */
static void draw_meanwhile(struct tui *t)
{
	char words[128];

	grid_meanwhile(&t->grid, errand_words(&t->errand, words, sizeof words));
	cells_draw(&t->cells, &t->grid, t->ascii);
	show(&t->cells);
}

/*
 * The terminal has another size, or it was a shell's while we were stopped: that had its own
 * modes, and wrote where we had drawn. (Somebody who goes on in the background stops here.)
 */
static void take_back(void)
{
	reset_prog_mode();
	restore_prepare();
	clearok(curscr, TRUE);
}

enum after { GO_ON, QUIT, GONE };

/* Until what a key has begun is done. GONE: there is nobody left to draw for. */
static enum after attend(struct tui *t)
{
	struct worker *w = t->errand.worker;
	enum after then = GO_ON;
	char key[KEY_NAME_MAX];

	if (worker_wait(w, ERRAND_SHORT_MS))
		return GO_ON;
	do {
		draw_meanwhile(t);
		switch (tui_input(key, worker_fd(w), ERRAND_TICK_MS)) {
		case INPUT_GONE: worker_stop(w); return GONE;
		case INPUT_RESIZED: take_back(); break;
		case INPUT_NONE: break;
		case INPUT_KEY:
			if (errand_key_meanwhile(&t->errand, key) == MEANWHILE_QUIT)
				then = QUIT;
		}
	} while (then == GO_ON && !worker_wait(w, 0));
	return then;
}

static enum after react(struct tui *t)
{
	char key[KEY_NAME_MAX];

	switch (tui_input(key, -1, 0)) {
	case INPUT_GONE: return GONE;
	case INPUT_RESIZED: take_back(); return GO_ON;
	case INPUT_NONE: return GO_ON;
	case INPUT_KEY: errand_key(&t->errand, key);
	}
	enum after then = attend(t);
	if (then != GO_ON)
		return then;
	/* The terminal may be full of somebody else's text: send every cell. */
	if (strcmp(key, "C-l") == 0)
		clearok(curscr, TRUE);
	if (t->errand.session->done == ACT_SCREENSHOT) {
		draw(t);
		tui_screenshot(t->errand.session, &t->cells);
	}
	return t->errand.session->quit ? QUIT : GO_ON;
}

/*
 * How long after an ESC the rest of a key may come. What ncurses waits by itself, a second, is
 * felt at each Escape; who sits behind a slow line may ask for it.
 */
static void set_patience(void)
{
	const char *asked = getenv("ESCDELAY");

	if (!asked || !*asked)
		set_escdelay(25);
}

static SCREEN *screen_open(enum color_when color)
{
	restore_arm();
	SCREEN *screen = newterm(NULL, stdout, stdin);
	if (!screen) {
		restore_disarm();
		return NULL;
	}
	set_patience();
	cbreak();
	noecho();
	nonl();
	keys_init();
	curs_set(0);
	theme_init(color);
	restore_prepare();
	return screen;
}

/* Where there is no second screen to leave, the shell goes on in the last line. */
static void screen_close(SCREEN *screen)
{
	restore_hold();
	move(LINES - 1, 0);
	clrtoeol();
	refresh();
	endwin();
	delscreen(screen);
	restore_disarm();
}

int view_tui(struct session *s, struct worker *w, const struct view_options *o)
{
	struct tui t = {
		.errand = {.session = s, .worker = w}, .ascii = o->ascii || !locale_is_utf8()};
	enum after then = GO_ON;
	char why[SENTENCE_MAX];

	if (!tui_usable(why, sizeof why)) {
		say_line(stderr, "g0scope: %s", why);
		return 1;
	}
	SCREEN *screen = screen_open(o->color);
	if (!screen) {
		say_line(stderr, "g0scope: the terminal could not be set up; use --view=text");
		return 1;
	}
	while (then == GO_ON) {
		draw(&t);
		then = react(&t);
	}
	screen_close(screen);
	cells_free(&t.cells);
	scene_free(&t.scene);
	grid_free(&t.grid);
	return then == GONE;
}
