/* SPDX-License-Identifier: MIT */
/*
 * The window: session -> scene -> grid -> frame -> canvas -> texture -> screen, and keys back
 * into the session.
 *
 * sdl_theme colours    sdl_canvas shapes on pixels    sdl_text glyphs     sdl_curve links as curves
 * sdl_motion what lies between two grids             sdl_draw a frame onto the canvas
 * sdl_keys names of keys                              sdl_shot pictures in files
 *
 * Nothing is drawn unless something has changed: the loop sleeps in SDL_WaitEvent, and
 * only while one picture turns into the next does it wake by itself.
 */
#include "sdl.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/timeline.h"
#include "model/say.h"

enum {
	MOTION_MS = 150,
	MOTION_TICK_MS = 8,
	TYPES_ACROSS = 84,
	WINDOW_MIN_W = 640,
	WINDOW_MIN_H = 400
};
static const double zoom_step = 1.1, zoom_min = 0.4, zoom_max = 4;

struct window {
	struct session *session;
	struct errand errand; /* what a key or the mouse has begun in it */
	SDL_Window *window;
	SDL_Renderer *out;
	SDL_Texture *texture; /* the canvas, for the screen */
	struct paint paint;   /* .canvas.surface NULL: not open */
	struct scene scene;
	struct grid grids[2]; /* the one shown now, and the one before */
	int now;
	struct frame frame;

	double type_px; /* type at zoom 1, in units of the window */
	double zoom, first_zoom;
	bool quit;
	bool refit;   /* the size of the window or of the type has changed */
	bool rebuild; /* the session has something new to show */
	bool repaint;
	bool still; /* go to the next picture at once: a key is held, or nothing was shown yet */
	bool no_motion; /* always so */
	bool moving;
	bool ctrl; /* the last key came with Ctrl; X sends the character of Ctrl-plus as text too */
	uint64_t began; /* of the motion, in milliseconds */
};

static int fail(const char *what, const char *why)
{
	say_line(stderr, "g0scope: %s: %s. Use --view=tui in a terminal, or --view=text.", what,
		why);
	return 1;
}

/* ---- opening ------------------------------------------------------------- */

static bool is_set(const char *name)
{
	const char *value = getenv(name);
	return value && *value;
}

/*
 * Without a display SDL would take its driver that draws to nowhere, and the user would
 * wait for a window in vain. Who names a driver gets it.
 */
static bool start_video(const char **why)
{
	bool named = is_set("SDL_VIDEODRIVER");
	*why = "there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)";
	if (!named && !is_set("DISPLAY") && !is_set("WAYLAND_DISPLAY"))
		return false;
	SDL_SetHint(SDL_HINT_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR, "0");
	if (SDL_Init(SDL_INIT_VIDEO) != 0) {
		*why = SDL_GetError();
		return false;
	}
	*why = "the display that DISPLAY or WAYLAND_DISPLAY names does not answer";
	const char *driver = SDL_GetCurrentVideoDriver();
	return named ||
	       (driver && strcmp(driver, "offscreen") != 0 && strcmp(driver, "dummy") != 0);
}

/* Most of the screen, in the shape of a projector's picture. */
static void window_size(int *w, int *h)
{
	SDL_Rect screen = {0, 0, 1920, 1080};
	SDL_GetDisplayUsableBounds(0, &screen);
	*w = SDL_max(WINDOW_MIN_W, screen.w * 5 / 6);
	*h = SDL_max(WINDOW_MIN_H, SDL_min(*w * 9 / 16, screen.h * 9 / 10));
}

/* The size that so many cells take. False: SDL_GetError() says why. */
static bool cells_size(
	const struct window *w, const struct view_options *o, int *width, int *height)
{
	struct paint p;
	char err[SENTENCE_MAX];
	int cols = o->cols ? o->cols : GRID_MIN_COLS, rows = o->rows ? o->rows : GRID_MIN_ROWS;
	if (!paint_open_cells(&p, cols, rows, w->type_px * w->zoom, err, sizeof(err))) {
		SDL_SetError("%s", err);
		return false;
	}
	*width = p.canvas.w;
	*height = p.canvas.h;
	paint_close(&p);
	return true;
}

