/* SPDX-License-Identifier: MIT */
/*
 * What things are called that have a place in memory. See struct thing_id. A stack is handed on
 * when its G ends: what lies in it is then another thing, though it is at the same address.
 */
#include "ids.h"

#include <assert.h>

static int generation(const struct facts *f, int stack)
{
	const struct g_state *g = stack_g(f, stack);
	return g ? g->id : f->at.now->stacks[stack].id;
}

struct thing_id word_id(const struct facts *f, enum tag tag, int stack, uint64_t addr, int part)
{
	return (struct thing_id){
		.tag = tag, .part = part, .gen = generation(f, stack), .address = addr};
}

struct thing_id stack_id(const struct facts *f, enum tag tag, int stack)
{
	return word_id(f, tag, stack, f->at.now->stacks[stack].hi, 0);
}

struct thing_id record_id(const struct facts *f, enum tag tag, int m, int rec, int part)
{
	assert(rec < f->answers[m].chain.n);
	const struct record *r = rec < 0 ? NULL : &f->answers[m].chain.rec[rec];
	struct thing_id id = thing_of(tag, f->at.now->ms[m].id, part);
	if (r) {
		id.gen = generation(f, r->stack);
		id.address = r->fp;
	}
	return id;
}

struct thing_id frame_id(const struct facts *f, int m, int frame)
{
	assert(frame >= 0 && frame < f->answers[m].truth.n);
	const struct true_frame *fr = &f->answers[m].truth.frame[frame];
	const struct code *c = moment_code(&f->at);
	const struct code_line *l = fr->is_ret ? code_ret(c, fr->pc) : code_at(c, fr->pc);
	/* A function that nobody called may have no word of its own, and its callee's CFA. */
	bool is_root = l && l->cfi.ra == CFI_UNDEFINED;
	struct thing_id id =
		thing_of(TAG_TRUTH, f->at.now->ms[m].id, is_root ? TRUTH_ROOT : TRUTH_FRAME);
	id.gen = fr->stack < 0 ? 0 : generation(f, fr->stack);
	id.address = fr->cfa;
	return id;
}
