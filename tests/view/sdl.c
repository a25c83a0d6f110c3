/* SPDX-License-Identifier: MIT */
/*
 * The window without a window: scenes made by hand become pixels in memory, keys become
 * names.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sdl_fixture.h"
#include "view/sdl.h"
#include "view/sdl_curve.h"
#include "view_tests.h"

enum { W = 1280, H = 720, PX = 16 };

/* A canvas to paint on; the test ends here if there is no font. */
static void open_paint(struct paint *p)
{
	char err[256] = "";
	if (!paint_open(p, W, H, PX, err, sizeof(err)))
		fail_msg("%s", err);
}

static uint32_t *pixels(struct paint *p)
{
	assert_int_equal(p->canvas.surface->pitch, p->canvas.w * 4);
	return p->canvas.surface->pixels;
}

static uint32_t *copy_pixels(struct paint *p)
{
	size_t n = (size_t)p->canvas.w * (size_t)p->canvas.h * 4;
	return memcpy(malloc(n), pixels(p), n);
}

static size_t differing(const uint32_t *a, const uint32_t *b)
{
	size_t n = 0;
	for (size_t i = 0; i < (size_t)W * H; i++)
		n += a[i] != b[i];
	return n;
}

static void same_scene_same_pixels(void **state)
{
	(void)state;
	struct grid grid = {0};
	struct paint p;
	uint32_t *first = NULL;
	for (int i = 0; i < 2; i++) {
		open_paint(&p);
		fixture_scene(&grid, p.cols, p.rows);
		paint_grid(&p, &grid);
		if (i == 0)
			first = copy_pixels(&p);
		else
			assert_int_equal(differing(first, pixels(&p)), 0);
		paint_close(&p);
	}
	free(first);
	free(grid.draws);
}

/* All in one colour: what differs must be shape. */
static uint32_t *paint_link(struct paint *p, enum link link)
{
	struct grid grid = {.cols = p->cols, .rows = p->rows};
	struct draw *d = fixture_link(&grid, link, 4, (int[]){10, 4, 30, 4, 30, 12, 50, 12});
	d->role = ROLE_TEXT;
	paint_grid(p, &grid);
	free(grid.draws);
	return copy_pixels(p);
}

static void kinds_of_link_differ_without_colour(void **state)
{
	(void)state;
	struct paint p;
	uint32_t *seen[LINK_COUNT];
	open_paint(&p);
	for (int i = 0; i < LINK_COUNT; i++) {
		seen[i] = paint_link(&p, (enum link)i);
		for (int j = 0; j < i; j++)
			if (differing(seen[i], seen[j]) < 20)
				fail_msg("links %d and %d look alike", i, j);
	}
	for (int i = 0; i < LINK_COUNT; i++)
		free(seen[i]);
	paint_close(&p);
}

/* Verdicts and the panels at a link's ends are what commands say, whatever the words and places. */
static void what_commands_say_is_painted(void **state)
{
	(void)state;
	struct paint p;
	open_paint(&p);
	struct grid grid = {.cols = p.cols, .rows = p.rows};
	uint32_t *seen[4];
	fixture_add(&grid, DRAW_TEXT, 2, 2, ROLE_BAD, "CHIMERA")->bold = true;
	fixture_link(&grid, LINK_CALL, 4, (int[]){10, 4, 30, 4, 30, 12, 50, 12});
	for (int i = 0; i < 4; i++) {
		grid.draws[0].badge = i == 1 ? 7 : 0;
		grid.draws[1].from_edge = i == 2;
		grid.draws[1].to_edge = i == 3;
		paint_grid(&p, &grid);
		seen[i] = copy_pixels(&p);
		for (int j = 0; j < i; j++)
			assert_true(differing(seen[i], seen[j]) > 0);
	}
	for (int i = 0; i < 4; i++)
		free(seen[i]);
	free(grid.draws);
	paint_close(&p);
}

/* Pixels that are not the window's own colour, outside a part of the grid. */
static size_t ink_outside(struct paint *p, double x0, double y0, double x1, double y1)
{
	size_t n = 0;
	const uint32_t *px = pixels(p);
	for (int y = 0; y < p->canvas.h; y++)
		for (int x = 0; x < p->canvas.w; x++) {
			double col = (x - p->x0) / p->type.cw, row = (y - p->y0) / p->type.ch;
			bool within = col >= x0 && col < x1 && row >= y0 && row < y1;
			n += !within && px[y * p->canvas.w + x] != (0xff000000 | theme_window());
		}
	return n;
}

