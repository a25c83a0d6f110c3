/* SPDX-License-Identifier: MIT */
/*
 * What g0scope and g0scope-emulator tell each other: the one file that both know. A request goes
 * over a socket, and one byte comes back when it is done; all else lies in memory that both have.
 *
 *   0           struct wire: what has come of the last request
 *   WIRE_GUEST  the guest's memory, one stretch after the other, as struct wire_mapping tells, and
 *               for each a byte a page that is 0 where nothing is
 *
 * Whatever is in there was written by a program that a hostile program may have under its control:
 * each number is looked at before it is used.
 */
#ifndef EMULATOR_WIRE_H
#define EMULATOR_WIRE_H

#include <stdint.h>

enum {
	WIRE_VERSION = 9,
	WIRE_NREGS = 34,
	WIRE_THREADS = 256,
	WIRE_WRITES = 4096,
	WIRE_MAPPINGS = 64,
	WIRE_RANGES = 256,
	WIRE_OUTPUT = 1 << 20,
	WIRE_KEPT = 65536,
	WIRE_TURNS = 2048,
	WIRE_STEPS = 2048,
	WIRE_WORDS = 8192
};
#define WIRE_REFUSED UINT64_MAX         /* no address is known: of an instruction, or none can be */
#define WIRE_UNTOUCHED (UINT64_MAX - 1) /* it was sent */
#define WIRE_GUEST (1ull << 24)
#define WIRE_SIZE (1ull << 42) /* of which hardly anything is ever touched */

enum wire_op {
	WIRE_STEP,    /* thread: one instruction; and on, while it is behind that and before a */
	WIRE_RUN_TO,  /* thread: to address a or b, at least one instruction */
	WIRE_LEAVE,   /* thread: to where it is in one of the ranges */
	WIRE_FRESH,   /* thread: it begins here; what libc has left in it is taken away */
	WIRE_COLLECT, /* those who were woken: to where they were to be */
	WIRE_WAIT,    /* thread sleeps, or if there is none of that number any: until then */
	WIRE_PREEMPT, /* thread: is sent SIGURG, and stands where the handler of that begins */
	WIRE_PASS,    /* a nanoseconds pass */
	WIRE_WRITE,   /* a word b at a */
	WIRE_AHEAD,   /* the turns, as far as there are only steps: see struct wire_step */
	WIRE_BACK,    /* a: so many of those steps, and none of the others, have been executed */
	WIRE_KEEP,    /* a: the number by which all of the guest is kept, as it is now */
	WIRE_RETURN,  /* a: be there again */
	WIRE_FORGET   /* a: nobody will */
};

struct wire_request {
	uint32_t op, thread;
	uint64_t a, b;
};

/* In a read of what comes from outside: each WIRE_COLLECT looks whether there is any. */
enum { WIRE_INPUT = 5 };

/* A woken thread is ASLEEP until it is collected. */
enum wire_state { WIRE_HELD, WIRE_ASLEEP, WIRE_GONE };

struct wire_thread {
	uint32_t state;
	uint32_t sleeps_in; /* enum sleeps_in of guest.h: 1 futex, 2 sleep, 3 read, 4 write, of
			     * pipes; and WIRE_INPUT */
	uint64_t wakes_at;  /* nanoseconds of the guest's clock; UINT64_MAX: not by itself */
	uint64_t regs[WIRE_NREGS];
};

struct wire_range {
	uint64_t lo, hi;
};

/* What is asked for ahead: n instructions of a thread. */
struct wire_turn {
	uint32_t thread, n;
};

/*
 * A step that was executed ahead: an instruction in one of the ranges that leads to another in one
 * of them, of which the kernel knows nothing. Its thread's registers after it.
 */
struct wire_step {
	uint32_t thread, nwords;
	uint64_t regs[WIRE_NREGS];
};

/* Up to 8 bytes that it wrote, and what was there before. */
struct wire_word {
	uint64_t addr, size, was;
};

/* [lo, hi) of the guest lies at `at` in this memory, and the bytes for its pages at `pages`. */
struct wire_mapping {
	uint64_t lo, hi, at, pages;
};

struct wire {
	uint32_t version;
	char error[1024]; /* why there is no guest; "": there is one */

	struct wire_range ranges[WIRE_RANGES]; /* from g0scope: the program's own code */
	uint32_t nranges;
	uint64_t key; /* and where libc's malloc has its secret; 0: nowhere known */

	uint32_t nthreads, nmappings;
	struct wire_thread threads[WIRE_THREADS];
	struct wire_mapping mappings[WIRE_MAPPINGS];

	/* By the last request. */
	uint32_t anything; /* it may have written anywhere: writes are not all */
	uint32_t nwrites;
	struct wire_range writes[WIRE_WRITES];
	uint32_t noutput;
	char output[WIRE_OUTPUT];

	/* By WIRE_AHEAD; the words of one step after those of the other. */
	struct wire_turn turns[WIRE_TURNS]; /* from g0scope */
	uint32_t nturns;
	uint32_t nsteps;
	struct wire_step steps[WIRE_STEPS];
	struct wire_word words[WIRE_WORDS];

	uint64_t now;
	uint32_t ended;
	int32_t status, signal; /* signal 0: it has exited with the status */
	uint32_t by;            /* the thread that has ended it by that */
	uint64_t fault;         /* what it touched then, or one of these two */
	char lacks[80];
};

#endif
