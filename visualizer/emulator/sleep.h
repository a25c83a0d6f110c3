/* SPDX-License-Identifier: MIT */
/*
 * Threads that sleep in a system call, and what wakes them: another thread, the time, a signal,
 * what comes from outside.
 */
#ifndef EMULATOR_SLEEP_H
#define EMULATOR_SLEEP_H

#include "guest.h"

/* What a system call gives whose thread has fallen asleep; until: by itself then (NEVER: not). */
#define FELL_ASLEEP INT64_MIN
int64_t sleep_begin(struct guest *g, struct guest_thread *t, enum sleeps_in where, uint64_t until);
/* It comes out of its call with this result, once it is executed again. */
void sleep_wake(struct guest_thread *t, int64_t result);
/* A thread that was woken, and is on, comes out of its system call. */
void sleep_come_out(struct guest *g, struct guest_thread *t);

/* Those who sleep until a time that has come are woken. */
void sleep_wake_by_time(struct guest *g);
/* Wake up to n that sleep at a word, and hear any of these bits. How many it were. */
int sleep_wake_futex(struct guest *g, uint64_t addr, int n, uint32_t bits);
/*
 * Those who read our own input look once more, if there is any; until_there: when there is. False:
 * nobody reads it.
 */
bool sleep_wake_by_input(struct guest *g, bool until_there);
/* Whether a read of it would not wait: there is some, or it has ended, or cannot be read. */
bool sleep_input_is_there(const struct guest *g);
/* What it waits for may be there: it makes its call once more. */
void sleep_again(struct guest_thread *t);
/* A signal has come: after that it makes its call once more, or hears of it. */
void sleep_interrupt(struct guest *g, struct guest_thread *t, bool again);

/* The time of a struct timespec, from now or as it is: 0, or -errno. */
int64_t sleep_time(struct guest *g, uint64_t at, bool from_now, uint64_t *when);

#endif
