/* SPDX-License-Identifier: MIT */
/* What a recording is of, how long it is, and how it ends. recording_parts.h has the rest. */
#include <stdlib.h>

#include "recording_parts.h"
#include "xalloc.h"

const struct recording_info *recording_info(const struct recording *r)
{
	return &r->info;
}

bool recording_has_registers(const struct recording *r)
{
	return r->arch->nregs > 0;
}

struct code *recording_code(const struct recording *r)
{
	return r->code;
}

void recording_set_end(struct recording *r, enum run_end end, const char *sentence)
{
	free(r->end_sentence);
	r->end = end;
	r->end_sentence = sentence ? xstrdup(sentence) : NULL;
}

enum run_end recording_end(const struct recording *r, const char **sentence)
{
	if (sentence)
		*sentence = r->end_sentence ? r->end_sentence : "";
	return r->end;
}

size_t recording_chunks(const struct recording *r, uint64_t *bytes)
{
	*bytes = store_size(r->store);
	return r->nat;
}

int64_t recording_last(const struct recording *r)
{
	return r->last;
}
