/* SPDX-License-Identifier: MIT */
/*
 * The walk and its verdict: the heart of the visualizer.
 *
 * walk()  follows an M's frame-pointer chain through memory that it does not own, as a profiler
 *         would, and says of each link where it leads and to whom that stack belongs now.
 * truth() says what really is on the stacks that the M owns: unwound by the compiler's CFI, never
 *         by frame pointers, and joined across the switch by what the runtime knows: who owns the
 *         G's stack, and where its gobuf goes on.
 * judge() compares the two.
 */
#ifndef MODEL_WALK_H
#define MODEL_WALK_H

#include "code.h"
#include "snapshot.h"

/* Where a frame pointer leads: link.def. */
enum link {
#define LINK(id, name, sound, role, line, head, mark, legend, sentence) LINK_##id,
#include "link.def"
#undef LINK
	LINK_COUNT
};
const char *link_name(enum link l);
const char *link_sentence(enum link l);
bool link_is_sound(enum link l);

/* What is said of an answer: verdict.def. */
enum verdict {
#define VERDICT(name, worth, sentence) VERDICT_##name,
#include "verdict.def"
#undef VERDICT
	VERDICT_COUNT
};
enum worth { WORTH_GOOD, WORTH_BAD, WORTH_UNSURE };
const char *verdict_name(enum verdict v);
const char *verdict_sentence(enum verdict v);
enum worth verdict_worth(enum verdict v);

/* One frame record that the walk came to. */
struct record {
	uint64_t fp;    /* its address */
	uint64_t ret;   /* [fp + 8]: the return address that a profiler reports */
	uint64_t next;  /* [fp]: the saved frame pointer */
	int stack;      /* index into snapshot.stacks of the stack it lies in */
	enum link link; /* where `next` leads */
	bool in_truth;  /* this return address is a frame of the truth, in its place */
	bool refuted;   /* it is none; neither: the truth does not go so far */
	bool is_ret;    /* look it up as such; of the truth it may be where a signal came */
};

struct chain {
	uint64_t pc;     /* frame 0: where the M is */
	enum link start; /* where the FP register leads, seen from the stack that SP is in */
	int n;
	struct record rec[WALK_MAX];
};

struct true_frame {
	uint64_t pc; /* of frame 0 exact, else a return address */
	uint64_t cfa;
	uint64_t fp; /* the frame-pointer register's value while this frame runs */
	int stack;
	uint64_t low;     /* the lowest address of that stack which is known to be this frame's */
	bool is_ret;      /* look pc - 1 up */
	bool interrupted; /* by a signal, at pc */
	bool unseen; /* the frame below has no record that leads here, so a walk cannot see it */
};

struct truth {
	int n;
	struct true_frame frame[WALK_MAX];
	bool whole;  /* false: it stops for want of unwind information, and there may be more */
	bool hidden; /* frame 0 has no record (yet, or any more): frame 1 is unseen */
	/* The G that called mcall and that this M has given up: the truth ends there. 0: none. */
	int gave_up_g;
	int64_t gave_up_step; /* when it gave it up */
};

struct answer {
	struct chain chain;
	struct truth truth;
	enum verdict verdict;
	int missing; /* callers that the walk could not see: 1 in a prologue, epilogue or leaf */
	int interrupted; /* functions that it could not see, as a signal has interrupted them */
	bool cut;        /* the chain ends at 0 before the truth does: the price of the fix */
	/*
	 * Links of the chain that mean something, the register's being the first: as many as there
	 * are, n + 1, unless it comes to library code, which may hold anything in that register.
	 */
	int meant;
};

void walk(const struct snapshot *s, const struct code *c, int m_id, struct chain *out);
/* Where a record's saved frame pointer leads, or (rec < 0) the register. */
enum link chain_link(const struct chain *c, int rec);
/* The first record that is judged to be no frame of the truth; c->n: none is. */
int chain_first_false(const struct chain *c);
void truth(const struct snapshot *s, const struct code *c, int m_id, struct truth *out);
/* The CFA of the frame that M m is in: the call, as long as that lasts. False: it is not known. */
bool truth_cfa(
	const struct snapshot *s, const struct code *c, const struct m_state *m, uint64_t *cfa);

/*
 * From where on, up to hi, a stack is in use; hi: nothing of it is. What is below was in use, or
 * never was. Here and below: an answer for each of s->ms.
 */
uint64_t live_from(const struct snapshot *s, const struct answer *answers, int stack);
/*
 * Not while the M that runs a G is on a stack that nobody has told of: then any of the G's may be
 * in use, or none.
 */
bool is_use_known(const struct snapshot *s, const struct answer *answers, int stack);
/*
 * Whether a G's gobuf says where it goes on: it does not run, or the M that runs it is on g0 for
 * it.
 */
bool gobuf_holds(const struct snapshot *s, const struct answer *answers, const struct g_state *gp);
/* The truth of the M that owns a stack; NULL where none does. */
const struct truth *owners_truth(const struct snapshot *s, const struct answer *answers, int stack);

/*
 * walk, truth and verdict for one M. left NULL: not known, and then an idle G counts as
 * unchanged.
 */
void judge(const struct snapshot *s, const struct code *c, const struct departure_chain *left,
	int m_id, struct answer *out);

#endif
