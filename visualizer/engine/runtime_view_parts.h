/* SPDX-License-Identifier: MIT */
/*
 * The parts of the reader of the runtime's structs, for the files runtime_view*.c alone.
 *
 * Nothing that is read is believed before it is checked: the program may be broken, any pointer
 * wild, any list a cycle. What was found once stays known by its address (roll.h); what a
 * list says later can add to that and take nothing away. What cannot be believed is named
 * (damage.h), and stays as it was before.
 */
#ifndef ENGINE_RUNTIME_VIEW_PARTS_H
#define ENGINE_RUNTIME_VIEW_PARTS_H

#include <limits.h>
#include <string.h>

#include "damage.h"
#include "roll.h"
#include "runtime_view.h"
#include "image/layout.h"

/* No struct is larger. */
enum { SEEN_MAX = 1 << 13 };

/*
 * What is read of the runtime, by the names that its layout note has for it (src/layout.def):
 * STRUCT(id, name), FIELD(id, name), ARRAY(id, name, elements), CONSTANT(id),
 * VARIABLE(id, name, bytes). Without all of those of waits none of what Gs wait for is read.
 */
/* clang-format off */
#define RUNTIME_ITEMS \
	STRUCT(G, "G") \
	FIELD(G_sp, "G.sched.sp") \
	FIELD(G_pc, "G.sched.pc") \
	FIELD(G_bp, "G.sched.bp") \
	FIELD(G_m, "G.m") \
	FIELD(G_atomicstatus, "G.atomicstatus") \
	FIELD(G_goid, "G.goid") \
	FIELD(G_schedlink, "G.schedlink") \
	FIELD(G_startfn, "G.startfn") \
	FIELD(G_stack_lo, "G.stack.lo") \
	FIELD(G_stack_hi, "G.stack.hi") \
	FIELD(G_waitreason, "G.waitreason") \
	STRUCT(M, "M") \
	FIELD(M_g0, "M.g0") \
	FIELD(M_curg, "M.curg") \
	FIELD(M_p, "M.p") \
	FIELD(M_id, "M.id") \
	FIELD(M_spinning, "M.spinning") \
	FIELD(M_alllink, "M.alllink") \
	FIELD(M_sigstack_lo, "M.sigstack.lo") \
	FIELD(M_sigstack_hi, "M.sigstack.hi") \
	STRUCT(P, "P") \
	FIELD(P_id, "P.id") \
	FIELD(P_status, "P.status") \
	FIELD(P_m, "P.m") \
	FIELD(P_runqhead, "P.runqhead") \
	FIELD(P_runqtail, "P.runqtail") \
	FIELD(P_runnext, "P.runnext") \
	ARRAY(P_runq, "P.runq", sizeof((struct p_state *)0)->q / sizeof *((struct p_state *)0)->q) \
	STRUCT(sched, "sched") \
	FIELD(sched_runq_head, "sched.runq.head") \
	STRUCT(arena, "arena") \
	FIELD(arena_lo, "arena.lo") \
	FIELD(arena_next, "arena.next") \
	FIELD(arena_mapped, "arena.mapped") \
	FIELD(arena_hi, "arena.hi") \
	CONSTANT(Gidle) \
	CONSTANT(Grunnable) \
	CONSTANT(Grunning) \
	CONSTANT(Gsyscall) \
	CONSTANT(Gwaiting) \
	CONSTANT(Gdead) \
	CONSTANT(Psyscall)