static void things_stay_in_their_cells(void **state)
{
	(void)state;
	struct paint p;
	struct grid grid = {0};
	open_paint(&p);
	grid.cols = p.cols;
	grid.rows = p.rows;
	struct draw *box = fixture_add(&grid, DRAW_BOX, 10, 5, ROLE_FRAME, "a box");
	box->w = 20;
	box->h = 6;
	paint_grid(&p, &grid);
	assert_int_equal(ink_outside(&p, 10, 5, 30, 11), 0);
	assert_true(ink_outside(&p, 11, 6, 29, 10) > 0);
	grid.n = 0;
	fixture_add(&grid, DRAW_TEXT, 10, 5, ROLE_TEXT, "…7f60 ✗ fp");
	paint_grid(&p, &grid);
	assert_int_equal(ink_outside(&p, 9, 5, 21, 6), 0);
	assert_true(ink_outside(&p, 11, 5, 19, 6) > 0);
	grid.n = 0;
	fixture_link(&grid, LINK_CALL, 4, (int[]){10, 5, 20, 5, 20, 9, 10, 9});
	paint_grid(&p, &grid);
	assert_int_equal(ink_outside(&p, 9, 5, 22, 10), 0);
	free(grid.draws);
	paint_close(&p);
}

/*
 * Nothing is written beside the picture: a sanitizer would see it, and the mask would not
 * be empty afterwards.
 */
static void what_lies_outside_is_cut_off(void **state)
{
	(void)state;
	struct paint p;
	struct grid grid = {0};
	open_paint(&p);
	grid.cols = p.cols;
	grid.rows = p.rows;
	fixture_add(&grid, DRAW_TEXT, -5, -1, ROLE_WRITTEN, "before the first cell");
	fixture_add(&grid, DRAW_TEXT, p.cols - 2, p.rows, ROLE_KEY, "after the last");
	struct draw *box = fixture_add(&grid, DRAW_BOX, -3, -3, ROLE_BAD, "too large");
	box->w = 2000;
	box->h = 2000;
	fixture_link(&grid, LINK_FOREIGN, 2, (int[]){-100, -100, 3000, 3000});
	fixture_link(&grid, LINK_TOP, 1, (int[]){-1, -1});
	paint_grid(&p, &grid);
	size_t left = 0;
	for (int i = 0; i < W * H; i++)
		left += p.canvas.mask[i] != 0;
	assert_int_equal(left, 0);
	free(grid.draws);
	paint_close(&p);
}

static void all_text_can_be_read(void **state)
{
	(void)state;
	for (int owner = -1; owner < THEME_HUES; owner++) {
		rgb grounds[] = {theme_window(), theme_panel(owner)};
		assert_true(theme_contrast(theme_ink(ROLE_TITLE, -1), theme_header(owner)) >= 4.5);
		for (int role = 0; role < ROLE_COUNT; role++)
			for (int hue = -1; hue < THEME_HUES; hue++)
				for (int i = 0; i < 2; i++) {
					rgb ink = theme_ink((enum role)role, hue);
					rgb ground = theme_mix(
						grounds[i], ink, theme_wash((enum role)role, 1));
					double ratio = theme_contrast(ink, ground);
					if (ratio < 4.5)
						fail_msg("role %d, M%d, on M%d's: %.2f", role, hue,
							owner, ratio);
					assert_true(theme_contrast(theme_on_ink(), ink) >= 4.5);
				}
	}
	assert_true(fabs(theme_contrast(0, 0xffffff) - 21) < 0.001);
}

/* A mark lies behind a word that was written, and behind no line of the sentence about it. */
static void a_sentence_is_no_mark(void **state)
{
	(void)state;
	for (int n = 1; n <= 100; n++) {
		assert_true(theme_wash(ROLE_WRITTEN, n) > 0);
		assert_true(theme_wash(ROLE_STEP, n) == 0);
	}
}

/* Every M's hue differs from every other's and from the colour of what is wrong. */
static void hues_are_apart(void **state)
{
	(void)state;
	for (int a = 0; a < THEME_HUES; a++) {
		assert_int_not_equal(theme_ink(ROLE_OWNER, a), theme_ink(ROLE_LINK_BAD, -1));
		for (int b = 0; b < a; b++)
			assert_int_not_equal(theme_ink(ROLE_OWNER, a), theme_ink(ROLE_OWNER, b));
	}
}

