/* SPDX-License-Identifier: MIT */
#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

/* A clock is asked once in so many steps, and a line written so often. */
enum { STEPS = 256, EVERY_MS = 250 };

static int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000) + t.tv_nsec / 1000000;
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
	fprintf(stderr, "\r%" PRId64 " steps under %s   (Ctrl-C ends it, and keeps them) ", steps,
		policy);
	fflush(stderr);
}

void progress_clear(struct progress *p)
{
	if (p->shown)
		fprintf(stderr, "\r%*s\r", 78, "");
	p->shown = false;
}
