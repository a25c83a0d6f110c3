/* SPDX-License-Identifier: MIT */
/* The fixture, part by part as on the screen. */
#include "sdl_fixture.h"

#include <stdio.h>
#include <string.h>

#include "model/xalloc.h"

enum { LEFT = 1, MIDDLE = 59, RIGHT = 116, TOP_ROW = 3 };

struct draw *fixture_add(
	struct grid *grid, enum draw_kind kind, int x, int y, enum role role, const char *text)
{
	grid->draws = xgrow(grid->draws, &grid->cap, grid->n + 1, sizeof(*grid->draws));
	struct draw *d = &grid->draws[grid->n++];
	memset(d, 0, sizeof(*d));
	d->kind = kind;
	d->id.address = (uint64_t)(kind * 0x10000 + y * 0x100 + x);
	d->x = (int16_t)x;
	d->y = (int16_t)y;
	d->w = (int16_t)strlen(text);
	d->role = role;
	d->owner = -1;
	snprintf(d->text, sizeof(d->text), "%s", text);
	return d;
}

static struct draw *box(struct grid *grid, int x, int y, int w, int h, int owner, const char *title)
{
	struct draw *d = fixture_add(grid, DRAW_BOX, x, y, ROLE_FRAME, title);
	d->w = (int16_t)w;
	d->h = (int16_t)h;
	d->owner = (int8_t)owner;
	return d;
}

static struct draw *text(struct grid *grid, int x, int y, enum role role, const char *words)
{
	return fixture_add(grid, DRAW_TEXT, x, y, role, words);
}

struct draw *fixture_link(struct grid *grid, enum link link, int n, const int *xy)
{
	const struct link_look *look = link_look(link);
	struct draw *d = fixture_add(grid, DRAW_LINK, xy[0], xy[1], look->role, look->mark);
	d->link = link;
	d->bold = true;
	d->npoints = (uint8_t)n;
	for (int i = 0; i < n; i++)
		d->points[i] = (struct point){(int16_t)xy[2 * i], (int16_t)xy[2 * i + 1]};
	return d;
}

/* ---- stacks -------------------------------------------------------------- */

static void stack(struct grid *grid, int x, int owner, const char *title, const char *const *words,
	int written)
{
	int n = 0;
	while (words[n])
		n++;
	box(grid, x, TOP_ROW, 48, n + 2, owner, title);
	for (int i = 0; i < n; i++)
		text(grid, x + 2, TOP_ROW + 1 + i, i < written ? ROLE_WRITTEN : ROLE_TEXT,
			words[i]);
}

static void stacks(struct grid *grid, bool later)
{
	static const char *const g0[] = {
		"…d8f0  0x0000000000000003  local",
		"…d8f8  0x00000000004012af  ret schedule+0x9f",
		"…d900  …d930               fp",
		"…d908  0x00000000004013c1  ret gosched_m+0x31",
		"…d910  0x0000000000000000  local",
		"…d918  0x00007f1000048000  local",
		"…d930  …7f90               fp",
		"…d938  0x00000000004015f7  ret mcall_keep+0x2a",
		NULL,
	};
	static const char *const g1[] = {
		"…7f58* 0x00000000004017c2  ret repaint+0x1e",
		"…7f60* …7fc0               fp",
		"…7f68  0x0000000000000002  local",
		"…7f70  0x0000000000000007  local",
		"…7f90  …7fc0               fp",
		"…7f98  0x0000000000401910  ret work+0x40",
		"…7fc0  0x0000000000000000  fp",
		"…7fc8  0x0000000000401a00  ret goexit_stub",
		NULL,
	};
	stack(grid, LEFT, 0, "g0 of M0", g0, 0);
	stack(grid, MIDDLE, 1, "G1 ─ owned by M1", g1, later ? 2 : 1);
	text(grid, LEFT + 48, TOP_ROW + 3, ROLE_SP, "◀SP");
	text(grid, LEFT + 52, TOP_ROW + 3, ROLE_FP, "◀FP");
	text(grid, MIDDLE + 48, TOP_ROW + (later ? 1 : 2), ROLE_SP, "◀SP");
	text(grid, MIDDLE + 52, TOP_ROW + 2, ROLE_FP, "◀FP");
}

static void links(struct grid *grid, bool later)
{
	int to = TOP_ROW + (later ? 2 : 5);
	fixture_link(grid, LINK_CALL, 4,
		(int[]){33, TOP_ROW + 3, 46, TOP_ROW + 3, 46, TOP_ROW + 7, 34, TOP_ROW + 7});
	fixture_link(grid, LINK_FOREIGN, 4,
		(int[]){33, TOP_ROW + 7, 54, TOP_ROW + 7, 54, to, MIDDLE + 1, to})
		->id.address = 7;
	fixture_link(grid, LINK_CALL, 4,
		(int[]){91, TOP_ROW + 2, 104, TOP_ROW + 2, 104, TOP_ROW + 7, 92, TOP_ROW + 7});
	fixture_link(grid, LINK_TOP, 2, (int[]){91, TOP_ROW + 7, 96, TOP_ROW + 7});
}