static void motion_ends_where_the_scenes_are(void **state)
{
	(void)state;
	struct paint p;
	struct grid from = {0}, to = {0};
	struct frame f = {0};
	open_paint(&p);
	fixture_scene(&from, p.cols, p.rows);
	fixture_later(&to, p.cols, p.rows);
	paint_grid(&p, &from);
	uint32_t *first = copy_pixels(&p);
	paint_grid(&p, &to);
	uint32_t *last = copy_pixels(&p);
	assert_true(differing(first, last) > 0);
	frame_between(&f, &from, &to, 0);
	paint_frame(&p, &f);
	assert_int_equal(differing(first, pixels(&p)), 0);
	frame_between(&f, &from, &to, 0.5);
	paint_frame(&p, &f);
	assert_true(differing(first, pixels(&p)) > 0 && differing(last, pixels(&p)) > 0);
	frame_between(&f, &from, &to, 1);
	paint_frame(&p, &f);
	assert_int_equal(differing(last, pixels(&p)), 0);
	assert_true(motion_ease(0) == 0 && motion_ease(1) == 1 && motion_ease(0.5) > 0.5);
	free(first);
	free(last);
	free(from.draws);
	free(to.draws);
	frame_free(&f);
	paint_close(&p);
}

static void equal_ids_move_and_others_fade(void **state)
{
	(void)state;
	struct grid from = {.cols = 80, .rows = 24}, to = {.cols = 80, .rows = 24};
	struct frame f = {0};
	fixture_add(&from, DRAW_TEXT, 10, 2, ROLE_TEXT, "stays")->id.address = 1;
	fixture_add(&from, DRAW_TEXT, 0, 9, ROLE_TEXT, "goes")->id.address = 2;
	fixture_add(&to, DRAW_TEXT, 0, 8, ROLE_TEXT, "comes")->id.address = 3;
	fixture_add(&to, DRAW_TEXT, 20, 2, ROLE_TEXT, "stays")->id.address = 1;
	frame_between(&f, &from, &to, 0.25);
	assert_int_equal(f.n, 3);
	assert_string_equal(f.sprites[0].now->text, "comes");
	assert_true(f.sprites[0].alpha == 0.25);
	assert_string_equal(f.sprites[1].now->text, "stays");
	assert_true(f.sprites[1].alpha == 1);
	assert_true(sprite_at(&f.sprites[1], f.sprites[1].was->x, f.sprites[1].now->x) == 12.5);
	assert_string_equal(f.sprites[2].now->text, "goes");
	assert_true(f.sprites[2].alpha == 0.75);
	frame_free(&f);
	free(from.draws);
	free(to.draws);
}

static void paths_begin_and_end_where_they_should(void **state)
{
	(void)state;
	struct path p;
	struct spot corners[] = {{0, 0}, {100, 0}, {100, 60}, {200, 60}};
	for (int n = 1; n <= 4; n++) {
		path_make(&p, corners, n, 30);
		struct spot first = path_at(&p, 0), last = path_at(&p, 1);
		assert_true(hypot(first.x - corners[0].x, first.y - corners[0].y) < 1e-6);
		assert_true(hypot(last.x - corners[n - 1].x, last.y - corners[n - 1].y) < 1e-6);
		for (int i = 0; i < p.n; i++)
			assert_true(p.at[i].x > -1 && p.at[i].x < 201 && p.at[i].y > -1 &&
				    p.at[i].y < 61);
	}
}

static void the_smallest_scene_always_fits(void **state)
{
	(void)state;
	struct paint p;
	char err[256];
	assert_true(paint_open(&p, 1000, 500, 60, err, sizeof(err)));
	assert_true(p.cols >= GRID_MIN_COLS && p.rows >= GRID_MIN_ROWS);
	paint_close(&p);
	assert_true(paint_open_cells(&p, 100, 30, PX, err, sizeof(err)));
	assert_int_equal(p.cols, 100);
	assert_true(p.canvas.w >= 100 * p.type.cw && p.canvas.h >= 30 * p.type.ch);
	paint_close(&p);
	assert_true(paint_open(&p, 1, 1, PX, err, sizeof(err)));
	paint_close(&p);
}

static void the_timeline_knows_where_it_is(void **state)
{
	(void)state;
	struct paint p;
	struct grid grid = {0};
	double share = -1;
	open_paint(&p);
	grid.cols = p.cols;
	grid.rows = p.rows;
	fixture_add(&grid, DRAW_BAR, 10, 20, ROLE_DIM, "")->w = 41;
	double x = p.x0 + 30.5 * p.type.cw, y = p.y0 + 20.5 * p.type.ch;
	assert_true(paint_on_bar(&p, &grid, (struct spot){x, y}, &share));
	assert_true(fabs(share - 0.5) < 1e-9);
	assert_true(paint_on_bar(&p, &grid, (struct spot){p.x0 + 10.1 * p.type.cw, y}, &share));
	assert_true(share == 0);
	assert_false(paint_on_bar(&p, &grid, (struct spot){x, y + p.type.ch}, &share));
	free(grid.draws);
	paint_close(&p);
}

