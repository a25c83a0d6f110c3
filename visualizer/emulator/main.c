/* SPDX-License-Identifier: MIT */
/*
 * g0scope-emulator: runs a program for amd64 or arm64 on an emulated CPU, its threads in turn.
 *
 *   g0scope-emulator [--turn=N] [--limit=N] [--count] PROGRAM [ARG...]
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guest.h"
#include "serve.h"
#include "sleep.h"
#include "model/say.h"
#include "model/xalloc.h"

static int64_t to_descriptor(void *ctx, int fd, const void *bytes, size_t n)
{
	ssize_t done;
	(void)ctx;
	do
		done = write(fd, bytes, n);
	while (done < 0 && errno == EINTR);
	return done < 0 ? -errno : done;
}

static struct guest_thread *next_awake(struct guest *g, size_t after)
{
	for (size_t i = 1; i <= g->nthreads; i++) {
		struct guest_thread *t = g->threads[(after + i) % g->nthreads];
		if (!t->gone && t->sleeps == AWAKE)
			return t;
	}
	return NULL;
}

/*
 * As g0scope calls it: g0scope-emulator --serve=SOCKET,MEMORY,N PATH [N times NAME=VALUE] NAME
 * [ARG...]. The N are all that the program's environment has. If it was called so, it has served,
 * and ends with *status.
 */
static bool serve_if_asked(int argc, char **argv, int *status)
{
	int socket, memory;
	size_t nenv;
	if (argc < 4 || sscanf(argv[1], "--serve=%d,%d,%zu", &socket, &memory, &nenv) != 3 ||
		nenv >= (size_t)argc - 3)
		return false;
	char **envp = xcalloc(nenv + 1, sizeof *envp);
	memcpy(envp, argv + 3, nenv * sizeof *envp);
	*status = serve(socket, memory, argv[2], argv + 3 + nenv, envp);
	free(envp);
	return true;
}

/* What is asked for on the command line. */
struct asked {
	int64_t turn;   /* instructions that a thread executes before the next one does */
	uint64_t limit; /* and all of them together */
	bool count;     /* say how many it were */
	char **program; /* and its arguments; NULL: none */
};

static struct asked parse(char **argv)
{
	struct asked a = {.turn = 50, .limit = UINT64_MAX};
	char *end = "";
	for (argv++; *argv && strncmp(*argv, "--", 2) == 0 && !*end; argv++)
		if (strncmp(*argv, "--turn=", 7) == 0)
			a.turn = strtoll(*argv + 7, &end, 10);
		else if (strncmp(*argv, "--limit=", 8) == 0)
			a.limit = strtoull(*argv + 8, &end, 10);
		else if (strcmp(*argv, "--count") == 0)
			a.count = true;
		else
			return a;
	a.program = *argv && !*end && a.turn > 0 ? argv : NULL;
	return a;
}

/* How it came that no instruction is executed any more. */
enum came_to { ITS_END, ITS_LIMIT, ALL_ASLEEP };

/* Each thread that is awake in turn, until the program ends or nobody will ever wake. */
static enum came_to run(struct guest *g, const struct asked *a)
{
	struct guest_thread *t = g->threads[0];
	while (!g->ended && g->executed < a->limit) {
		uint64_t left = a->limit - g->executed;
		guest_run(g, t, left < (uint64_t)a->turn ? (int64_t)left : a->turn);
		size_t after = (size_t)t->id - 1;
		sleep_wake_by_input(g, false);
		while (!g->ended && !(t = next_awake(g, after)))
			if (!guest_wait(g) && !sleep_wake_by_input(g, true))
				return ALL_ASLEEP;
	}
	return g->ended ? ITS_END : ITS_LIMIT;
}

/* As a shell has it: 128 and more for a signal; 124 and 125 where the end has not come. */
static int say_end(const struct guest *g, enum came_to how, const char *program)
{
	const char *lacks = *g->lacks ? "; it has asked for what is not emulated: " : "";
	if (how == ITS_LIMIT)
		say_line(stderr, "g0scope-emulator: %s: stopped after %llu instructions%s%s",
			program, (unsigned long long)g->executed, lacks, g->lacks);
	else if (how == ALL_ASLEEP)
		say_line(stderr,
			"g0scope-emulator: %s: all threads sleep, and nothing will wake them%s%s",
			program, lacks, g->lacks);
	else if (g->ended_by)
		say_line(stderr, "g0scope-emulator: %s was killed by signal %d (%s)%s%s", program,
			g->ended_by, strsignal(g->ended_by), lacks, g->lacks);
	else if (*g->lacks)
		say_line(stderr, "g0scope-emulator: %s ended with status %d%s%s", program,
			g->status, lacks, g->lacks);
	if (how != ITS_END)
		return how == ITS_LIMIT ? 124 : 125;
	return g->ended_by ? 128 + g->ended_by : g->status;
}

int main(int argc, char **argv, char **envp)
{
	char err[SENTENCE_MAX];
	int status;
	if (serve_if_asked(argc, argv, &status))
		return status;
	struct asked a = parse(argv);
	if (!a.program) {
		say_line(stderr, "usage: g0scope-emulator [--turn=INSTRUCTIONS] "
				 "[--limit=INSTRUCTIONS] [--count] PROGRAM [ARG...]");
		return 2;
	}
	struct guest *g = guest_open(*a.program, a.program, envp, 0, 0, err, sizeof err);
	if (!g) {
		say_line(stderr, "g0scope-emulator: %s: %s", *a.program, err);
		return 126;
	}
	g->output = to_descriptor;
	status = say_end(g, run(g, &a), *a.program);
	if (a.count)
		say_line(stderr, "g0scope-emulator: %llu instructions",
			(unsigned long long)g->executed);
	guest_close(g);
	return status;
}