/* "stale_link - g0scope" */
static void set_title(struct window *w)
{
	const char *program = recording_info(timeline_recording(w->session->tl))->program;
	const char *slash = strrchr(program, '/');
	char title[300];
	snprintf(title, sizeof(title), "%s - g0scope", slash ? slash + 1 : program);
	SDL_SetWindowTitle(w->window, title);
}

static bool open_window(struct window *w, const struct view_options *o)
{
	int width, height;
	window_size(&width, &height);
	w->type_px = (double)width / TYPES_ACROSS;
	w->zoom = w->first_zoom = o->scale > 0 ? fmin(zoom_max, fmax(zoom_min, o->scale)) : 1;
	if ((o->cols || o->rows) && !cells_size(w, o, &width, &height))
		return false;
	w->window = SDL_CreateWindow("g0scope", SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED,
		width, height, SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI);
	if (!w->window)
		return false;
	set_title(w);
	SDL_SetWindowMinimumSize(w->window, WINDOW_MIN_W, WINDOW_MIN_H);
	w->out = SDL_CreateRenderer(w->window, -1, 0);
	if (!w->out)
		w->out = SDL_CreateRenderer(w->window, -1, SDL_RENDERER_SOFTWARE);
	SDL_StartTextInput();
	return w->out != NULL;
}

static void close_window(struct window *w)
{
	scene_free(&w->scene);
	grid_free(&w->grids[0]);
	grid_free(&w->grids[1]);
	frame_free(&w->frame);
	if (w->paint.canvas.surface)
		paint_close(&w->paint);
	if (w->texture)
		SDL_DestroyTexture(w->texture);
	if (w->out)
		SDL_DestroyRenderer(w->out);
	if (w->window)
		SDL_DestroyWindow(w->window);
}

/*
 * A canvas for the window's size now, in real pixels, and type that goes with the
 * screen's density. Type too large for the window is not used, and not zoomed on from.
 */
static bool fit(struct window *w, char *err, size_t nerr)
{
	int width, height, units, unused;
	if (w->paint.canvas.surface)
		paint_close(&w->paint);
	if (w->texture)
		SDL_DestroyTexture(w->texture);
	SDL_GetWindowSize(w->window, &units, &unused);
	SDL_GetRendererOutputSize(w->out, &width, &height);
	double density = units > 0 ? (double)width / units : 1;
	w->texture = SDL_CreateTexture(
		w->out, SDL_PIXELFORMAT_ARGB8888, SDL_TEXTUREACCESS_STREAMING, width, height);
	if (!w->texture) {
		say(err, nerr, "%s", SDL_GetError());
		return false;
	}
	w->refit = false;
	w->rebuild = w->still = true;
	double px = w->type_px * density;
	if (!paint_open(&w->paint, width, height, px * w->zoom, err, nerr))
		return false;
	w->zoom = fmin(w->zoom, (w->paint.type.px + 1) / px);
	return true;
}

/* ---- showing ------------------------------------------------------------- */

/*
 * What the session shows now becomes the grid, and what was the grid the place to move
 * from.
 */
static void build(struct window *w)
{
	w->now = !w->now;
	scene_build(&w->scene, w->session);
	grid_build(&w->grids[w->now], &w->scene, w->paint.cols, w->paint.rows);
	w->moving = !w->still && !w->no_motion;
	w->began = SDL_GetTicks64();
	w->rebuild = w->still = false;
	w->repaint = true;
}

static void show(struct window *w)
{
	double share = w->moving ? (double)(SDL_GetTicks64() - w->began) / MOTION_MS : 1;
	frame_between(&w->frame, &w->grids[!w->now], &w->grids[w->now], motion_ease(share));
	paint_frame(&w->paint, &w->frame);
	SDL_Surface *s = w->paint.canvas.surface;
	SDL_UpdateTexture(w->texture, NULL, s->pixels, s->pitch);
	SDL_RenderCopy(w->out, w->texture, NULL, NULL);
	SDL_RenderPresent(w->out);
	w->moving = share < 1;
	w->repaint = false;
}

