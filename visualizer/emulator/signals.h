/* SPDX-License-Identifier: MIT */
/* Signals: to whom, when, and what comes of them. */
#ifndef EMULATOR_SIGNALS_H
#define EMULATOR_SIGNALS_H

#include "guest.h"

/* The kernel's: a handler returns to where the program says. Without it there is no restorer. */
enum { SIGNALS_RESTORER = 0x04000000 };
/* The kernel's: such a stack is none any more while a handler is on it. */
#ifndef SS_AUTODISARM
#define SS_AUTODISARM (1U << 31)
#endif

/*
 * Somebody sends it, as code says (SI_USER, SI_TKILL); the thread takes it when it is about to
 * execute something. To any: one that takes it at once; if all hold it back, whoever is the first
 * that does not any more. False: too many wait.
 */
bool signals_send(struct guest *g, struct guest_thread *t, int number, int code);
bool signals_send_any(struct guest *g, int number, int code);
/* What is to be done at a signal is another: who is to ignore it has none that wait. */
void signals_see_action(struct guest *g, int number);

/* From now on the thread holds these back, but for those that nobody can. */
void signals_set_mask(struct guest_thread *t, uint64_t mask);
/* Whether a thread with that SP is on its stack for handlers. */
bool signals_on_alt(const struct guest_thread *t, uint64_t sp);
/* Another one for the thread, which is on: 0, or -errno. */
int64_t signals_set_alt(struct guest *g, struct guest_thread *t, struct alt_stack alt);
/* What a handler is told of a signal: the begin of a siginfo_t, of which the rest is zeros. */
void signals_info(const struct guest *g, const struct guest_signal *signal, uint8_t *to);
/* What the thread has done cannot be done: it takes it at once, or the program ends. */
void signals_force(struct guest *g, struct guest_thread *t, struct guest_signal signal);
/* The thread, which is on, is about to execute something: take what it has been sent. */
void signals_take(struct guest *g, struct guest_thread *t);
/* Whether it has been sent one that it takes. */
bool signals_are_due(const struct guest *g, const struct guest_thread *t);

#endif
