/* SPDX-License-Identifier: MIT */
#include "halt.h"
#include "model/say.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

static volatile sig_atomic_t came;
static atomic_bool any_came;

static const struct {
	int sig;
	const char *name;
} asking[] = {
	{SIGINT, "SIGINT"},
	{SIGTERM, "SIGTERM"},
	{SIGHUP, "SIGHUP"},
	{SIGQUIT, "SIGQUIT"},
	{SIGXCPU, "SIGXCPU"},
};
enum { NASKING = sizeof asking / sizeof *asking };

static void on_signal(int sig)
{
	came = sig;
	any_came = true;
}

void halt_on_signals(void)
{
	const struct sigaction sa = {.sa_handler = on_signal, .sa_flags = SA_RESETHAND};
	struct sigaction was;
	for (int i = 0; i < NASKING; i++)
		/* What nohup and the like have switched off stays off. */
		if (sigaction(asking[i].sig, NULL, &was) == 0 && was.sa_handler != SIG_IGN)
			sigaction(asking[i].sig, &sa, NULL);
}

int halt_signal(void)
{
	return came;
}

static const char *name_of(int sig)
{
	for (int i = 0; i < NASKING; i++)
		if (asking[i].sig == sig)
			return asking[i].name;
	return "a signal";
}

/* What there is of a recording goes to its file. */
static void keep(struct halt *h, const struct recording *r)
{
	if (!h->output || strcmp(recording_info(r)->policy, h->policy) != 0)
		return;
	h->recording = r;
	if (!h->saver)
		h->saver = recording_save_begin(r, h->output, h->why, sizeof h->why);
	h->lost = !h->saver || !recording_save_more(h->saver, h->why, sizeof h->why);
}

static void over_limit(struct halt *h, int64_t last)
{
	if (h->by_itself)
		say(h->why, sizeof h->why,
			"stopped at step %" PRId64 ", as always without --limit=N", last);
	else
		say(h->why, sizeof h->why,
			"stopped at step %" PRId64 ": --limit=%" PRId64 " allows no more", last,
			h->limit);
}

/* What a user has had enough of is over; the next key may begin another. */
static const char *ask_worker(struct halt *h, int64_t last)
{
	if (!h->worker)
		return NULL;
	worker_tell(h->worker, last);
	if (!worker_is_stopped(h->worker))
		return NULL;
	say(h->ended, sizeof h->ended, "ended by Escape, with %" PRId64 " steps recorded", last);
	return h->ended;
}

static const char *ask(void *ctx, const struct recording *r)
{
	struct halt *h = ctx;
	int64_t last = recording_last(r);
	if (!*h->why)
		keep(h, r);
	progress_tell(&h->progress, recording_info(r)->policy, last);
	if (!*h->why && came)
		say(h->why, sizeof h->why, "stopped at step %" PRId64 " by %s", last,
			name_of(came));
	if (!*h->why && h->limit && last >= h->limit)
		over_limit(h, last);
	return *h->why ? h->why : ask_worker(h, last);
}

struct run_options halt_options(struct halt *h, const struct options *o)
{
	struct run_options run = o->run;
	h->limit = o->limit;
	run.halt = ask;
	run.halt_ctx = h;
	run.hurry = h->worker ? worker_stopped_flag(h->worker) : &any_came;
	return run;
}
