/* SPDX-License-Identifier: MIT */
/*
 * The engine begins as a kernel, which may execute anything. So it executes what a kernel enters a
 * program by, once: from there on what is the kernel's alone fails, as it does natively.
 */
#include "user.h"

#include <string.h>

#include "isa.h"

bool user_enter(struct guest *g)
{
	/* Code here, which goes on there. */
	const uint64_t here = 0x10000, there = here + 0x800;
	uc_engine *engine = g->space.engine;
	bool ok = uc_mem_map(engine, here, GUEST_PAGE, UC_PROT_ALL) == UC_ERR_OK &&
		  uc_mem_write(engine, here, g->isa->to_user, sizeof g->isa->to_user) == UC_ERR_OK;
	if (!ok)
		return false;
	g->isa->begin_user(g, there);
	ok = uc_emu_start(engine, here, there, 0, 0) == UC_ERR_OK && g->isa->is_user(g);
	return uc_mem_unmap(engine, here, GUEST_PAGE) == UC_ERR_OK && ok;
}
