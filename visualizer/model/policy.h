/* SPDX-License-Identifier: MIT */
/* The mcall policies of arch/policy.def; the first is the default. */
#ifndef MODEL_POLICY_H
#define MODEL_POLICY_H

enum {
#define POLICY(name, arch, what, go) POLICY_##name,
#include "../../arch/policy.def"
#undef POLICY
	POLICY_COUNT
};

struct policy {
	const char *name;
	const char *arch; /* on which a Go did so; "": on all */
	const char *what; /* is in the frame-pointer register on g0 */
	const char *go;
};
/* NULL: there is none of that name. */
const struct policy *policy_by_name(const char *name);
/* The one after it in the table; after the last, and after none of them, the first. */
const char *policy_next(const char *name);
/* All of them in order, NULL at the end; and the same as "|clear|keep…". */
extern const char *const policy_names[POLICY_COUNT + 1];
extern const char policy_bars[];

#endif
