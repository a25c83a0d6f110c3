/* SPDX-License-Identifier: MIT */
#include "own_code.h"

#include <string.h>

bool own_code_has(const struct wire *w, uint64_t pc)
{
	uint32_t n = w->nranges < WIRE_RANGES ? w->nranges : WIRE_RANGES;
	for (uint32_t i = 0; i < n; i++)
		if (pc - w->ranges[i].lo < w->ranges[i].hi - w->ranges[i].lo)
			return true;
	return false;
}

/* Where its bytes are; NULL: not that many are there. */
static const uint8_t *bytes_at(struct own_code *c, struct guest *g, uint64_t pc)
{
	if (!c->area || pc - c->area->lo >= c->area->hi - c->area->lo)
		c->area = space_mapping(&g->space, pc);
	if (!c->area || c->area->hi - pc < GUEST_INSN)
		return NULL;
	return c->area->host + (pc - c->area->lo);
}

const struct own_insn *own_code_step(
	struct own_code *c, struct guest *g, const struct wire *w, uint64_t pc)
{
	enum { PLACES = sizeof c->known / sizeof *c->known };
	if (!own_code_has(w, pc))
		return NULL;
	const uint8_t *bytes = bytes_at(c, g, pc);
	if (!bytes || g->isa->is_special(bytes))
		return NULL;
	struct own_insn *insn = &c->known[pc % PLACES];
	if (insn->pc != pc || memcmp(insn->bytes, bytes, GUEST_INSN) != 0) {
		*insn = (struct own_insn){.pc = pc, .changes = g->isa->changes(bytes)};
		memcpy(insn->bytes, bytes, GUEST_INSN);
	}
	return insn;
}
