/* SPDX-License-Identifier: MIT */
#include "policy.h"

#include <stddef.h>
#include <string.h>

static const struct policy policies[POLICY_COUNT] = {
#define POLICY(name, arch, what, go) {#name, arch, what, go},
#include "../../arch/policy.def"
#undef POLICY
};

const char *const policy_names[POLICY_COUNT + 1] = {
#define POLICY(name, arch, what, go) #name,
#include "../../arch/policy.def"
#undef POLICY
};

const char policy_bars[] =
#define POLICY(name, arch, what, go) "|" #name
#include "../../arch/policy.def"
#undef POLICY
	;

const struct policy *policy_by_name(const char *name)
{
	for (int i = 0; i < POLICY_COUNT; i++)
		if (strcmp(policies[i].name, name) == 0)
			return &policies[i];
	return NULL;
}

const char *policy_next(const char *name)
{
	const struct policy *p = policy_by_name(name);
	return p && p + 1 < policies + POLICY_COUNT ? p[1].name : policies->name;
}
