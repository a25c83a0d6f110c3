/* SPDX-License-Identifier: MIT */
#include "exclusives.h"

#include <string.h>

enum { SIZE = 4, LONGEST = 16, ZERO_REGISTER = 31 };

static uint32_t bits(uint32_t word, int from, int n)
{
	return word >> from & ((1u << n) - 1);
}

/* Of their class these alone are no compare-and-swap and no plain access that is ordered. */
static bool is_exclusive(uint32_t word, bool load)
{
	bool swaps_pair = bits(word, 31, 1) == 0 && bits(word, 21, 1) == 1;
	return bits(word, 22, 8) == (load ? 0x21 : 0x20) && !swaps_pair;
}

static bool touches_memory(uint32_t word)
{
	return bits(word, 27, 1) == 1 && bits(word, 25, 1) == 0;
}

/* Goes elsewhere, perhaps; whatever is of that class. */
static bool is_branch(uint32_t word)
{
	return bits(word, 26, 3) == 5;
}

/* How far a conditional branch goes; 0: it is none. */
static int64_t branch_distance(uint32_t word)
{
	int n = 0; /* bits that say so, from bit 5 on */
	if (bits(word, 24, 8) == 0x54 || bits(word, 25, 6) == 0x1a)
		n = 19; /* b.cond, cbz, cbnz */
	else if (bits(word, 25, 6) == 0x1b)
		n = 14; /* tbz, tbnz */
	int64_t distance = n ? bits(word, 5, n) : 0;
	return SIZE * (n && distance >> (n - 1) ? distance - ((int64_t)1 << n) : distance);
}

/* What stands between the two; false: nothing that could be executed as a whole. */
static bool take_between(uint32_t word, uint64_t at, struct insn *out)
{
	if (touches_memory(word))
		out->opaque = true;
	if (!is_branch(word))
		return true;
	int64_t distance = branch_distance(word);
	bool first = distance != 0 && out->whole.out == 0;
	out->whole.out = at + (uint64_t)distance;
	return first;
}

/* Whether one can leave it only where it ends, or by its one branch. */
static bool is_sound(uint64_t pc, struct insn_whole *w)
{
	if (w->out == w->end)
		w->out = 0;
	return w->out < pc || w->out > w->end || w->out == 0;
}

void exclusives_describe(uint64_t pc, const uint8_t *bytes, size_t n, struct insn *out)
{
	uint32_t word = 0;
	struct insn with = *out;
	for (size_t at = 0; at < LONGEST * SIZE && at + SIZE <= n; at += SIZE) {
		memcpy(&word, bytes + at, SIZE);
		if (at == 0 && !is_exclusive(word, true))
			return;
		if (is_exclusive(word, false)) {
			uint32_t failed = bits(word, 16, 5);
			with.whole.end = pc + at + SIZE;
			with.whole.failed = failed == ZERO_REGISTER ? -1 : (int8_t)failed;
			if (is_sound(pc, &with.whole))
				*out = with;
			return;
		}
		if (at > 0 && !take_between(word, pc + at, &with))
			return;
	}
}
