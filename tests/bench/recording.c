/* SPDX-License-Identifier: MIT */
/*
 * What a long recording costs, and what it is good for: ten million steps of a sieve (on the
 * emulated machine, which is fast enough for so many), written as they are made; then the file is
 * opened and gone to anywhere in. The same of a ring of 1,000 Gs. Beside it gdb going back in what
 * it has recorded. Exit status 1 if a goal is missed; nothing to do without the emulator.
 *
 *   recording [STEPS]
 */
#include <inttypes.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "engine/drive.h"
#include "engine/timeline.h"
#include "machine/emulated.h"

enum { STEPS = 10000000, STEPS_OF_MANY = 1000000, SEEKS = 2001, FAR_BACK = 100000 };

static char file[] = "/tmp/g0-bench-recording-XXXXXX";
static bool missed;

static double now_us(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e6 + (double)ts.tv_nsec / 1e3;
}

static void row(const char *what, double is, const char *unit, double goal)
{
	printf("recording, %-44s %10.2f %s", what, is, unit);
	printf(goal > 0 ? "  (goal: at most %.0f)\n" : "\n", goal);
	fflush(stdout);
	missed |= goal > 0 && is > goal;
}

static double rss_mb(void)
{
	struct rusage u;
	getrusage(RUSAGE_SELF, &u);
	return (double)u.ru_maxrss / 1024;
}

/* ---- recording ---- */

struct making {
	struct recsaver *saver;
	int64_t limit;
	char err[512];
};

static const char *keep(void *ctx, const struct recording *r)
{
	struct making *m = ctx;
	if (!m->saver)
		m->saver = recording_save_begin(r, file, m->err, sizeof m->err);
	if (m->saver && !recording_save_more(m->saver, m->err, sizeof m->err))
		return m->err;
	return recording_last(r) >= m->limit ? "enough" : NULL;
}

/* Bytes of the file that say what the program is: those of one with no step. */
static double program_part(const struct recording *r)
{
	char err[512], path[64];
	struct stat st = {0};
	struct recording *none = recording_excerpt(r, recording_last(r), recording_last(r));
	snprintf(path, sizeof path, "%s.none", file);
	if (recording_save(none, path, err, sizeof err))
		stat(path, &st);
	unlink(path);
	recording_free(none);
	return (double)st.st_size;
}

/* Returns how many steps. */
static int64_t make(const char *program, char *const *args, int64_t steps, const char *name)
{
	char err[512] = "", what[80];
	struct making m = {.limit = steps};
	struct run_options o = {.program = program,
		.mcall = "keep",
		.procs = 2,
		.args = args,
		.emulated = true,
		.halt = keep,
		.halt_ctx = &m};
	struct timeline *tl = timeline_open(&o, err, sizeof err);
	struct stat st;
	if (!tl) {
		fprintf(stderr, "recording: %s: %s\n", program, err);
		exit(1);
	}
	double t = now_us();
	drive(tl, 1, INT64_MAX);
	const struct recording *r = timeline_recording(tl);
	int64_t last = recording_last(r);
	recording_save_end(m.saver, r, "enough", err, sizeof err);
	t = now_us() - t;
	stat(file, &st);
	printf("recording, %s: %" PRId64 " steps, %d Gs\n", name, last, timeline_now(tl)->ngs);
	row("made, a step", t / (double)last, "us", 0);
	snprintf(what, sizeof what, "on disk, a step (the program's part apart)");
	row(what, ((double)st.st_size - program_part(r)) / (double)last, "bytes", 3);
	row("resident, while it was made", rss_mb(), "MB", 200);
	timeline_close(tl);
	return last;
}

/* ---- going to steps ---- */

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

static double median(double *of)
{
	qsort(of, SEEKS, sizeof *of, by_size);
	return of[SEEKS / 2];
}

/* Returns how long FAR_BACK steps back take, in us. */
static double look(void)
{
	static double there[SEEKS], back[SEEKS];
	char err[512];
	unsigned seed = 1;
	double t = now_us();
	struct recording *r = recording_load(file, err, sizeof err);
	struct cursor *c = cursor_new(r);
	cursor_seek(c, 0);
	row("opened", (now_us() - t) / 1e3, "ms", 100);
	int64_t last = recording_last(r);
	for (int i = 0; i < SEEKS; i++) {
		int64_t step = 1 + ((int64_t)rand_r(&seed) * RAND_MAX + rand_r(&seed)) % last;
		t = now_us();
		cursor_seek(c, step);
		there[i] = now_us() - t;
		t = now_us();
		cursor_seek(c, step - 1);
		back[i] = now_us() - t;
	}
	row("to a random step, median", median(there), "us", 1000);
	row("a step back from there, median", median(back), "us", 50);
	cursor_seek(c, last);
	t = now_us();
	cursor_seek(c, last - FAR_BACK);
	double far = now_us() - t;
	row("100,000 steps back", far, "us", 0);
	row("resident, in all", rss_mb(), "MB", 200);
	cursor_free(c);
	recording_free(r);
	return far;
}

/* What gdb takes for one step back, in us; 0: there is no gdb. */
static double gdb_back(const char *program)
{
	char command[8192];
	double s = 0;
	snprintf(command, sizeof command,
		"gdb -q -batch -ex 'break go_main' -ex run -ex 'record full' -ex 'stepi 4000' "
		"-ex 'python import time; t = time.time()' -ex 'reverse-stepi 2000' "
		"-ex 'python print(\"took\", (time.time() - t) / 2000)' %s 2>/dev/null | "
		"sed -n 's/^took //p'",
		program);
	FILE *p = popen(command, "r");
	if (p && fscanf(p, "%lf", &s) != 1)
		s = 0;
	if (p)
		pclose(p);
	return s * 1e6;
}

int main(int argc, char **argv)
{
	char *here = strdup(argv[0]), sieve[4096], ring[4096], err[512];
	int64_t steps = argc > 1 ? atoll(argv[1]) : STEPS;
	char *many[] = {(char[]){"1500"}, NULL}, *gs[] = {(char[]){"1000"}, NULL};
	const char *examples = dirname(dirname(here));
	snprintf(sieve, sizeof sieve, "%s/examples/10_sieve", examples);
	snprintf(ring, sizeof ring, "%s/examples/11_ring", examples);
	if (!emulated_is_there(err, sizeof err)) {
		printf("%s\n", err);
		return 0;
	}
	int fd = mkstemp(file);
	close(fd);
	make(sieve, many, steps, "sieve");
	double far = look(), gdb = gdb_back(sieve);
	if (gdb > 0) {
		row("gdb, reverse-stepi, each", gdb, "us", 0);
		row("100,000 back, in thousandths of gdb's time", 1000 * far / (gdb * FAR_BACK), "",
			1);
	}
	make(ring, gs, STEPS_OF_MANY, "ring of 1,000");
	look();
	unlink(file);
	free(here);
	return missed;
}
