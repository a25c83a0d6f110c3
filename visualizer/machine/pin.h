/* SPDX-License-Identifier: MIT */
/*
 * One CPU for us and for what executes for us: an answer from another CPU takes three times as long
 * by ptrace, and ten times from the emulator.
 */
#ifndef MACHINE_PIN_H
#define MACHINE_PIN_H

/* Stay on one CPU from now on, until as many calls of cpu_unpin. */
void cpu_pin(void);
void cpu_unpin(void);

/* How many we may have. */
int pin_count(void);
/* Which one; go on to the n-th after it, of those that we may have; have a thread be on one. */
int pin_where(void);
void pin_move_on(int n);
void pin_bind(int tid, int cpu);

#endif
