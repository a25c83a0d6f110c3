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
 * STRUCT(id), FIELD(id, name), ARRAY(id, name, elements), CONSTANT(id), VARIABLE(id, name, bytes).
 */
/* clang-format off */
#define RUNTIME_ITEMS \
	STRUCT(G) \
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
	STRUCT(M) \
	FIELD(M_g0, "M.g0") \
	FIELD(M_curg, "M.curg") \
	FIELD(M_p, "M.p") \
	FIELD(M_id, "M.id") \
	FIELD(M_spinning, "M.spinning") \
	FIELD(M_alllink, "M.alllink") \
	FIELD(M_sigstack_lo, "M.sigstack.lo") \
	FIELD(M_sigstack_hi, "M.sigstack.hi") \
	STRUCT(P) \
	FIELD(P_id, "P.id") \
	FIELD(P_status, "P.status") \
	FIELD(P_m, "P.m") \
	FIELD(P_runqhead, "P.runqhead") \
	FIELD(P_runqtail, "P.runqtail") \
	FIELD(P_runnext, "P.runnext") \
	ARRAY(P_runq, "P.runq", sizeof((struct p_state *)0)->q / sizeof *((struct p_state *)0)->q) \
	STRUCT(sched) \
	FIELD(sched_runq_head, "sched.runq.head") \
	STRUCT(arena) \
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
	CONSTANT(Psyscall) \
	VARIABLE(V_SCHED, "sched", SEEN_MAX) \
	VARIABLE(V_ALLGS, "allgs", sizeof(uint64_t)) \
	VARIABLE(V_ALLGLEN, "allglen", sizeof(uint64_t)) \
	VARIABLE(V_ALLM, "allm", sizeof(uint64_t)) \
	VARIABLE(V_ALLP, "allp", sizeof(uint64_t)) \
	VARIABLE(V_GOMAXPROCS, "gomaxprocs", sizeof(uint64_t)) \
	VARIABLE(V_ARENA, "arena", SEEN_MAX) \
	VARIABLE(V_JUMPED, "jumped", sizeof(uint64_t))
/* clang-format on */

enum item {
#define STRUCT(id) id,
#define FIELD(id, name) id,
#define ARRAY(id, name, n) id,
#define CONSTANT(id) id,
#define VARIABLE(id, name, n) id,
	RUNTIME_ITEMS
#undef STRUCT
#undef FIELD
#undef ARRAY
#undef CONSTANT
#undef VARIABLE
		NITEMS,
	FIRST_VARIABLE = V_SCHED /* and all from here on are some */
};

/* A struct as it was when it was looked at. */
struct seen {
	uint8_t bytes[SEEN_MAX];
};

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

#endif
