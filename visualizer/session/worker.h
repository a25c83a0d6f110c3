/* SPDX-License-Identifier: MIT */
/*
 * A thread that executes for a view, so that the view never waits. A program can be stepped by the
 * thread alone that has started it: so one and the same worker opens a session, does all that
 * executes in it, and closes it.
 *
 * Whatever is under way has the session for itself: until it is done nobody else looks at it.
 */
#ifndef SESSION_WORKER_H
#define SESSION_WORKER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct worker;

/* NULL: this system has no thread to give. */
struct worker *worker_new(void);
/* Waits for what is under way. NULL is fine. */
void worker_free(struct worker *w);

/* Have it call fn(ctx), and return at once. Nothing may be under way. */
void worker_begin(struct worker *w, void (*fn)(void *ctx), void *ctx);
/*
 * Wait for that, ms milliseconds at most; -1: as long as it takes. True: nothing is under way any
 * more. For the thread that began it.
 */
bool worker_wait(struct worker *w, int ms);
/* The same in one. */
void worker_do(struct worker *w, void (*fn)(void *ctx), void *ctx);
/* Readable from when something is done until worker_wait has said so. */
int worker_fd(const struct worker *w);

/* What is under way is to come to its end soon, wherever that is. Of no effect afterwards. */
void worker_stop(struct worker *w);
/* For what is under way: whether it is to; and where one may look whenever one likes. */
bool worker_is_stopped(const struct worker *w);
const atomic_bool *worker_stopped_flag(const struct worker *w);
/* How far it has come, in steps; 0 at its begin. Told by what is under way, asked by anybody. */
void worker_tell(struct worker *w, int64_t steps);
int64_t worker_told(const struct worker *w);

#endif
