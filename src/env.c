/* SPDX-License-Identifier: MIT */
/*
 * env.c - what the environment asks for: G0_MCALL=clear|keep|g0bp|cycle, G0_PROCS=1..,
 * G0_SEED=0.., G0_STACK=16.., G0_TRACE=FILE, G0_PROF=FILE, G0_POISON=1, and G0_STEPPED=1, which
 * g0scope sets. A value that cannot be used ends the process before anything has run.
 */
#include "os.h"
#include "runtime.h"

enum { MAXPROCS = 256, MINSTACK = 16, MAXSTACK = 1 << 20 };

static bool streq(const char *a, const char *b)
{
	while (*a != '\0' && *a == *b)
		a++, b++;
	return *a == *b;
}

static _Noreturn void bad(const char *name, const char *value, const char *use)
{
	eprint("g0: %s=%s: %s\n", name, value, use);
	osexit(2);
}

mcall_policy_fn *env_mcall(void)
{
	static const struct {
		const char *name;
		mcall_policy_fn *fn;
	} policies[] = {
#define POLICY(name, arch, what, go) {#name, mcall_##name},
#include "policy.def"
#undef POLICY
	};
	static const char use[] = "no such policy; use one of:"
#define POLICY(name, arch, what, go) " " #name
#include "policy.def"
#undef POLICY
		;
	const char *s = gogetenv("G0_MCALL");

	if (s == NULL || *s == '\0')
		return policies[0].fn;
	for (size_t i = 0; i < sizeof policies / sizeof policies[0]; i++)
		if (streq(s, policies[i].name))
			return policies[i].fn;
	bad("G0_MCALL", s, use);
}

/* The decimal number s, all of it; -1 if it is none or over max. */
static int64_t number(const char *s, int64_t max)
{
	int64_t n = 0;

	for (; *s >= '0' && *s <= '9'; s++) {
		n = n * 10 + (*s - '0');
		if (n > max)
			return -1;
	}
	return *s == '\0' ? n : -1;
}

int32_t env_procs(void)
{
	const char *s = gogetenv("G0_PROCS");
	int64_t n;

	if (s == NULL || *s == '\0') {
		n = getncpu();
		return n < 1 ? 1 : n > MAXPROCS ? MAXPROCS : (int32_t)n;
	}
	n = number(s, MAXPROCS);
	if (n < 1)
		bad("G0_PROCS", s, "use the number of Ps, 1 to 256");
	return (int32_t)n;
}

uint32_t env_seed(void)
{
	const char *s = gogetenv("G0_SEED");
	int64_t n;

	if (s == NULL || *s == '\0')
		return 1;
	n = number(s, UINT32_MAX);
	if (n < 0)
		bad("G0_SEED", s, "use a number, 0 to 4294967295");
	return (uint32_t)n;
}

/* Whether somebody steps us, one M at a time: then nothing may go by the clock. */
bool env_stepped(void)
{
	const char *s = gogetenv("G0_STEPPED");
	return s != NULL && streq(s, "1");
}

bool env_poison(void)
{
	const char *s = gogetenv("G0_POISON");

	if (s == NULL || *s == '\0' || streq(s, "0"))
		return false;
	if (!streq(s, "1"))
		bad("G0_POISON", s, "use 1 to have dead stacks filled, or 0");
	return true;
}

const char *env_file(const char *name)
{
	const char *s = gogetenv(name);

	return s == NULL || *s == '\0' ? NULL : s;
}

size_t env_stack(void)
{
	const char *s = gogetenv("G0_STACK");
	int64_t n;

	if (s == NULL || *s == '\0')
		return STACK_SIZE;
	n = number(s, MAXSTACK);
	if (n < MINSTACK)
		bad("G0_STACK", s, "use the KiB of stack that each G is to have, 16 to 1048576");
	return (size_t)n << 10;
}
