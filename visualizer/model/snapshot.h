/* SPDX-License-Identifier: MIT */
/*
 * A snapshot: all that is known of the program at one step, in terms that name no address
 * of the runtime's structs. Engines fill it, recordings store its changes, the walk and
 * the scene read it. The architecture it came from is data.
 */
#ifndef MODEL_SNAPSHOT_H
#define MODEL_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wait.h"

enum { SNAP_NREGS_MAX = 34, SNAP_NARGS_MAX = 4 };

/* More than any program has: what says more is damaged, be it a program's memory or a file. */
enum { SNAP_MS_MAX = 1 << 12, SNAP_GS_MAX = 1 << 20, SNAP_STACK_MAX = 1 << 24 };
enum { SNAP_STACKS_MAX = 2 * SNAP_MS_MAX + SNAP_GS_MAX };

/* How many sentences there are at most on what is damaged, and how long one is. */
enum { SNAP_DAMAGE_MAX = 11, SNAP_DAMAGE_LEN = 128 };

/*
 * What the program's architecture calls its registers; an index into m_state.regs each. "none" has
 * none: only events were recorded, and no words of a stack either.
 */
struct arch_desc {
	const char *name; /* "amd64", "arm64", "none" */
	int nregs;
	const char *regs[SNAP_NREGS_MAX];
	int pc, sp, fp;
	int lr; /* -1: return addresses are on the stack from the first instruction on */
	uint64_t signature; /* the bits of a return address that may be a signature of it */
};

const struct arch_desc *arch_by_name(const char *name); /* NULL: not known */

/* A G's status; the names are status_name()'s and dump --json's. */
enum g_status_model { GS_IDLE, GS_RUNNABLE, GS_RUNNING, GS_SYSCALL, GS_WAITING, GS_DEAD };
const char *status_name(enum g_status_model s);

/* STACK_SIGNAL: an M's, for its signal handlers. */
enum stack_kind { STACK_G0, STACK_G, STACK_SIGNAL };

/*
 * A stack and those of its words that were ever written: [lo, hi) in bytes, words from
 * `from` up to hi.
 */
struct stack_image {
	enum stack_kind kind;
	int id;          /* index into snapshot.gs for a G's; M id for the others */
	uint64_t lo, hi; /* addresses; multiples of 8 */
	uint64_t from;   /* lowest address held; words[0] is there */
	uint64_t *words; /* (hi - from) / 8 of them */
};

/* How many frames are followed at most. */
enum { WALK_MAX = 64 };

/*
 * The words of the records that the chain went through at the moment M left its G by
 * mcall, as (fp, ret) pairs, which tell STALE (still those) from CHIMERA (others by now).
 */
struct departure_chain {
	int n;
	struct {
		uint64_t fp, ret;
	} rec[WALK_MAX];
};

/* How an M came to be on its g0: by mcall, from a G's stack. History, kept by the recording. */
struct departure {
	int g;        /* G id; 0: none, or the M is on a G's stack */
	int64_t step; /* at which SP came to g0's stack; -1 */
	/*
	 * The step at which that G's status said that this M no longer owns it. -1: it still does,
	 * or has taken it back before anyone else ran it.
	 */
	int64_t gave_up;
	bool g_ran;                   /* another M has run it since: its frames are others */
	struct departure_chain chain; /* that it left; of use where g is not 0 */
};
#define NO_DEPARTURE ((struct departure){.step = -1, .gave_up = -1})

struct m_state {
	int id;
	int curg;    /* G id; 0: none */
	int p;       /* P id; -1: none */
	bool asleep; /* blocked in the kernel */
	bool exited;
	bool spinning;
	int g0_stack; /* index into snapshot.stacks */
	/*
	 * From where on, up, g0 is not to be written to while the M is elsewhere: its root, and C
	 * functions that a callback is to return to. 0: not known, and above g0: nothing of it.
	 */
	uint64_t g0_sp;
	uint64_t regs[SNAP_NREGS_MAX];

	struct departure departure;
};

