/* SPDX-License-Identifier: MIT */
/* All that belongs to a recording, given back. */
#include <stdlib.h>

#include "recording_parts.h"

void recording_free(struct recording *r)
{
	if (!r)
		return;
	cache_free(r);
	grower_free(r->growing);
	marking_free(r->marking);
	lesson_copy_free(r->lesson);
	bookmarks_free(&r->bookmarks);
	recording_free(r->twin);
	snapmem_free(&r->scratch);
	store_free(r->store);
	code_free(r->code);
	bytes_free(&r->output);
	free(r->at);
	free(r->end_sentence);
	free(r);
}
