/* SPDX-License-Identifier: MIT */
#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "model/say.h"

/* A clock is asked once in so many steps, and a line written so often. */
enum { STEPS = 256, EVERY_MS = 250, LINE_W = 79 };

static int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000) + t.tv_nsec / 1000000;
}

/* In place of what stands in the line. */
static void put_over(const char *words)
{
	char blank[LINE_W];
	memset(blank, ' ', sizeof blank - 1);
	blank[sizeof blank - 1] = '\0';
	fputc('\r', stderr);
	fputs(blank, stderr);
	fputc('\r', stderr);
	fputs(words, stderr);
	fflush(stderr);
}

struct progress progress_begin(void)
{
	return (struct progress){
		.wanted = isatty(STDERR_FILENO) == 1, .next_ms = now_ms() + EVERY_MS};
}

void progress_tell(struct progress *p, const char *policy, int64_t steps)
{
	if (!p->wanted || p->asked++ % STEPS)
		return;
	int64_t now = now_ms();
	if (now < p->next_ms)
		return;
	p->next_ms = now + EVERY_MS;
	p->shown = true;
	char words[LINE_W];
	say(words, sizeof words, "%" PRId64 " steps under %s   (Ctrl-C ends it, and keeps them) ",
		steps, policy);
	put_over(words);
}

void progress_clear(struct progress *p)
{
	if (p->shown)
		put_over("");
	p->shown = false;
}