/*
 * The picture is of what the key found on the screen, so it is painted before the message
 * about it exists.
 */
static void take_screenshot(struct window *w)
{
	w->still = true;
	build(w);
	paint_grid(&w->paint, &w->grids[w->now]);
	sdl_shot_taken(w->session, &w->paint);
	w->rebuild = true;
}

/* ---- events -------------------------------------------------------------- */

static void zoom(struct window *w, int by)
{
	w->zoom = by == 0 ? w->first_zoom : w->zoom * pow(zoom_step, by);
	w->zoom = fmin(zoom_max, fmax(zoom_min, w->zoom));
	w->refit = true;
}

/* The session is being changed: all as it was shown last, but for the line that says so. */
static void show_meanwhile(struct window *w)
{
	char words[128];
	grid_meanwhile(&w->grids[w->now], errand_words(&w->errand, words, sizeof words));
	w->moving = false;
	show(w);
}

/* What comes meanwhile: it ends what is under way, or is lost. */
static void meanwhile(struct window *w, const SDL_Event *e)
{
	char name[SDL_KEY_NAME_MAX];
	const char *text = e->text.text;
	enum key_meanwhile is = MEANWHILE_NOTHING;
	if (e->type == SDL_KEYDOWN && sdl_key_name(&e->key.keysym, name))
		is = errand_key_meanwhile(&w->errand, name);
	else if (e->type == SDL_TEXTINPUT && sdl_text_key(&text, name))
		is = errand_key_meanwhile(&w->errand, name);
	else if (e->type == SDL_QUIT)
		worker_stop(w->errand.worker);
	w->quit |= is == MEANWHILE_QUIT || e->type == SDL_QUIT;
	w->refit |= e->type == SDL_RENDER_DEVICE_RESET ||
		    (e->type == SDL_WINDOWEVENT && e->window.event == SDL_WINDOWEVENT_SIZE_CHANGED);
}

/* Until what has been begun is done, or the user does not want to wait for it. */
static void attend(struct window *w)
{
	SDL_Event e;
	if (worker_wait(w->errand.worker, ERRAND_SHORT_MS))
		return;
	while (!w->quit && !worker_wait(w->errand.worker, ERRAND_TICK_MS / 4)) {
		show_meanwhile(w);
		while (!w->quit && SDL_PollEvent(&e))
			meanwhile(w, &e);
	}
}

/* What has been begun is done, and shown. */
static void finish(struct window *w)
{
	attend(w);
	if (w->quit)
		return;
	w->quit = w->session->quit;
	if (w->session->done == ACT_SCREENSHOT)
		take_screenshot(w);
	w->rebuild = true;
}

static void give_key(struct window *w, const char *name)
{
	errand_key(&w->errand, name);
	finish(w);
}

static void give_act(struct window *w, struct act act)
{
	errand_act(&w->errand, act);
	finish(w);
}

static void on_key(struct window *w, const SDL_KeyboardEvent *e)
{
	char name[SDL_KEY_NAME_MAX];
	int by;
	w->still = e->repeat || w->still;
	w->ctrl = e->keysym.mod & KMOD_CTRL;
	if (sdl_zoom_key(&e->keysym, &by))
		zoom(w, by);
	else if (sdl_key_name(&e->keysym, name))
		give_key(w, name);
}

static void on_text(struct window *w, const char *text)
{
	char name[SDL_KEY_NAME_MAX];
	while (!w->quit && sdl_text_key(&text, name))
		give_key(w, name);
}

static void on_wheel(struct window *w, const SDL_MouseWheelEvent *e)
{
	if (!e->y)
		return;
	if (SDL_GetModState() & KMOD_CTRL) {
		zoom(w, e->y > 0 ? 1 : -1);
		return;
	}
	enum action a = e->y > 0 ? ACT_SCROLL_UP : ACT_SCROLL_DOWN;
	give_act(w, (struct act){a, -1, abs(e->y), NULL});
}

