/* SPDX-License-Identifier: MIT */
#include "undo.h"

#include <string.h>

static struct undo_piece *next(struct undo *u)
{
	return u->n < UNDO_PIECES ? &u->pieces[u->n++] : NULL;
}

void undo_keep(struct undo *u, struct space *sp, uint64_t addr, uint64_t size)
{
	while (size > 0) {
		const struct mapping *a = space_mapping(sp, addr);
		struct undo_piece *p = a ? next(u) : NULL;
		if (!p)
			return;
		uint64_t n = size < UNDO_PIECE ? size : UNDO_PIECE;
		n = n < a->hi - addr ? n : a->hi - addr;
		*p = (struct undo_piece){.addr = addr, .size = n};
		memcpy(p->was, a->host + (addr - a->lo), n);
		addr += n;
		size -= n;
	}
}

/* What was kept first is how it was. */
void undo_all(struct undo *u, struct space *sp)
{
	while (u->n > 0) {
		const struct undo_piece *p = &u->pieces[--u->n];
		const struct mapping *a = space_mapping(sp, p->addr);
		memcpy(a->host + (p->addr - a->lo), p->was, p->size);
	}
}