#define WAIT_ITEMS \
	FIELD(G_waitlock, "G.waitlock") \
	STRUCT(S_CHAN, "chan") \
	FIELD(chan_lock, "chan.lock") \
	FIELD(chan_closed, "chan.closed") \
	FIELD(chan_elemsize, "chan.elemsize") \
	FIELD(chan_dataqsiz, "chan.dataqsiz") \
	FIELD(chan_qcount, "chan.qcount") \
	FIELD(chan_recvx, "chan.recvx") \
	FIELD(chan_recvq, "chan.recvq.first") \
	FIELD(chan_sendq, "chan.sendq.first") \
	STRUCT(S_SUDOG, "sudog") \
	FIELD(sudog_g, "sudog.g") \
	FIELD(sudog_c, "sudog.c") \
	FIELD(sudog_fired, "sudog.fired") \
	FIELD(sudog_next, "sudog.next") \
	STRUCT(S_SELECT, "select") \
	FIELD(select_n, "select.n") \
	FIELD(select_waiters, "select.waiters") \
	STRUCT(S_MUTEX, "mutex") \
	FIELD(mutex_users, "mutex.users") \
	FIELD(mutex_lock, "mutex.sema.lock") \
	FIELD(mutex_n, "mutex.sema.n") \
	FIELD(mutex_waiters, "mutex.sema.waiters.head") \
	STRUCT(S_RWMUTEX, "rwmutex") \
	FIELD(rwmutex_lock, "rwmutex.lock") \
	FIELD(rwmutex_writing, "rwmutex.writing") \
	FIELD(rwmutex_reading, "rwmutex.reading") \
	FIELD(rwmutex_readers, "rwmutex.readers.head") \
	FIELD(rwmutex_writers, "rwmutex.writers.head") \
	STRUCT(S_WAITGROUP, "waitgroup") \
	FIELD(waitgroup_lock, "waitgroup.lock") \
	FIELD(waitgroup_n, "waitgroup.n") \
	FIELD(waitgroup_waiters, "waitgroup.waiters.head") \
	STRUCT(S_TIMERHEAP, "timerheap") \
	FIELD(timerheap_lock, "timerheap.lock") \
	FIELD(timerheap_n, "timerheap.n") \
	FIELD(timerheap_node, "timerheap.node") \
	STRUCT(S_TIMERNODE, "timernode") \
	FIELD(timernode_when, "timernode.when") \
	FIELD(timernode_t, "timernode.t") \
	STRUCT(S_TIMER, "timer") \
	FIELD(timer_when, "timer.when") \
	FIELD(timer_seq, "timer.seq") \
	FIELD(timer_f, "timer.f") \
	FIELD(timer_arg, "timer.arg") \
	FIELD(timer_sleeper, "timer.sleeper") \
	FIELD(timer_place, "timer.place")
#define RUNTIME_VARIABLES \
	VARIABLE(V_SCHED, "sched", SEEN_MAX) \
	VARIABLE(V_ALLGS, "allgs", sizeof(uint64_t)) \
	VARIABLE(V_ALLGLEN, "allglen", sizeof(uint64_t)) \
	VARIABLE(V_ALLM, "allm", sizeof(uint64_t)) \
	VARIABLE(V_ALLP, "allp", sizeof(uint64_t)) \
	VARIABLE(V_GOMAXPROCS, "gomaxprocs", sizeof(uint64_t)) \
	VARIABLE(V_ARENA, "arena", SEEN_MAX) \
	VARIABLE(V_JUMPED, "jumped", sizeof(uint64_t))
#define WAIT_VARIABLES VARIABLE(V_TIMERHEAP, "timerheap", SEEN_MAX)
/* clang-format on */

enum item {
#define STRUCT(id, name) id,
#define FIELD(id, name) id,
#define ARRAY(id, name, n) id,
#define CONSTANT(id) id,
#define VARIABLE(id, name, n) id,
	RUNTIME_ITEMS WAIT_ITEMS RUNTIME_VARIABLES WAIT_VARIABLES
#undef STRUCT
#undef FIELD
#undef ARRAY
#undef CONSTANT
#undef VARIABLE
		NITEMS,
	FIRST_VARIABLE = V_SCHED /* and all from here on are some */
};
static inline bool is_of_waits(enum item i)
{
	return (i >= G_waitlock && i < FIRST_VARIABLE) || i >= V_TIMERHEAP;
}

/* A struct as it was when it was looked at. */
struct seen {
	uint8_t bytes[SEEN_MAX];
};

