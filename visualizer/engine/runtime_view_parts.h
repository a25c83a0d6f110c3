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

#include "damage.h"
#include "roll.h"
#include "runtime_view.h"
#include "runtime.h"

enum variable { V_SCHED, V_ALLGS, V_ALLGLEN, V_ALLM, V_ALLP, V_GOMAXPROCS, V_ARENA, NVARIABLES };

struct runtime_view {
	struct memory *mem;
	uint64_t at[NVARIABLES]; /* their copies are always there */
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

/* ---- runtime_view_read.c ---- */

/* Take n bytes of the runtime's; false if they cannot be read. No stack holds a struct of it. */
bool state_look(struct runtime_view *rv, uint64_t at, void *to, size_t n);
/* A variable, into one of its type, as it was when it could be read; where name and size are. */
void state_variable(struct runtime_view *rv, enum variable v, void *to);
struct variable_info {
	const char *name;
	size_t size;
};
const struct variable_info *state_variable_info(enum variable v);
/* A variable that counts, cut down to what can be. */
int32_t state_count(struct runtime_view *rv, enum variable v, int32_t max);
/*
 * Go through an array of n pointers. call is given each, and says whether it was one that can be
 * there; what is wrong with it if not, it has named. After DAMAGE_MANY that cannot it is given up.
 */
void state_array(struct runtime_view *rv, enum subject about, enum variable v, int32_t n,
	bool (*call)(struct runtime_view *rv, int32_t i, uint64_t at));

/* Whether a G is called that once it has run. */
static inline bool is_goid(int64_t id)
{
	return id > 0 && id <= INT_MAX;
}
/* What the struct there is called; what it was called last, if it cannot be read any more. */
int state_g_id(struct runtime_view *rv, const G *at); /* 0: there is no G */
int state_m_id(struct runtime_view *rv, const M *at); /* -1: there is no M */
int state_p_id(struct runtime_view *rv, const P *at); /* -1: there is no P */
/* Why a G waits; kept for good. */
const char *state_reason(struct runtime_view *rv, const char *at);

/* ---- runtime_view_stacks.c ---- */

/* An empty stack, of an M's g0 that is not known (yet): its place among the snapshot's stacks. */
int state_no_stack(struct runtime_view *rv, int m);
/*
 * Where a stack is in the snapshot, where it stays. empty: the place of an empty one, to be
 * filled; -1: none. Returns -1 where there can be no such stack, which has been said then.
 */
int state_stack(struct runtime_view *rv, struct stack st, enum stack_kind kind, int id, int empty,
	const char *whose);

/* ---- runtime_view_ms.c, runtime_view_gs.c ---- */

void state_read_ms(struct runtime_view *rv);
void state_read_gs(struct runtime_view *rv);

#endif
