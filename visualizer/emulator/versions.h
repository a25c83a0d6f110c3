/* SPDX-License-Identifier: MIT */
/*
 * The guest's memory as it was at some time, to be had again: a tree, in which each version has the
 * pages that differ from those of the one before. The first time that a page changes after a
 * version it is copied; to return is to put copies back.
 */
#ifndef EMULATOR_VERSIONS_H
#define EMULATOR_VERSIONS_H

#include "space.h"

struct version;

/* The memory as it is now. */
struct version *version_keep(struct space *sp);
/* Make it as it was then; as often as wanted, and from wherever. */
void version_return(struct space *sp, struct version *v);
/* Nobody will return to it. */
void version_free(struct space *sp, struct version *v);
/* No version is left: for whoever ends. */
void versions_free(struct space *sp);

#endif
