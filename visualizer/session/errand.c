/* SPDX-License-Identifier: MIT */
#include "errand.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static void do_key(void *of)
{
	struct errand *e = of;
	session_key(e->session, e->key);
}

static void do_act(void *of)
{
	struct errand *e = of;
	session_act(e->session, e->act);
}

void errand_key(struct errand *e, const char *key)
{
	/* Nothing is lost of what is typed fast. */
	if (session_key_types(e->session, key)) {
		session_key(e->session, key);
		return;
	}
	assert(strlen(key) < sizeof e->key); /* cut it would be another key */
	snprintf(e->key, sizeof e->key, "%s", key);
	worker_begin(e->worker, do_key, e);
}

void errand_act(struct errand *e, struct act act)
{
	e->act = act;
	worker_begin(e->worker, do_act, e);
}

enum key_meanwhile errand_key_meanwhile(struct errand *e, const char *key)
{
	bool quits = session_key_action(key) == ACT_QUIT;
	if (!quits && strcmp(key, "Escape") != 0)
		return MEANWHILE_NOTHING;
	worker_stop(e->worker);
	return quits ? MEANWHILE_QUIT : MEANWHILE_STOP;
}

char *errand_words(const struct errand *e, char *buf, size_t n)
{
	const char *what = worker_is_stopped(e->worker) ? "ending" : "executing";
	int64_t told = worker_told(e->worker);
	if (told)
		snprintf(buf, n, "%s: %lld steps are recorded   (Escape ends it, q quits)", what,
			(long long)told);
	else
		snprintf(buf, n, "%s   (Escape ends it, q quits)", what);
	return buf;
}
