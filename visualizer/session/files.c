/* SPDX-License-Identifier: MIT */
/* What is shown, as a file: a recording, or what other programs read. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "model/say.h"
#include "parts.h"

/* Nothing that is there is written over: a name is typed quickly. */
static bool is_free(struct session *s, const char *name)
{
	if (!*name)
		session_reply(s, false, "no name: nothing was written");
	else if (access(name, F_OK) == 0)
		session_reply(s, true, "%s is there already; give another name", name);
	return *name && access(name, F_OK) != 0;
}

void files_save(struct session *s, const char *name)
{
	char err[SENTENCE_MAX];
	const struct recording *r = timeline_recording(s->tl), *twin = timeline_twin(s->tl);
	if (!is_free(s, name))
		return;
	if (s->telling)
		telling_keep(s->telling);
	if (!recording_save_twins(r, twin, name, err, sizeof err))
		session_reply(s, true, "%s", err);
	else
		session_reply(s, false, "%s: steps 0 to %lld%s%s%s", name,
			(long long)recording_last(r), twin ? ", and its twin under " : "",
			twin ? recording_info(twin)->policy : "",
			timeline_paths(s->tl) > 1 + (twin != NULL)
				? "; other paths are not in it: # goes to one, to be saved too"
				: "");
}

void files_export(struct session *s, const char *words)
{
	char err[SENTENCE_MAX], format[16];
	int n = (int)strcspn(words, " ");
	const char *name = words + n + strspn(words + n, " ");
	snprintf(format, sizeof format, "%.*s", n, words);
	if (!s->export_as)
		session_reply(s, true, "nothing can be exported from here");
	else if (!is_free(s, name))
		return;
	else if (!s->export_as(s, format, name, err, sizeof err))
		session_reply(s, true, "%s", err);
	else
		session_reply(s, false, "%s: %s", name, format);
}