/* Whether a G that is parked waits for some things at once, or for none that is told of. */
enum { PARKED_SELECT = (int)WAIT_KINDS, PARKED_ELSE };

struct runtime_view {
	struct memory *mem;
	/* Where the program has what is read; the copies of the variables are always there. */
	struct layout_item is[NITEMS];
	struct snapshot snap;
	size_t ms_cap, gs_cap, ps_cap, global_cap, stacks_cap, held_cap;
	/* Those of snap.stacks. */
	struct held {
		struct region *region; /* NULL: a g0 that is not known, an empty stack */
		int64_t call;          /* in which it was found last */
	} * stacks;
	uint64_t written; /* bytes of the stacks that were written when they were found */
	bool *arrived;    /* by M id */
	size_t narrived, arrived_cap;
	struct addrmap reasons; /* address -> text */

	/* What Gs wait for. */
	bool tells_waits; /* the program does */
	bool waits_stale; /* other Gs wait, or for something else, than when they were read */
	struct parked {
		uint64_t lock, reason; /* 0: it does not wait */
		int kind;              /* of which the lock is, or one of the two above */
	} * parked;                    /* by G's place in snap.gs */
	size_t nparked, parked_cap, waits_cap, wait_entries_cap;
	/* As it is found, before it is read. */
	struct found {
		enum wait_kind kind;
		uint64_t at;
	} * found;
	size_t nfound, found_cap;
	struct region **lent; /* copies that only they need */
	size_t nlent, lent_cap;

	int64_t call;   /* of the rolls: counts the readings */
	struct roll gs; /* a member is an index into snap.gs; -1: it never ran yet */
	struct roll ms; /* a member is an M id; -1: one that another has */
	struct roll ps; /* a member is an index into snap.ps */
	uint64_t arena; /* where that began when it was first read */
	struct damage damage;
};

/* ---- runtime_view_layout.c ---- */

/* Find out where all that is. False, with a sentence in err: the program does not say. */
bool state_layout(struct runtime_view *rv, const struct program *p, char *err, size_t nerr);

/* A number of one of the sizes that there are, and with a sign. */
static inline uint64_t state_number(const uint8_t *at, uint64_t size)
{
	uint8_t n1;
	uint16_t n2;
	uint32_t n4;
	uint64_t n8;
	switch (size) {
	case 1: return memcpy(&n1, at, sizeof n1), n1;
	case 2: return memcpy(&n2, at, sizeof n2), n2;
	case 4: return memcpy(&n4, at, sizeof n4), n4;
	default: return memcpy(&n8, at, sizeof n8), n8;
	}
}
static inline int64_t state_signed(uint64_t n, uint64_t size)
{
	int unused = 64 - 8 * (int)size;
	return (int64_t)(n << unused) >> unused;
}
/* A field of a struct that was looked at. */
static inline uint64_t seen(const struct runtime_view *rv, const struct seen *s, enum item field)
{
	return state_number(s->bytes + rv->is[field].value, rv->is[field].size);
}
static inline int64_t seen_signed(
	const struct runtime_view *rv, const struct seen *s, enum item field)
{
	return state_signed(seen(rv, s, field), rv->is[field].size);
}

/* ---- runtime_view_read.c ---- */

/* Take a struct of the runtime's; false if it cannot be read. No stack holds one. */
bool state_look(struct runtime_view *rv, enum item structure, uint64_t at, struct seen *to);
/* A variable as it was when it could be read: a number, and one that is a struct. */
uint64_t state_variable(struct runtime_view *rv, enum item v);
void state_variable_look(struct runtime_view *rv, enum item v, struct seen *to);
/* A variable that counts, cut down to what can be. */
int32_t state_count(struct runtime_view *rv, enum item v, int32_t max);
/*
 * Go through an array of n pointers. call is given each, and says whether it was one that can be
 * there; what is wrong with it if not, it has named. After DAMAGE_MANY that cannot it is given up.
 */
