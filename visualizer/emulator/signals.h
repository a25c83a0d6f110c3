/* SPDX-License-Identifier: MIT */
/* Signals: to whom, when, and what comes of them. */
#ifndef EMULATOR_SIGNALS_H
#define EMULATOR_SIGNALS_H

#include "guest.h"

/* Somebody sends it; the thread takes it when it is about to execute something. */
void signals_send(struct guest *g, struct guest_thread *t, int number);
/* What the thread has done cannot be done: it takes it at once, or the program ends. */
void signals_force(struct guest *g, struct guest_thread *t, struct guest_signal signal);
/* The thread, which is on, is about to execute something: take what it has been sent. */
void signals_take(struct guest *g, struct guest_thread *t);
/* Whether it has been sent one that it takes. */
bool signals_are_due(const struct guest *g, const struct guest_thread *t);

#endif