static void a_missing_font_is_said(void **state)
{
	(void)state;
	struct paint p;
	char err[256] = "";
	setenv("G0SCOPE_FONT", "/nowhere/at/all.ttf", 1);
	assert_false(paint_open(&p, W, H, PX, err, sizeof(err)));
	unsetenv("G0SCOPE_FONT");
	assert_non_null(strstr(err, "fonts-dejavu-core"));
}

/* Every key in the table of actions can be pressed in the window. */
static void every_key_has_its_name(void **state)
{
	(void)state;
	static const char *const keys[] = {
#define ACTION(id, keys, group, rank, hint, help) keys,
#include "session/action.def"
#undef ACTION
	};
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		char all[64], name[SDL_KEY_NAME_MAX];
		snprintf(all, sizeof(all), "%s", keys[i]);
		for (char *key = strtok(all, " "); key; key = strtok(NULL, " ")) {
			const char *text = key;
			bool ctrl = strncmp(key, "C-", 2) == 0;
			SDL_Keysym sym = {.sym = SDL_GetKeyFromName(ctrl ? key + 2 : key),
				.mod = ctrl ? KMOD_LCTRL : 0};
			if (strlen(key) > 1)
				assert_true(sdl_key_name(&sym, name));
			else
				assert_true(sdl_text_key(&text, name));
			assert_string_equal(name, key);
		}
	}
}

static void typed_text_is_keys(void **state)
{
	(void)state;
	char name[SDL_KEY_NAME_MAX];
	const char *text = "é ?";
	assert_true(sdl_text_key(&text, name));
	assert_string_equal(name, "é");
	assert_true(sdl_text_key(&text, name));
	assert_string_equal(name, "?");
	assert_false(sdl_text_key(&text, name));
	text = " "; /* the space bar is a key */
	assert_false(sdl_text_key(&text, name));
	/* Letters come as text, once. */
	assert_false(sdl_key_name(&(SDL_Keysym){.sym = SDLK_e}, name));
	assert_false(sdl_key_name(&(SDL_Keysym){.sym = SDLK_LSHIFT}, name));
	int zoom = 7;
	assert_false(sdl_zoom_key(&(SDL_Keysym){.sym = SDLK_0}, &zoom));
	assert_true(sdl_zoom_key(&(SDL_Keysym){.sym = SDLK_EQUALS, .mod = KMOD_LCTRL}, &zoom));
	assert_int_equal(zoom, 1);
}

/*
 * What view_sdl prints to standard error where DISPLAY is this, and its status; in a
 * process of its own.
 */
static int view_said(const char *display, char *said, size_t n)
{
	int ends[2], status = -1;
	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		unsetenv("WAYLAND_DISPLAY");
		unsetenv("SDL_VIDEODRIVER");
		setenv("DISPLAY", display, 1);
		dup2(ends[1], STDERR_FILENO);
		_exit(view_sdl(NULL, NULL, &(struct view_options){0}));
	}
	close(ends[1]);
	FILE *f = fdopen(ends[0], "r");
	said[fread(said, 1, n - 1, f)] = '\0';
	fclose(f);
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* One display that is not there, and none at all. */
static void without_a_display_it_says_so(void **state)
{
	(void)state;
	const char *displays[] = {"", ":987"};
	for (int i = 0; i < 2; i++) {
		char said[2048];
		assert_int_equal(view_said(displays[i], said, sizeof(said)), 1);
		assert_non_null(strstr(said, "--view=tui"));
		assert_non_null(strstr(said, "--view=text"));
	}
}

int window_tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_scene_same_pixels),
		cmocka_unit_test(kinds_of_link_differ_without_colour),
		cmocka_unit_test(what_commands_say_is_painted),
		cmocka_unit_test(things_stay_in_their_cells),
		cmocka_unit_test(what_lies_outside_is_cut_off),
		cmocka_unit_test(all_text_can_be_read),
		cmocka_unit_test(a_sentence_is_no_mark),
		cmocka_unit_test(hues_are_apart),
		cmocka_unit_test(motion_ends_where_the_scenes_are),
		cmocka_unit_test(equal_ids_move_and_others_fade),
		cmocka_unit_test(paths_begin_and_end_where_they_should),
		cmocka_unit_test(the_smallest_scene_always_fits),
		cmocka_unit_test(the_timeline_knows_where_it_is),
		cmocka_unit_test(a_missing_font_is_said),
		cmocka_unit_test(every_key_has_its_name),
		cmocka_unit_test(typed_text_is_keys),
		cmocka_unit_test(without_a_display_it_says_so),
	};
	return cmocka_run_group_tests_name("the window", tests, NULL, NULL);
}