struct g_state {
	int id; /* goid: never reused, though the G's struct and stack are */
	enum g_status_model status;
	int m;                                 /* the M that owns the stack now; -1: none */
	int stack;                             /* index into snapshot.stacks */
	uint64_t sched_pc, sched_sp, sched_bp; /* where it goes on, of use while it does not run */
	uint64_t startfn;
	char waitreason[32];
};

struct p_state {
	int id;
	int m;          /* -1: nobody holds it */
	bool insyscall; /* because the M that did is in a system call, and left it there */
	int runnext;    /* G id; 0: none */
	int nq;         /* Gs in the queue */
	int q[256];     /* their ids, head first */
};

struct snapshot {
	const struct arch_desc *arch;
	int64_t step; /* 0: before the first instruction */
	int last_m;   /* M id that executed the step that led here; -1 at step 0 */
	int nms, ngs, nps, nstacks, nglobal;
	struct m_state *ms;
	struct g_state *gs; /* live and dead Gs whose stack exists, one a stack */
	struct p_state *ps;
	struct stack_image *stacks;
	int *global; /* the global run queue: G ids, head first */
	struct waits waits;
	/*
	 * What the program has done to the runtime's own structs, a sentence each. All else is
	 * then as far as it could still be made out.
	 */
	int ndamage;
	char damage[SNAP_DAMAGE_MAX][SNAP_DAMAGE_LEN];
};

/*
 * Whether every count and index in a snapshot is one that can be, so that whoever looks into it
 * need not ask. It must hold of what a file brings, and of what an engine has read.
 */
bool snap_is_sound(const struct snapshot *s);
/* Whether a stack can lie in [lo, hi): in words, the right way round, and not too large. */
bool snap_is_stack(uint64_t lo, uint64_t hi);

/* Lookups; NULL or -1 when there is none. */
const struct m_state *snap_m(const struct snapshot *s, int m_id);
const struct g_state *snap_g(const struct snapshot *s, int g_id);
int snap_stack_at(
	const struct snapshot *s, uint64_t addr); /* index of the stack that addr lies in */
int snap_stack_of_sp(
	const struct snapshot *s, uint64_t sp); /* a stack pointer at hi is in it: an empty stack */
bool snap_read(const struct snapshot *s, uint64_t addr,
	uint64_t *word); /* false: unaligned, or not held */
bool snap_read_in(const struct snapshot *s, int stack, uint64_t addr,
	uint64_t *word); /* the same in a known stack */
const struct m_state *snap_m_on(
	const struct snapshot *s, int stack);        /* the M whose SP is in it; NULL: none's is */
int snap_owner(const struct snapshot *s, int stack); /* the M that owns the stack now; -1: none */
/*
 * Whether two snapshots of the same step are of different states: then the first difference in
 * words, "M0's rax is 0x2, and was 0x1" (snapdiff.c).
 */
bool snap_differs(const struct snapshot *was, const struct snapshot *now, char *words, size_t n);
/* "M0.g0", "M0.gsignal" or "G7", into buf of at least 16 bytes; returns buf. */
char *snap_stack_name(const struct snapshot *s, int stack, char *buf);

/*
 * A return address, as a word or a register has it, without the signature that functions built for
 * arm64's pointer authentication leave it with, as those of system libraries are. Those bits of an
 * address are 0, and what is above them too: a word of which that is not so is none.
 */
static inline uint64_t snap_return(const struct snapshot *s, uint64_t word)
{
	uint64_t signature = s->arch->signature;
	return word > (signature | (signature - 1)) ? word : word & ~signature;
}

/* Not where only events were recorded: nothing of a stack is known there, either. */
static inline bool snap_has_registers(const struct snapshot *s)
{
	return s->arch->nregs > 0;
}

static inline uint64_t m_pc(const struct snapshot *s, const struct m_state *m)
{
	return m->regs[s->arch->pc];
}
static inline uint64_t m_sp(const struct snapshot *s, const struct m_state *m)
{
	return m->regs[s->arch->sp];
}
static inline uint64_t m_fp(const struct snapshot *s, const struct m_state *m)
{
	return m->regs[s->arch->fp];
}

#endif
