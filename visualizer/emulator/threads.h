/* SPDX-License-Identifier: MIT */
/* The guest's threads. */
#ifndef EMULATOR_THREADS_H
#define EMULATOR_THREADS_H

#include "guest.h"

struct clone_args;

/* As many as can be told of (wire.h). */
enum { GUEST_THREADS_MAX = 256 };

/* One with the registers that are on the engine; NULL: no memory, or too many. */
struct guest_thread *threads_add(struct guest *g);
/* What clone3 asks for, of parent, which is on: the new one's id, or -errno. */
int64_t threads_begin(struct guest *g, struct guest_thread *parent, const struct clone_args *how);
/* t ends; if it was the last, the program has ended with that status. */
void threads_end(struct guest *g, struct guest_thread *t, int status);
/* As if the last one had never begun; it is not on. */
void threads_drop_last(struct guest *g);
void threads_free(struct guest *g);

#endif
