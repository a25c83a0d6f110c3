/* SPDX-License-Identifier: MIT */
#include "other_words.h"

static uint64_t word_at(const struct snapshot *s, uint64_t addr)
{
	uint64_t word = 0;
	snap_read(s, addr, &word);
	return word;
}

int other_words(const struct snapshot *a, const struct snapshot *b, int most,
	void (*tell)(void *ctx, const struct other_word *w), void *ctx)
{
	int n = 0;
	for (int i = 0; i < a->nstacks; i++) {
		const struct stack_image *x = &a->stacks[i];
		int j = snap_stack_at(b, x->lo);
		uint64_t from = j >= 0 && b->stacks[j].from < x->from ? b->stacks[j].from : x->from;
		for (uint64_t addr = from < x->lo ? x->lo : from; addr < x->hi; addr += 8) {
			char name[16];
			struct other_word w = {snap_stack_name(a, i, name), addr, word_at(a, addr),
				word_at(b, addr)};
			if (w.a != w.b && n++ < most)
				tell(ctx, &w);
		}
	}
	return n;
}
