/* SPDX-License-Identifier: MIT */
#include "guest.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calls.h"
#include "cpu.h"
#include "isa.h"
#include "load.h"
#include "signals.h"
#include "sleep.h"
#include "threads.h"
#include "versions.h"
#include "model/say.h"
#include "model/xalloc.h"

static int64_t ignore_output(void *ctx, int fd, const void *bytes, size_t n)
{
	(void)ctx, (void)fd, (void)bytes;
	return (int64_t)n;
}

/* An engine with the program in it, and its first thread at its first instruction. */
static bool begin(struct guest *g, const struct image_file *f, const char *path, char *const *argv,
	char *const *envp, char *err, size_t nerr)
{
	g->isa = load_isa(f, err, nerr);
	if (!g->isa)
		return false;
	if (!cpu_open(g)) {
		say(err, nerr, "the engine that emulates %s cannot be had", g->isa->name);
		return false;
	}
	if (!load_segments(g, f, err, nerr) || !load_stack(g, f, path, argv, envp, err, nerr))
		return false;
	g->on = threads_add(g);
	if (!g->on)
		say(err, nerr, "there is no memory for its first thread");
	return g->on != NULL;
}

struct guest *guest_open(const char *path, char *const *argv, char *const *envp, int fd,
	uint64_t from, char *err, size_t nerr)
{
	struct image_file f;
	if (!load_open(&f, path, err, nerr))
		return NULL;
	struct guest *g = xcalloc(1, sizeof *g);
	g->program = realpath(path, NULL);
	g->output = ignore_output;
	g->accesses = INT64_MAX;
	g->fds[0].is = FD_INPUT;
	g->fds[1] = (struct guest_fd){FD_OUTPUT, 1, false};
	g->fds[2] = (struct guest_fd){FD_OUTPUT, 2, false};
	g->space.fd = fd;
	g->space.end = from;
	space_begin(&g->space);
	bool ok = begin(g, &f, path, argv, envp, err, nerr);
	load_close(&f);
	if (ok)
		return g;
	guest_close(g);
	return NULL;
}

void guest_close(struct guest *g)
{
	threads_free(g);
	cpu_close(g);
	versions_free(&g->space);
	space_free(&g->space);
	free(g->input.bytes);
	free(g->program);
	for (int i = 0; i < GUEST_PIPES; i++)
		free(g->pipes[i].bytes);
	free(g);
}

void guest_lacks(struct guest *g, const char *format, ...)
{
	static const char more[] = ", and more";
	char what[sizeof g->lacks - sizeof more];
	va_list args;
	va_start(args, format);
	vsnprintf(what, sizeof what, format, args);
	va_end(args);
	size_t n = strlen(g->lacks);
	if (n == 0)
		strcpy(g->lacks, what);
	else if (strcmp(g->lacks, what) != 0 &&
		 (n < sizeof more || strcmp(g->lacks + n - (sizeof more - 1), more) != 0))
		strcat(g->lacks, more);
}

void guest_come_out(struct guest *g, struct guest_thread *t)
{
	bool again = t->woken && t->again;
	t->again = false;
	if (again)
		t->woken = false;
	if (again)
		calls_do(g, t);
	else
		sleep_come_out(g, t);
}

static bool is_awake(const struct guest *g, const struct guest_thread *t)
{
	return !g->ended && !t->gone && t->sleeps == AWAKE;
}

int64_t guest_run(struct guest *g, struct guest_thread *t, int64_t n)
{
	sleep_wake_by_time(g);
	cpu_put_on(g, t);
	guest_come_out(g, t);
	if (!is_awake(g, t))
		return 0;
	/* As on a real CPU that is stepped: that is all of the step. */
	if (signals_are_due(g, t)) {
		signals_take(g, t);
		return 1;
	}
	int64_t done = cpu_run(g, n);
	if (g->stopped == STOPPED_SIGNAL)
		signals_force(g, t, g->signal);
	if (g->stopped == STOPPED_CALL)
		calls_do(g, t);
	if (g->stopped == STOPPED_CALL && is_awake(g, t))
		signals_take(g, t);
	return done;
}

bool guest_wait(struct guest *g)
{
	uint64_t first = NEVER;
	for (size_t i = 0; i < g->nthreads; i++)
		if (!g->threads[i]->gone && g->threads[i]->wakes_at < first &&
			g->threads[i]->sleeps != AWAKE)
			first = g->threads[i]->wakes_at;
	if (first == NEVER)
		return false;
	if (first > guest_now(g))
		g->slept += first - guest_now(g);
	sleep_wake_by_time(g);
	return true;
}