/* ---- what is around them ------------------------------------------------- */

static void head(struct grid *grid, bool later)
{
	text(grid, 1, 0, ROLE_TITLE, "stale_link")->bold = true;
	text(grid, 13, 0, ROLE_DIM, "keep: FP left as it was (Go <= 1.24 on amd64)");
	text(grid, 75, 0, ROLE_DIM,
		later ? "step 215 of 1033 · event 12 · M0*98 M1*117"
		      : "step 214 of 1033 · event 12 · M0*98 M1*116");
	text(grid, 1, 2, ROLE_OWNER, "M0 [P0] on g0, curg none, gave up G1 9 steps ago")->owner = 0;
	struct draw *m1 = text(grid, MIDDLE, 2, ROLE_OWNER, "M1 [P1] running G1");
	m1->owner = 1;
	m1->bold = true;
	box(grid, RIGHT, TOP_ROW, 16, 5, -1, "run queues");
	text(grid, RIGHT + 2, TOP_ROW + 1, ROLE_TEXT, "P0  (empty)");
	text(grid, RIGHT + 2, TOP_ROW + 2, ROLE_TEXT, "P1  G2");
	text(grid, RIGHT + 2, TOP_ROW + 3, ROLE_DIM, "global (empty)");
}

static void verdict(struct grid *grid, int y)
{
	static const char *const reported[] = {
		"  schedule", "  gosched_m", "  mcall_keep", "✗ repaint+0x1e", "✗ work+0x40"};
	text(grid, 1, y, ROLE_TITLE, "a profiler would report for M0 now");
	text(grid, 42, y, ROLE_TITLE, "the truth");
	for (int i = 0; i < 5; i++) {
		text(grid, 1, y + 1 + i, i < 3 ? ROLE_TEXT : ROLE_BAD, reported[i]);
		if (i < 3)
			text(grid, 42, y + 1 + i, ROLE_GOOD, reported[i]);
	}
	text(grid, 18, y + 4, ROLE_DIM, "never called mcall");
	struct draw *name = text(grid, 2, y + 6, ROLE_BAD, "CHIMERA");
	name->bold = true;
	name->badge = strlen("CHIMERA");
	text(grid, 11, y + 6, ROLE_TEXT, "frames that never called each other");
	text(grid, 74, y, ROLE_TITLE, "M0 ▸ schedule+0x9c  src/proc.c:88");
	text(grid, 76, y + 1, ROLE_DIM, "4012a8  mov  0x18(%rax),%rdx");
	text(grid, 76, y + 2, ROLE_PC, "4012ac  test %rdx,%rdx");
	text(grid, 76, y + 3, ROLE_DIM, "4012af  je   4012d0");
}

static void foot(struct grid *grid, int y, bool later)
{
	static const char *const keys[] = {"→", "step", "←", "back", "e/E", "event", "m",
		"choose M", "p", "policy", "?", "help"};
	text(grid, 1, y, ROLE_NARRATION,
		"G1 was resumed by M1 and is calling repaint(). M0's saved frame pointer "
		"still points at …7f90, where mcall's frame used to be.");
	if (later)
		text(grid, 1, y + 1, ROLE_ERROR, "only M0 and M1 exist");
	struct draw *bar = fixture_add(grid, DRAW_BAR, 1, y + 2, ROLE_DIM, "");
	bar->w = 118;
	bar->nmarks = 4;
	memcpy(bar->marks,
		(struct bar_mark[]){{90, 's'}, {160, 'f'}, {600, 's'}, {later ? 211 : 207, 'c'}},
		4 * sizeof(struct bar_mark));
	for (int i = 0, x = 1; i < 12; i++) {
		text(grid, x, y + 3, i % 2 ? ROLE_DIM : ROLE_KEY, keys[i]);
		x += (i % 2 ? 3 : 2) + (int)(i % 2 || strlen(keys[i]) < 4 ? strlen(keys[i]) : 3);
	}
}

static void build(struct grid *grid, int cols, int rows, bool later)
{
	grid->cols = cols;
	grid->rows = rows;
	grid->n = 0;
	head(grid, later);
	stacks(grid, later);
	links(grid, later);
	text(grid, 1, 14, ROLE_DIM,
		"── call, same stack   ══✗══▶ foreign: another M runs this stack   "
		"══▷ own   ┄┄▷ idle   ● top (0)");
	verdict(grid, 16);
	foot(grid, 25, later);
}

void fixture_scene(struct grid *grid, int cols, int rows)
{
	build(grid, cols, rows, false);
}

void fixture_later(struct grid *grid, int cols, int rows)
{
	build(grid, cols, rows, true);
}
