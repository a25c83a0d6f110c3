/* SPDX-License-Identifier: MIT */
#include "calls.h"

#include <errno.h>
#include <string.h>

#include "cpu.h"
#include "isa.h"
#include "sleep.h"

static call_fn *const fns[NCALLS] = {
#define CALL(name, amd64, arm64) [CALL_##name] = call_##name,
#define call_arch_prctl NULL
#include "calls.def"
#undef call_arch_prctl
#undef CALL
};

static enum guest_call which(const struct guest_isa *isa, uint64_t number)
{
	int call = 0;
	while (call < NCALLS && (isa->calls[call] < 0 || (uint64_t)isa->calls[call] != number))
		call++;
	return (enum guest_call)call;
}

/* By its name, if it is known. */
static void lacks_call(struct guest *g, uint64_t number)
{
	const struct named_call *other = g->isa->others;
	while (other->name && (other->number < 0 || (uint64_t)other->number != number))
		other++;
	if (other->name)
		guest_lacks(g, "%s (system call %d)", other->name, other->number);
	else
		guest_lacks(g, "system call %lld", (long long)number);
}

void calls_do(struct guest *g, struct guest_thread *t)
{
	int64_t result = -ENOSYS;
	t->number = cpu_get(g, g->isa->number);
	for (int i = 0; i < GUEST_ARGS; i++)
		t->args[i] = cpu_get(g, g->isa->args[i]);
	enum guest_call call = which(g->isa, t->number);
	if (call == NCALLS)
		lacks_call(g, t->number);
	else if (fns[call])
		result = fns[call](g, t, t->args);
	else
		g->isa->own_call(g, t, call, t->args, &result);
	/* A handler has come back, with all registers as they were. */
	if (call != CALL_rt_sigreturn && result != FELL_ASLEEP && !t->gone && !g->ended)
		g->isa->leave_call(g, result);
}
