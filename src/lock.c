/* SPDX-License-Identifier: MIT */
/*
 * lock.c - mutexes and notes on futexes: all that an M ever blocks on.
 *
 * A lock is held for a few dozen instructions, so whoever finds it taken spins a little before
 * it sleeps in the kernel. The spin is short and bounded: stepped one M at a time, it can only
 * be waited out.
 */
#include "os.h"
#include "runtime.h"

enum { SPINS = 30 };

/*
 * Once anybody has slept, whoever gets the lock must take it as SLEPT_ON: others may sleep
 * still.
 */
void lockslow(_Atomic uint32_t *l)
{
	for (int i = 0; i < SPINS; i++) {
		procyield();
		if (atomic_load(l) == UNLOCKED && trylock(l))
			return;
	}
	while (atomic_exchange(l, SLEPT_ON) != UNLOCKED)
		futexsleep(l, SLEPT_ON, -1);
}

/* l was not LOCKED, but what was says, until just now. */
void unlockslow(_Atomic uint32_t *l, uint32_t was)
{
	if (was == UNLOCKED)
		throw("unlock: of an unlocked lock");
	futexwakeup(l, 1);
}

/* A note: one sleeps, one wakes, once; noteclear makes it good for the next time. */
void notesleep(_Atomic uint32_t *n)
{
	if (getg() != getg()->m->g0)
		throw("notesleep: not on g0");
	while (atomic_load(n) == 0)
		futexsleep(n, 0, -1);
}

/* notesleep for at most ns nanoseconds of real time (-1: no limit). Whether it was woken. */
bool notetsleep(_Atomic uint32_t *n, int64_t ns)
{
	int64_t from, now;

	if (ns < 0) {
		notesleep(n);
		return true;
	}
	/* What is left is counted, not when that ends, which may be past all time there is. */
	for (from = osnanotime(); atomic_load(n) == 0 && ns > 0; from = now) {
		futexsleep(n, 0, ns);
		now = osnanotime();
		ns -= now - from;
	}
	return atomic_load(n) != 0;
}

void notewakeup(_Atomic uint32_t *n)
{
	if (atomic_exchange(n, 1) != 0)
		throw("notewakeup: woken twice");
	futexwakeup(n, 1);
}

void noteclear(_Atomic uint32_t *n)
{
	atomic_store(n, 0);
}
