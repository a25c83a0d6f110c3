/* SPDX-License-Identifier: MIT */
/*
 * A pool of strings, each held once: equal strings have equal pointers, which live as
 * long as the pool.
 */
#ifndef MODEL_STRPOOL_H
#define MODEL_STRPOOL_H

#include <stddef.h>

struct strpool {
	size_t n, nslots;
	char **slots; /* open addressing; nslots is a power of two */
};

/* The pool's copy of s; NULL for NULL. */
const char *strpool_keep(struct strpool *t, const char *s);
void strpool_free(struct strpool *t);

#endif