void state_array(struct runtime_view *rv, enum subject about, enum item v, int32_t n,
	bool (*call)(struct runtime_view *rv, int32_t i, uint64_t at));

/* Whether a G is called that once it has run. */
static inline bool is_goid(int64_t id)
{
	return id > 0 && id <= INT_MAX;
}
/* What the struct there is called; what it was called last, if it cannot be read any more. */
int state_g_id(struct runtime_view *rv, uint64_t at); /* 0: there is no G */
int state_m_id(struct runtime_view *rv, uint64_t at); /* -1: there is no M */
int state_p_id(struct runtime_view *rv, uint64_t at); /* -1: there is no P */
/* Why a G waits; kept for good. */
const char *state_reason(struct runtime_view *rv, uint64_t at);

/* ---- runtime_view_stacks.c ---- */

/* [lo, hi), as the runtime says. */
struct bounds {
	uint64_t lo, hi;
};
/* An empty stack, of an M's g0 that is not known (yet): its place among the snapshot's stacks. */
int state_no_stack(struct runtime_view *rv, int m);
/*
 * Where a stack is in the snapshot, where it stays. empty: the place of an empty one, to be
 * filled; -1: none. Returns -1 where there can be no such stack, which has been said then.
 */
int state_stack(struct runtime_view *rv, struct bounds st, enum stack_kind kind, int id, int empty,
	const char *whose);

/* ---- runtime_view_ms.c, runtime_view_gs.c ---- */

void state_read_ms(struct runtime_view *rv);
void state_read_gs(struct runtime_view *rv);

/* ---- runtime_view_marked.c ---- */

/*
 * n bytes as they are copied, and marked: if they are written, waits are read again. Where they
 * are not copied yet they will be, up to `until`; 0: they will not. NULL: they cannot be read. Good
 * until the next are asked for.
 */
const uint8_t *state_marked(struct runtime_view *rv, uint64_t at, size_t n, uint64_t until);
/*
 * A struct, wherever it lies; one but for its lock, which is taken far more often than anything
 * else is written; and one that can only lie on a stack.
 */
bool state_mark_look(struct runtime_view *rv, enum item structure, uint64_t at, struct seen *to);
bool state_mark_look_locked(
	struct runtime_view *rv, enum item structure, enum item lock, uint64_t at, struct seen *to);
bool state_mark_look_stack(
	struct runtime_view *rv, enum item structure, uint64_t at, struct seen *to);
/* Give up the copies that were made for waits and not asked for in this call. */
void state_give_back(struct runtime_view *rv);
/* And those in [lo, hi), where there is a stack; false: there were none. */
bool state_give_way(struct runtime_view *rv, uint64_t lo, uint64_t hi);

/* ---- runtime_view_waits.c, runtime_view_waiters.c, runtime_view_timers.c ---- */

/* A G's struct has been read: what it waits for, if it does. */
void state_park(struct runtime_view *rv, int g, const struct seen *gp);
/* Read what Gs wait for, if any of it was written since. */
void state_read_waits(struct runtime_view *rv);

/* "the chan at 0x7f00 …" */
void state_wait_damaged(
	struct runtime_view *rv, enum wait_kind kind, uint64_t at, const char *what);
/* The next list of an object, of Gs linked by schedlink; of sudogs; of one G, if it is any. */
void state_add_gqueue(struct runtime_view *rv, struct wait_object *o, int list, uint64_t at);
void state_add_sudogs(struct runtime_view *rv, struct wait_object *o, int list, uint64_t at);
bool state_add_g(struct runtime_view *rv, struct wait_object *o, int list, uint64_t at);
/* Another entry of its last list; false: there are too many. */
bool state_add_entry(struct runtime_view *rv, struct wait_object *o, int list, uint64_t entry);

/* The timers that run. */
void state_find_timers(
	struct runtime_view *rv, void (*found)(struct runtime_view *rv, uint64_t at));

#endif
