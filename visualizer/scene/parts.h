/* SPDX-License-Identifier: MIT */
/* The parts of a scene, a file each; scene.c calls them in the order in which they are told. */
#ifndef SCENE_PARTS_H
#define SCENE_PARTS_H

#include "append.h"
#include "facts.h"
#include "ids.h"
#include "look.h"
#include "model/text.h"
#include "scene.h"

struct making {
	struct scene *sc;
	struct facts f;
	int *stack; /* for each of f.at.now->stacks its thing; -1: it has none. Its register comes
		       next, and then its words */
};

void make_header(struct making *mk); /* header.c: title, Ms, Gs, damage */
void make_stacks(struct making *mk); /* stacks.c: stacks, their words, marks */
void make_links(struct making *mk);  /* links.c: where frame pointers lead, from stack to stack */
void make_queues(struct making *mk); /* queues.c: what waits for a P */
void make_legend(struct making *mk); /* answer.c */
void make_answer(struct making *mk); /* answer.c: a profiler's report, the truth, the verdict */
void make_code(struct making *mk);   /* code.c: instructions and registers */
void make_narration(struct making *mk); /* narration.c: the step, the lesson's text, the bar */
void make_keys(struct scene *sc, const struct session *s);     /* keys.c */
void make_help(struct scene *sc);                              /* pages.c */
void make_output(struct scene *sc, const struct session *s);   /* pages.c */
void make_places(struct scene *sc, const struct session *s);   /* pages_of_run.c */
void make_schedule(struct scene *sc, const struct session *s); /* pages_of_run.c */
void make_twin(struct scene *sc, const struct session *s);     /* pages_of_twin.c */
/* A line of a page, and one of two columns. */
void page_heading(struct scene *sc, const char *words);
void page_entry(struct scene *sc, const char *term, const char *words);

/* The thing of a word; of an address that no word is at, the stack's; -1: there is neither. */
int word_thing(const struct making *mk, uint64_t addr);

#endif
