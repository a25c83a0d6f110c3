/* SPDX-License-Identifier: MIT */
/*
 * g0.h - the teaching runtime's public interface. A program defines go_main; the runtime owns main.
 * Every function here is called by a G, on its own stack, unless its comment says otherwise.
 */
#ifndef G0_H
#define G0_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct chan;

/* The program's arguments, as main got them. */
extern int g0_argc;
extern char **g0_argv;

/*
 * The program: runs as G1. When it returns the process exits with status 0, whatever other Gs
 * do (as in Go).
 */
void go_main(void);

/*
 * Start a G that calls fn(arg). Runnable at once, on this M's P or a thief's. Ends the process
 * if memory is out.
 */
void go(void (*fn)(void *arg), void *arg);

/* Let other Gs run: this one goes to the tail of the global run queue. */
void gosched(void);

/* End this G. Returning from its function does the same. */
_Noreturn void goexit(void);

/* This G's number: 1 is go_main, never used twice. */
int64_t goid(void);

/*
 * A channel for n elements of elemsize bytes each; n == 0: unbuffered, a send waits for its
 * receiver. Lives until chanfree, which must find nobody waiting on it.
 */
struct chan *makechan(size_t elemsize, size_t n);
void chanfree(struct chan *c);

/*
 * Copy *elem into the channel; waits while it is full. Elements arrive in the order sent. A send
 * on a closed channel ends the process.
 */
void chansend(struct chan *c, const void *elem);

/*
 * Take the next element into *elem; waits while there is none. False: there will be none any
 * more, as the channel is closed and empty; *elem is zero then.
 */
bool chanrecv(struct chan *c, void *elem);

/* The same without waiting: whether it was done. *ok is what chanrecv would have returned. */
bool chantrysend(struct chan *c, const void *elem);
bool chantryrecv(struct chan *c, void *elem, bool *ok);

/*
 * Nobody will send any more. What was sent can still be received; all who wait go on. For the
 * sender to call, once: closing a closed channel ends the process.
 */
void chanclose(struct chan *c);

/*
 * A case of a select: send *elem to the channel, or receive from it into *elem. c may be NULL:
 * then it is never done.
 */
struct scase {
	struct chan *c;
	void *elem;
	bool send;
	bool ok; /* set if this case was done: what chanrecv would have returned */
};

/*
 * Do one of n cases, at most 256, and return its index. If several could be done one of them is
 * drawn; if none, it waits, or, unless block, returns -1. A send to a closed channel ends the
 * process. With no channel at all it waits for ever. A case takes about 80 bytes of stack while
 * it waits.
 */
int selectgo(struct scase *cases, int n, bool block);

/*
 * Write a string to standard output in one system call. Safe on a G stack; errors are not
 * reported.
 */
void g0_puts(const char *s);

#endif
