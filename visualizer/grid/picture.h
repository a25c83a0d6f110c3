/* SPDX-License-Identifier: MIT */
/*
 * The parts of the main picture, a file each; grid.c calls them in the order in which they
 * lie on each other.
 */
#ifndef GRID_PICTURE_H
#define GRID_PICTURE_H

#include "draw.h"
#include "layout.h"

struct picture {
	struct grid *grid;
	const struct scene *sc;
	struct layout l;
	int nplaces;
	struct place *places; /* boxes, and after them the lines of the list */
};

/*
 * picture.c: a text of a thing, in one of its lengths, with its style; as id it has the thing's,
 * with that part. Returns as draw_text does; what the thing does not say is drawn as nothing.
 */
int draw_thing(
	struct picture *p, const struct thing *t, unsigned part, struct rect at, enum length l);

/* picture.c: the first of its lengths that goes into w cells, or the last. */
enum length length_that_fits(const struct text *text, int w);

void draw_header(struct picture *p);    /* header.c: title, and what each M is doing */
void draw_boxes(struct picture *p);     /* boxes.c: stacks and words */
void draw_list(struct picture *p);      /* list.c: run queues, and stacks without a box */
void draw_arrows(struct picture *p);    /* arrows.c: the chains */
void draw_report(struct picture *p);    /* report.c: legend, report, truth and verdict */
void draw_code(struct picture *p);      /* code.c: instructions and registers */
void draw_narration(struct picture *p); /* narration.c: the last step, the lesson's text, bar */
/* keybar.c: the last line of every page. all_shown: there is no other pane. */
void draw_keys(struct grid *grid, const struct scene *sc, bool all_shown);

void draw_lines(struct grid *grid, const struct scene *sc); /* pages.c */
void draw_output(struct grid *grid, const struct scene *sc);
void draw_too_small(struct grid *grid);

#endif
