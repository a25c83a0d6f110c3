/* SPDX-License-Identifier: MIT */
/*
 * The parts of the main picture, a file each; scene.c calls them in the order in which they
 * lie on each other.
 */
#ifndef SCENE_PICTURE_H
#define SCENE_PICTURE_H

#include "layout.h"

struct picture {
	struct scene *sc;
	struct facts f;
	struct layout l;
	int nplaces;
	struct place *places; /* boxes, and after them the lines of the list */
};

/* ids.c: ids of what has a place in memory. */
struct thing_id stack_id(const struct facts *f, enum tag tag, int stack);
struct thing_id word_id(const struct facts *f, enum tag tag, int stack, uint64_t addr, int part);
/* Of record rec of the chain of f->at.now->ms[m], or (rec < 0) its register. */
struct thing_id record_id(const struct facts *f, enum tag tag, int m, int rec, int part);
struct thing_id frame_id(const struct facts *f, int m, int frame);

void draw_header(struct picture *p); /* header.c: title, and what each M is doing */
void draw_stacks(struct picture *p); /* stacks.c: boxes and words */
void draw_lists(struct picture *p);  /* lists.c: run queues, and stacks without a box */
void draw_links(struct picture *p);  /* links.c: the chains */
void draw_answers(
	struct picture *p); /* answer.c: what a profiler would report, the truth, the verdict */
void draw_code(struct picture *p);      /* disasm.c: instructions and registers */
void draw_narration(struct picture *p); /* narration.c: the last step, the lesson's prose, bar */
/* keybar.c: the last line of every page. all_shown: there is no other pane. */
void draw_keys(struct scene *sc, const struct session *s, bool all_shown);

void draw_help(struct scene *sc, const struct session *s); /* pages.c */
void draw_output(struct scene *sc, const struct session *s);
void draw_too_small(struct scene *sc);

#endif
