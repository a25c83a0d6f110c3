/* SPDX-License-Identifier: MIT */
/*
 * Pictures in cells as what is sent to a terminal, without one: the control sequences of ECMA-48
 * that all of them know, colours out of 256. Each picture after the first is only what differs.
 */
#ifndef VIEW_ANSI_H
#define VIEW_ANSI_H

#include "cells.h"
#include "model/bytes.h"

/* Zeroed, but for `colored`, before the first picture. */
struct ansi {
	bool colored;
	int cols, rows; /* of what has been sent; 0: nothing yet */
	struct cell *sent;
	struct bytes out; /* what is to be sent */
};

/* What makes the picture before into this one, in a->out. */
void ansi_draw(struct ansi *a, const struct cells *c);
void ansi_free(struct ansi *a);

#endif
