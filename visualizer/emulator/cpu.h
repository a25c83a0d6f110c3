/* SPDX-License-Identifier: MIT */
/* The engine: instructions of one thread, its registers, and memory as the kernel touches it. */
#ifndef EMULATOR_CPU_H
#define EMULATOR_CPU_H

#include "guest.h"

/* The engine with its hooks, and nothing to execute. False: it cannot be had. */
bool cpu_open(struct guest *g);
void cpu_close(struct guest *g);

/* A thread's registers, as those are that the engine has now. NULL: no memory. */
uc_context *cpu_copy(struct guest *g);
/* Put a thread on the engine, in place of the one that is. */
void cpu_put_on(struct guest *g, struct guest_thread *t);
/* None is on. */
void cpu_put_off(struct guest *g);
/* Of the thread that is on, by the engine's names. */
uint64_t cpu_get(struct guest *g, int reg);
void cpu_set(struct guest *g, int reg, uint64_t value);
/* The same, as far as a program sees them. */
uint64_t cpu_seen(struct guest *g, int reg);
void cpu_set_seen(struct guest *g, int reg, uint64_t value);
/* All that are told, in the order of arch_desc. */
void cpu_get_all(struct guest *g, uint64_t *values);
/* Of these only those whose bit is set in which. */
void cpu_get_these(struct guest *g, uint64_t which, uint64_t *values);

/* Execute up to n instructions of the thread that is on. How many; g->stopped says why no more. */
int64_t cpu_run(struct guest *g, int64_t n);

/* For the kernel: false if not all of it may be read or written so. */
bool cpu_read(struct guest *g, uint64_t addr, void *to, size_t n);
bool cpu_write(struct guest *g, uint64_t addr, const void *from, size_t n);
/* A string with its end, of at most n bytes. */
bool cpu_string(struct guest *g, uint64_t addr, char *to, size_t n);

#endif
