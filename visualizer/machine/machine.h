/* SPDX-License-Identifier: MIT */
/*
 * A machine: what executes a program, one of its threads at a time, by one instruction or up to an
 * address, and holds all others meanwhile. It knows threads, registers and memory, and nothing of
 * what the program makes of them. Whoever uses one assumes no process behind it, nor that the
 * program is for the computer that this one runs on.
 *
 * A thread that is set going comes to be HELD again, or falls ASLEEP in the kernel, or is GONE.
 * Nothing happens between two calls, but that sleepers may be woken; what they then do, they do
 * when they are asked after (collect).
 */
#ifndef MACHINE_MACHINE_H
#define MACHINE_MACHINE_H

#include <sys/types.h>

#include "image/insn.h"
#include "model/say.h"
#include "model/snapshot.h"

enum thread_state { HELD, ASLEEP, GONE };

struct thread {
	int id; /* its place among the machine's threads, in order of birth */
	enum thread_state state;
	bool restless; /* asleep, but it may wake without another thread */
	/* Where it is held, or was before; in the order of arch_desc. */
	uint64_t regs[SNAP_NREGS_MAX];
};

/* n bytes from addr on. */
struct range {
	uint64_t addr;
	size_t n;
	bool certain; /* they were written, be it with what they were; or perhaps not at all */
};

/* What the program may have written to, since machine_forget_writes. */
struct wrote {
	enum reach {
		TO_SPANS,     /* these, and nowhere else */
		TO_USED,      /* or anywhere it ever wrote to, and around SP */
		TO_ANY_MEMORY /* or anywhere */
	} reach;
	struct range *ranges;
	size_t n, cap;
};

/* How the program ended, if it has. */
struct ending {
	enum {
		GOES_ON,
		EXITED,
		KILLED,
		REPLACED /* by another program, which is not followed */
	} how;
	int status;                  /* EXITED */
	const struct thread *thread; /* KILLED: by what this one did; NULL: nobody's doing */
	char by[32];                 /* KILLED: "SIGSEGV" */
	char why[80];                /* and more of it: "touching 0x0", "from outside"; or "" */
};

struct machine {
	const struct machine_ops *ops;
	const struct arch_desc *arch;
	bool emulated;           /* no real CPU executes it: whoever shows what it did says so */
	struct thread **threads; /* each stays where it is */
	size_t nthreads, threads_cap;
	struct wrote wrote;
	char *output; /* what the program wrote to stdout and stderr since noutput was 0 */
	size_t noutput, output_cap;
	struct ending ending;
	char lacks[80]; /* the first that the program asked for and is not there; "": nothing */
	/* What whoever uses it should know of this run; "": nothing. */
	char note[SENTENCE_MAX];
};

/* Steps that are likely to come. */
struct expected {
	const struct thread *t;
	int64_t n;
};

struct machine_ops {
	/*
	 * Execute one instruction of a HELD thread: this one; or all of the sequence that it
	 * begins (in->whole), but that a signal handler may come between.
	 */
	void (*step)(struct machine *m, struct thread *t, const struct insn *in);
	/*
	 * These turns are likely to be stepped next. It makes no difference but to how long they
	 * take, whatever comes then. NULL: not even that.
	 */
	void (*expect)(struct machine *m, const struct expected *turns, size_t n);
	/*
	 * Let a HELD thread run to one of two addresses (b may be 0), for a second at most. If that
	 * was not enough, each further call lets it go on a little.
	 */
	void (*run_to)(struct machine *m, struct thread *t, uint64_t a, uint64_t b);
	/* The same for a thread in library code, to where it is in the program's own. */
	void (*leave_library)(struct machine *m, struct thread *t);
	/*
	 * Sleepers that have been woken go on to where they were to be. Whether any is no longer
	 * asleep.
	 */
	bool (*collect)(struct machine *m);
	/*
	 * Sleep for a moment, if t, or if it is NULL any thread, may wake without another, and has
	 * not been waited for long enough since *since (0: from now on); else false.
	 */
	bool (*doze)(struct machine *m, const struct thread *t, int64_t *since);
	/*
	 * Send a thread the signal that asks what it executes to yield, as Go has it (SIGURG). One
	 * that can take it stands where its handler begins then, if it was HELD, or when it is
	 * asked after; of a program without a handler nothing comes. NULL: this machine cannot.
	 */
	void (*preempt)(struct machine *m, struct thread *t);
	/*
	 * So many nanoseconds pass, for whoever sleeps for a time. NULL: there are none such.
	 */
	void (*pass)(struct machine *m, int64_t ns);
	/* In what a thread sleeps, and until when: "in read, until …"; "": it does not. */
	void (*sleeps)(const struct machine *m, const struct thread *t, char *buf, size_t n);
	/* Take in what the program has written to its output by now. */
	void (*drain)(struct machine *m);
	/*
	 * Up to n bytes of memory: how many; 0: the program has no memory any more, -1: there are
	 * none at addr.
	 */
	ssize_t (*read)(const struct machine *m, uint64_t addr, void *to, size_t n);
	/* Write a word of memory, as none of the threads does. NULL: this machine cannot. */
	void (*write)(struct machine *m, uint64_t addr, uint64_t word);
	/*
	 * All of the program as it is now: threads, memory, output and end. And to be there again,
	 * as often as wanted; the threads are those of then, where they were (struct thread stays
	 * where it is), and any memory may have been written. NULL if there are too many; they are
	 * freed before the machine is closed. All three NULL: this machine cannot.
	 */
	struct machine_state *(*snapshot)(const struct machine *m);
	void (*restore)(struct machine *m, const struct machine_state *s);
	void (*state_free)(struct machine_state *s);
	/* End the program, if it still runs, and free everything. */
	void (*close)(struct machine *m);
};

/* For whoever uses one. */
void machine_forget_writes(struct machine *m);

/*
 * For those that are one: for how long, in ns, one is waited for that may be woken from outside, of
 * what run_options.wait_s says.
 */
int64_t machine_patience(int wait_s);
/* "SIGSEGV", "signal 40". */
void machine_name_signal(int signal, char *buf, size_t n);
/* Why the CPU has refused what it was to do, where the kernel knows no address. */
#define MACHINE_REFUSED "by an address that no memory can have, or an instruction not for programs"
/* A thread more, at the end of the list. */
void machine_add_thread(struct machine *m, struct thread *t);
/* It has written there; it has written to as much as that, or more. */
void machine_wrote(struct machine *m, uint64_t addr, size_t n, bool certain);
void machine_wrote_to(struct machine *m, enum reach reach);
/* Free what this file knows of; the threads are their owner's. */
void machine_free(struct machine *m);

#endif
