/* SPDX-License-Identifier: MIT */
/* The sampler: a program of ends[] is run with G0_PROF, and its folded stacks are read. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime.h"
#include "test.h"

/* What one run has left: samples, and those of a verdict, of two, and in one function. */
struct samples {
	long all, valid, given_up, in_busy;
};

static void add_line(struct samples *s, char *line)
{
	char *number = strrchr(line, ' '), *end;
	long n;

	CHECK(number != NULL);
	n = strtol(number, &end, 10);
	CHECK(n > 0 && strcmp(end, "\n") == 0);
	s->all += n;
	if (strncmp(line, "VALID", 5) == 0)
		s->valid += n;
	else if (strncmp(line, "STALE;", 6) == 0 || strncmp(line, "CHIMERA;", 8) == 0)
		s->given_up += n;
	else
		CHECK(strncmp(line, "WILD;", 5) == 0 || strncmp(line, "CYCLE;", 6) == 0 ||
			strncmp(line, "MISLEADING;", 11) == 0 || strncmp(line, "NOFP;", 5) == 0);
	if (strstr(line, ";runtime_main;go_main;busy ") != NULL)
		s->in_busy += n;
}

static struct samples run_sampled(const char *program)
{
	char name[64], env[80], line[8192];
	struct samples s = {0};
	FILE *f;

	snprintf(name, sizeof name, "/tmp/g0-prof-%d", (int)getpid());
	snprintf(env, sizeof env, "G0_PROF=%s", name);
	CHECK(run_end(program, env).status == 0);
	f = fopen(name, "r");
	CHECK(f != NULL);
	while (fgets(line, sizeof line, f) != NULL)
		add_line(&s, line);
	fclose(f);
	unlink(name);
	return s;
}

static void samples_name_who_called_whom(void)
{
	struct samples s = run_sampled("busy");

	CHECK(s.all > 0);
	/* ThreadSanitizer hands a signal on when it likes, from a stack of its own. */
	if (watched())
		return;
	CHECK(s.valid > 0 && s.in_busy > s.all / 2);
}

static void clear_leaves_nothing_to_give_up(void)
{
	struct samples s = run_sampled("busy");

	CHECK(s.all > 0 && s.given_up == 0);
}

const struct test prof_tests[] = {
	{"prof: samples name who called whom", samples_name_who_called_whom, false, "2"},
	{"prof: under clear no stack is of a G that was given up", clear_leaves_nothing_to_give_up,
		true, "2"},
	{0},
};
