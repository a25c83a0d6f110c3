/* SPDX-License-Identifier: MIT */
/* What the flight recorder wrote: what is read of it is a recording like any other. */
#include "fuzz.h"

#include <string.h>

#include "engine/flight.h"
#include "model/moment.h"
#include "model/say.h"

static void look_at(const struct recording *r, struct cursor *c, int64_t step)
{
	const struct moment at = {r, cursor_seek(c, step)};
	char words[600];
	struct answer a;
	fuzz_require(snap_is_sound(at.now));
	fuzz_require(at.now->nms > 0);
	moment_judge(&at, at.now->ms[0].id, &a);
	fuzz_require(a.verdict == VERDICT_UNKNOWN);
	if (moment_event(&at))
		fuzz_shown(event_words(moment_event(&at), moment_code(&at), words, sizeof words),
			strlen(words));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char err[SENTENCE_MAX] = "";
	struct recording *r = flight_load(fuzz_file(data, n), err, sizeof err);
	if (r) {
		struct cursor *c = cursor_new(r);
		fuzz_taken++;
		fuzz_require(recording_last(r) > 0);
		fuzz_require(recording_verify(r, err, sizeof err));
		for (int i = 0; i <= 4; i++)
			look_at(r, c, recording_last(r) * i / 4);
		cursor_free(c);
	}
	fuzz_sentence(err);
	recording_free(r);
	fuzz_file_close();
	return 0;
}
