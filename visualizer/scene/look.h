/* SPDX-License-Identifier: MIT */
/* How links and verdicts look, in every view, by model/link.def and model/verdict.def. */
#ifndef SCENE_LOOK_H
#define SCENE_LOOK_H

#include "model/walk.h"
#include "thing.h"

enum link_line { LINE_SINGLE, LINE_DOUBLE, LINE_DASHED };
enum link_head { HEAD_FILLED, HEAD_HOLLOW, HEAD_DOT };

struct link_look {
	enum role role;
	enum link_line line;
	enum link_head head;
	const char *mark;   /* on the arrow; "": none */
	const char *legend; /* "": not there */
};
const struct link_look *link_look(enum link l);

enum role verdict_role(enum verdict v);

#endif
