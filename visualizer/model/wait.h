/* SPDX-License-Identifier: MIT */
/*
 * What Gs wait for: channels, mutexes and the like that some G waits on now, and the timers that
 * run. A part of a snapshot; objects are named by their addresses, as stacks are.
 */
#ifndef MODEL_WAIT_H
#define MODEL_WAIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum wait_kind { WAIT_CHAN, WAIT_MUTEX, WAIT_RWMUTEX, WAIT_WAITGROUP, WAIT_TIMER, WAIT_KINDS };

/* What an object has numbers of: indexes into wait_object.number, by its kind; the rest are 0. */
enum { CHAN_ELEMSIZE, CHAN_CAP, CHAN_LEN, CHAN_CLOSED };
enum { MUTEX_USERS, MUTEX_RELEASED }; /* who has it or wants it; releases that nobody has taken */
enum { RWMUTEX_READING, RWMUTEX_WRITING };
enum { WAITGROUP_N };
/* In ns, as the program's clock; how many were started before it; what a new G is to call. */
enum { TIMER_WHEN, TIMER_SEQ, TIMER_FN, TIMER_ARG };
/* And lists: indexes into wait_object.n. Of Gs, who has waited longest first, but for elements. */
enum { CHAN_RECEIVERS, CHAN_SENDERS, CHAN_ELEMENTS };
enum { MUTEX_WAITERS };
enum { RWMUTEX_READERS, RWMUTEX_WRITERS };
enum { WAITGROUP_WAITERS };
enum { TIMER_WAKES }; /* one G, or none where it starts a new one */
enum { WAIT_NUMBERS = 4, WAIT_LISTS = 3 };

/* More than any program has at once; of a channel's elements the oldest are told, so many. */
enum { WAITS_MAX = 1 << 16, WAIT_ENTRIES_MAX = 1 << 20, CHAN_ELEMENTS_MAX = 256 };

struct wait_object {
	enum wait_kind kind;
	int at; /* where in waits.entry its lists are, one behind the other */
	int n[WAIT_LISTS];
	uint64_t addr;
	uint64_t number[WAIT_NUMBERS];
};

struct waits {
	int n, nentries;
	struct wait_object *object; /* in order of address, then of kind */
	uint64_t *entry; /* G ids; elements of up to 8 bytes, of larger ones none are told */
};

/* How a number is written. */
enum wait_form { WAIT_DECIMAL, WAIT_HEX, WAIT_BOOL };

/* What a kind is called, its numbers and its lists, everywhere. */
struct wait_words {
	const char *name;
	struct wait_word {
		const char *name; /* NULL: there are no more */
		enum wait_form form;
	} number[WAIT_NUMBERS], list[WAIT_LISTS];
};
const struct wait_words *wait_words(enum wait_kind kind);

/* The first entry of a list, which has o->n[list]. */
const uint64_t *wait_list(const struct waits *w, const struct wait_object *o, int list);
bool wait_list_same(const struct waits *was, const struct wait_object *a, const struct waits *now,
	const struct wait_object *b, int list);
/* Whether all are; false, if seldom, where only what lies between fields is another. */
bool waits_same(const struct waits *was, const struct waits *now);
int wait_entries(const struct wait_object *o); /* of all its lists */
/* < 0: the first comes before the other; 0: they are the same object, now and then. */
int wait_order(const struct wait_object *a, const struct wait_object *b);
/* Where it is, or where it would be if it is not there. */
int wait_place(const struct waits *w, enum wait_kind kind, uint64_t addr, bool *is_there);
/* Whether every count and index is one that can be, and all is in order. */
bool waits_are_sound(const struct waits *w);
/* Of one by itself; `at` apart. */
bool wait_is_sound(const struct wait_object *o);

#endif
