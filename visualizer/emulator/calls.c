/* SPDX-License-Identifier: MIT */
#include "calls.h"

#include <errno.h>
#include <stdio.h>
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

void calls_do(struct guest *g, struct guest_thread *t)
{
	int64_t result = -ENOSYS;
	t->number = cpu_get(g, g->isa->number);
	for (int i = 0; i < GUEST_ARGS; i++)
		t->args[i] = cpu_get(g, g->isa->args[i]);
	enum guest_call call = which(g->isa, t->number);
	if (call == NCALLS)
		snprintf(g->lacks, sizeof g->lacks, "system call %lld", (long long)t->number);
	else if (fns[call])
		result = fns[call](g, t, t->args);
	else
		g->isa->own_call(g, t, call, t->args, &result);
	/* A handler has come back, with all registers as they were. */
	if (call != CALL_rt_sigreturn && result != FELL_ASLEEP && !t->gone && !g->ended)
		g->isa->leave_call(g, result);
}
