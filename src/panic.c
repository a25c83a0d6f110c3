/* SPDX-License-Identifier: MIT */
/* panic.c - how the process ends when something is wrong: said in a sentence, with status 2. */
#include "os.h"
#include "runtime.h"

/*
 * The runtime found itself in a state that cannot be. Safe anywhere, also where no G is known
 * and locks are held.
 */
void throw(const char *s)
{
	G *gp = getg();

	eprint("fatal error: %s\n", s);
	if (gp == NULL || gp->m == NULL)
		eprint("\ton no M\n");
	else if (gp == gp->m->g0)
		eprint("\ton M%d, on its g0\n", gp->m->id);
	else
		eprint("\ton M%d, on G%D (fn %p)\n", gp->m->id, gp->goid, gp->startfn);
	PROBE(exit, 2);
	osexit(2);
}

void badreturn(const char *s)
{
	throw(s);
}

void badcall(void)
{
	G *gp = getg();

	if (gp == NULL)
		throw("called on a thread that the runtime has not made, not by way of "
		      "cgocallback");
	throw(gp == gp->m->g0 ? "called by C that cgocall has called, not by way of cgocallback"
			      : "called between entersyscall and exitsyscall");
}

void badmcall(void)
{
	(void)getp();
	throw("mcall: called on g0");
}

void badmcall2(void)
{
	throw("mcall: its function returned");
}