/*
 * A click on the timeline, and pulling along it, goes to that step. The mouse counts in
 * units of the window.
 */
static void on_mouse(struct window *w, int x, int y, bool pulled)
{
	int units = 1, unused;
	double share;
	SDL_GetWindowSize(w->window, &units, &unused);
	double density = (double)w->paint.canvas.w / SDL_max(1, units);
	if (!paint_on_bar(
		    &w->paint, &w->grids[w->now], (struct spot){x * density, y * density}, &share))
		return;
	int64_t step = llround(share * (double)timeline_last(w->session->tl));
	give_act(w, (struct act){ACT_GOTO, -1, step, NULL});
	w->still = w->still || pulled;
}

static void on_event(struct window *w, const SDL_Event *e)
{
	switch (e->type) {
	case SDL_QUIT: give_act(w, (struct act){ACT_QUIT, -1, -1, NULL}); break;
	case SDL_KEYDOWN: on_key(w, &e->key); break;
	case SDL_TEXTINPUT:
		if (!w->ctrl)
			on_text(w, e->text.text);
		break;
	case SDL_MOUSEWHEEL: on_wheel(w, &e->wheel); break;
	case SDL_MOUSEBUTTONDOWN:
		if (e->button.button == SDL_BUTTON_LEFT)
			on_mouse(w, e->button.x, e->button.y, false);
		break;
	case SDL_MOUSEMOTION:
		if (e->motion.state & SDL_BUTTON_LMASK)
			on_mouse(w, e->motion.x, e->motion.y, true);
		break;
	case SDL_RENDER_DEVICE_RESET: w->refit = true; break;
	case SDL_WINDOWEVENT:
		w->refit = w->refit || e->window.event == SDL_WINDOWEVENT_SIZE_CHANGED;
		w->repaint = w->repaint || e->window.event == SDL_WINDOWEVENT_EXPOSED;
		break;
	}
}

/*
 * All that has happened; sleeps until something does, or until the motion wants its next
 * picture.
 */
static void take_events(struct window *w)
{
	SDL_Event e;
	int any = w->moving ? SDL_WaitEventTimeout(&e, MOTION_TICK_MS) : SDL_WaitEvent(&e);
	for (; any && !w->quit; any = SDL_PollEvent(&e))
		on_event(w, &e);
}

static int run(struct window *w)
{
	char err[SENTENCE_MAX];
	w->refit = true;
	while (!w->quit) {
		if (w->refit && !fit(w, err, sizeof(err)))
			return fail("the window cannot be drawn", err);
		if (w->rebuild)
			build(w);
		if (w->repaint || w->moving)
			show(w);
		take_events(w);
	}
	return 0;
}

bool view_sdl_built_in(void)
{
	return true;
}

bool view_sdl_display(char *why, size_t n)
{
	const char *reason;
	bool ok = start_video(&reason);
	if (!ok)
		say(why, n, "%s; use --view=tui in a terminal, or --view=text", reason);
	SDL_Quit();
	return ok;
}

bool view_sdl_font(char *why, size_t n)
{
	enum { PX = 16 };
	struct type t;
	bool ok = type_open(&t, PX, why, n);
	if (ok)
		type_close(&t);
	return ok;
}

int view_sdl(struct session *s, struct worker *worker, const struct view_options *o)
{
	if (o->screenshot)
		return sdl_shot_headless(s, o);
	struct window w = {.session = s,
		.errand = {.session = s, .worker = worker},
		.no_motion = is_set("G0SCOPE_NO_MOTION")};
	const char *why;
	int status;
	if (!start_video(&why))
		status = fail("a window cannot be opened", why);
	else if (!open_window(&w, o))
		status = fail("a window cannot be opened", SDL_GetError());
	else
		status = run(&w);
	close_window(&w);
	SDL_Quit();
	return status;
}
