/* SPDX-License-Identifier: MIT */
#include "robust.h"

#include <linux/futex.h>
#include <stddef.h>

#include "cpu.h"
#include "sleep.h"

/* The lowest bit is set for a lock that the kernel itself hands on, of which there is none here. */
static bool read_link(struct guest *g, uint64_t at, uint64_t *link)
{
	bool ok = cpu_read(g, at, link, sizeof *link);
	*link &= ~UINT64_C(1);
	return ok;
}

/* False: no lock can be there. */
static bool leave(struct guest *g, const struct guest_thread *t, uint64_t at, bool pending)
{
	uint32_t word;
	if (at % sizeof word || !cpu_read(g, at, &word, sizeof word))
		return false;
	uint32_t owner = word & FUTEX_TID_MASK, dead = (word & FUTEX_WAITERS) | FUTEX_OWNER_DIED;
	bool own = owner == (uint32_t)t->id;
	if (own && !cpu_write(g, at, &dead, sizeof dead))
		return false;
	/* One that it was about to lock or to unlock may be nobody's, and who waits not know. */
	if ((own && word & FUTEX_WAITERS) || (pending && !owner))
		sleep_wake_futex(g, at, 1, FUTEX_BITSET_MATCH_ANY);
	return true;
}

/* The list is the program's: it may be broken anywhere, or have no end. */
void robust_end(struct guest *g, const struct guest_thread *t)
{
	uint64_t entry, next, offset, pending, head = t->robust;
	if (!head || !read_link(g, head, &entry) ||
		!cpu_read(g, head + offsetof(struct robust_list_head, futex_offset), &offset,
			sizeof offset) ||
		!read_link(g, head + offsetof(struct robust_list_head, list_op_pending), &pending))
		return;
	for (int left = ROBUST_LIST_LIMIT; left > 0 && entry != head; left--) {
		bool more = read_link(g, entry, &next);
		if (entry != pending && !leave(g, t, entry + offset, false))
			return;
		if (!more)
			return;
		entry = next;
	}
	if (pending)
		leave(g, t, pending + offset, true);
}
