/* SPDX-License-Identifier: MIT */
#include "engine.h"

#include <setjmp.h>
#include <signal.h>

static sigjmp_buf before;
static volatile sig_atomic_t runs;

/* A fault of our own ends us: who called abort() and sees us come back is ended without us. */
static void at_abort(int number)
{
	(void)number;
	if (runs)
		siglongjmp(before, 1);
}

void engine_begin(void)
{
	const struct sigaction action = {.sa_handler = at_abort, .sa_flags = SA_NODEFER};
	sigaction(SIGABRT, &action, NULL);
}

bool engine_run(uc_engine *engine, uint64_t pc, uc_err *why)
{
	bool ok = sigsetjmp(before, 0) == 0;
	runs = ok;
	if (ok)
		*why = uc_emu_start(engine, pc, 0, 0, 0);
	runs = false;
	return ok && *why != UC_ERR_RESOURCE;
}
