/* SPDX-License-Identifier: MIT */
/*
 * g0scope: the subcommands. Each opens what was named, does one thing with it, and returns the
 * exit status. All knowledge is below: options.c has the command line, session/session.c what is
 * open, view/ shows it.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "command.h"
#include "engine/flight.h"
#include "export/export.h"
#include "halt.h"
#include "model/outfile.h"
#include "model/say.h"
#include "model/text.h"
#include "view/tell.h"

/* Why not all could be written to standard output, an errno, where that is known; else 0. */
static int output_lost;

int fail(const char *err)
{
	say_line(stderr, "g0scope: %s", err);
	return 1;
}

int fail_over_itself(const char *option, const char *path)
{
	say_line(stderr, "g0scope: %s %s is one of the files read for it; give another name",
		option, path);
	return 1;
}

int fail_output(void)
{
	output_lost = errno;
	return 1;
}

bool has_step(const struct options *o, int64_t last)
{
	char err[SENTENCE_MAX];
	if (o->step <= last)
		return true;
	say(err, sizeof err, "--step=%" PRId64 ": the recording ends at step %" PRId64, o->step,
		last);
	fail(err);
	return false;
}

/* A line of the list, in two columns. */
static void list_lesson(const struct lesson_entry *e)
{
	enum { NAMES_W = 16 };
	int pad = NAMES_W - text_width(e->name);
	say_line(stdout, "%s%*s %s", e->name, pad > 0 ? pad : 0, "", e->title ? e->title : "");
}

static int list_lessons(void)
{
	struct lesson_entry *lessons;
	int n = lesson_list(&lessons);
	if (!n)
		return fail(
			"no lessons found; set G0SCOPE_EXAMPLES to the directory that has them");
	for (int i = 0; i < n; i++)
		list_lesson(&lessons[i]);
	say_line(stdout, "%s", "");
	say_line(stdout, "g0scope %s opens the first; g0scope --help says what else there is.",
		lessons[0].name);
	lesson_list_free(lessons, n);
	return 0;
}

/* Whether it is what the options are for. False: err says why not. */
static bool suits(const struct options *o, const struct session *s, char *err, size_t nerr)
{
	const char *name = o->names[0];
	const char *of_a_run = timeline_is_live(s->tl) ? NULL : options_of_a_run(o);
	if (of_a_run)
		say(err, nerr, "%s%s: %s is a recording, of a run that is over",
			*of_a_run ? "--" : "what follows --", of_a_run, name);
	else if (o->stop && !s->telling)
		say(err, nerr, "--stop: %s is not a lesson", name);
	else if (o->stop > (s->lesson ? s->lesson->nstops : 0))
		say(err, nerr, "--stop=%d: %s has %d stops", o->stop, name, s->lesson->nstops);
	else
		return true;
	return false;
}

/* To the stop, and from there to the step. False: err says why not. */
static bool go_there(const struct options *o, struct session *s, char *err, size_t nerr)
{
	if (o->stop && !session_goto_stop(s, o->stop - 1, err, nerr))
		return false;
	int64_t last = timeline_last(s->tl);
	if (o->step > last && !timeline_is_live(s->tl))
		say(err, nerr, "--step=%" PRId64 ": the recording ends at step %" PRId64, o->step,
			last);
	else if (o->step > last)
		say(err, nerr,
			"--step=%" PRId64 ": only %" PRId64
			" steps have been run; give a --schedule that goes on",
			o->step, last);
	else if (o->step >= 0)
		timeline_seek(s->tl, o->step);
	return o->step <= last;
}

/*
 * Open a session and go where the options say, and no further than h. NULL: the reason has been
 * printed.
 */
static struct session *open_session(const struct options *o, struct halt *h)
{
	char err[SENTENCE_MAX];
	const struct run_options run = halt_options(h, o);
	struct session *s = o->command == CMD_REPLAY
				    ? session_replay(o->names[0], o->schedule, err, sizeof err)
				    : session_open(o->names[0], &run, o->schedule, err, sizeof err);
	if (!s) {
		fail(err);
		return NULL;
	}
	/* Where a screen is opened, it shows this too. */
	if (*s->message)
		fail(s->message);
	if (!suits(o, s, err, sizeof err) || !go_there(o, s, err, sizeof err)) {
		session_close(s);
		fail(err);
		return NULL;
	}
	session_check(s);
	s->export_as = export_shown;
	s->run.hurry = run.hurry;
	if (session_parted(s, err, sizeof err))
		fail(err);
	return s;
}

/* A session that its worker opens and closes, as nobody else can step its program. */
struct opening {
	const struct options *o;
	struct halt halt;
	struct session *session;
};

static void open_it(void *of)
{
	struct opening *it = of;
	it->session = open_session(it->o, &it->halt);
}

static void close_it(void *of)
{
	session_close(((struct opening *)of)->session);
}

static int show(const struct options *o, enum view_kind view, struct session *s, struct worker *w)
{
	if (o->look.screenshot && session_reads(s, o->look.screenshot))
		return fail_over_itself("--screenshot", o->look.screenshot);
	if (view == VIEW_TUI)
		return view_tui(s, w, &o->look);
	if (view == VIEW_SDL)
		return view_sdl(s, w, &o->look);
	if (o->stop || o->step >= 0 || o->schedule || !s->lesson)
		return view_text(s, &o->look, stdout);
	if (o->look.cols)
		return fail("--size is that of a page, and a lesson is told in lines; name a place "
			    "(--stop, --step, --schedule)");
	return view_story(s);
}

/*
 * With the worker that a view needs which is not to wait. What the user has left unfinished has
 * this long to come to its end; if it has not, the kernel ends the program with us.
 */
static int show_with_worker(const struct options *o, enum view_kind view)
{
	enum { LEAVE_MS = 2000 };
	/* Not on the stack: a worker that has not come to its end looks into it while we leave. */
	static struct opening it;
	struct worker *w = worker_new();
	it = (struct opening){.o = o, .halt = {.worker = w}};
	if (!w)
		return fail("this system has no thread to give for a view; use --view=text");
	worker_do(w, open_it, &it);
	int status = it.session ? show(o, view, it.session, w) : 1;
	if (!worker_wait(w, LEAVE_MS))
		return status;
	if (it.session)
		worker_do(w, close_it, &it);
	worker_free(w);
	return status;
}

static struct session *open_on(const struct options *o, const char *arch, struct halt *h)
{
	struct options on = *o;
	on.run.arch = arch;
	struct session *s = open_session(&on, h);
	if (!s || s->lesson)
		return s;
	fail("--arch=both: there is no lesson to tell; name one, such as stale_link");
	session_close(s);
	return NULL;
}

/* A lesson on both architectures, in words. */
static int open_twins(const struct options *o)
{
	struct halt h[2] = {0};
	if (o->view != VIEW_TEXT)
		return fail("--arch=both is told as text: add --view=text");
	struct session *one = open_on(o, "amd64", &h[0]);
	struct session *other = one ? open_on(o, "arm64", &h[1]) : NULL;
	int status = other ? view_twins(one, other, o->stop - 1) : 1;
	if (other)
		session_close(other);
	if (one)
		session_close(one);
	return status;
}

static int open_view(const struct options *o)
{
	if (!o->nnames)
		return list_lessons();
	if (o->both)
		return open_twins(o);
	enum view_kind view = o->view;
	char why[SENTENCE_MAX];
	if (view == VIEW_TUI && !tui_usable(why, sizeof why))
		return fail(why);
	if (view == VIEW_AUTO)
		view = tui_usable(why, sizeof why) ? VIEW_TUI : VIEW_TEXT;
	if (view != VIEW_TEXT)
		return show_with_worker(o, view);
	struct halt h = {0};
	struct session *s = open_session(o, &h);
	int status = s ? show(o, view, s, NULL) : 1;
	if (s)
		session_close(s);
	return status;
}

struct recording *load_recording(const char *path)
{
	char err[SENTENCE_MAX] = "";
	struct recording *r = load_either(path, err, sizeof err);
	if (*err)
		fail(err);
	return r;
}

char *under_words(const struct recording_info *info, char *buf, size_t n)
{
	say(buf, n, "%s%s", *info->policy ? " under " : "", info->policy);
	return buf;
}

char *emulated_words(const struct recording_info *info, char *buf, size_t n)
{
	*buf = '\0';
	if (info->emulated)
		snprintf(buf, n, " (emulated %s)", info->arch);
	return buf;
}

void print_damage(const struct recording *r, FILE *out)
{
	struct cursor *c = cursor_new(r);
	const struct snapshot *s = cursor_seek(c, recording_last(r));
	for (int i = 0; i < s->ndamage; i++)
		say_line(out, "damaged   %s", s->damage[i]);
	cursor_free(c);
}

static int dump(const struct options *o)
{
	struct recording *r = load_recording(o->names[0]);
	int status = 1;
	if (r && has_step(o, recording_last(r)))
		status = export_json(r, &o->more, o->step, stdout) ? 0 : fail_output();
	recording_free(r);
	return status;
}

static void no_line(void *ctx, const char *line)
{
	(void)ctx;
	(void)line;
}

/* Tell each lesson headless, under its own policy and under clear. */
static int check(const struct options *o)
{
	int status = 0;
	for (int i = 0; i < o->nnames; i++) {
		char err[SENTENCE_MAX], cpu[32] = "";
		struct halt h = {0};
		const struct run_options run = halt_options(&h, o);
		struct session *s = session_open(o->names[i], &run, NULL, err, sizeof err);
		bool ok = s && s->lesson;
		if (s && !s->lesson)
			say(err, sizeof err, "%s is not a lesson", o->names[i]);
		ok = ok && tell_lesson(s, no_line, NULL, err, sizeof err);
		if (s)
			emulated_words(recording_info(timeline_recording(s->tl)), cpu, sizeof cpu);
		say_line(stdout, "%s %d - %s%s", ok ? "ok" : "not ok", i + 1, o->names[i], cpu);
		if (!ok)
			status = fail(err);
		if (s)
			session_close(s);
	}
	return status;
}

static int run(const struct options *o)
{
	if (o->both && o->command != CMD_OPEN)
		return fail("--arch=both is for a lesson that is told; name one architecture");
	switch (o->command) {
	case CMD_RECORD: return record(o);
	case CMD_LESSONS: return list_lessons();
	case CMD_CHECK: return check(o);
	case CMD_DUMP: return dump(o);
	case CMD_INFO: return info(o);
	case CMD_EXPORT: return export_recording(o);
	case CMD_VERIFY: return verify(o);
	case CMD_TRIM: return trim(o);
	case CMD_DIFF: return diff(o);
	case CMD_DOCTOR: return doctor(o);
	default: return open_view(o);
	}
}

/*
 * Room for what we and the libraries put on the stack, which grows up to what the limit is by
 * then. False, having said so, if there is none to be had.
 */
static bool make_room(void)
{
	enum { NEEDED = 512 << 10 };
	struct rlimit stack;
	if (getrlimit(RLIMIT_STACK, &stack) != 0 || stack.rlim_cur >= NEEDED)
		return true;
	stack.rlim_cur = stack.rlim_max < NEEDED ? stack.rlim_max : NEEDED;
	if (setrlimit(RLIMIT_STACK, &stack) == 0 && stack.rlim_cur == NEEDED)
		return true;
	say_line(stderr,
		"g0scope: the limit on stacks is %llu KiB, and %d are needed; raise it "
		"(ulimit -s)",
		(unsigned long long)stack.rlim_cur >> 10, NEEDED >> 10);
	return false;
}

/*
 * 0, 1 and 2 are taken, whoever closed them: else what we open next would be read and written for
 * them. What is written to one that was closed still fails.
 */
static void take_standard(void)
{
	int fd;
	do
		fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	while (fd >= 0 && fd <= 2);
	close(fd);
}

/*
 * Whoever is given our output must hear of it if not all of it arrived. A pipe whose reader has
 * gone is another thing: there SIGPIPE has ended us, without a word, unless it is ignored.
 */
static int close_output(int status)
{
	char err[SENTENCE_MAX];
	errno = 0;
	bool lost = ferror(stdout) != 0;
	lost |= fclose(stdout) != 0;
	if (!output_lost)
		output_lost = errno;
	if (!lost && !output_lost)
		return status;
	/* 0: it went wrong before what was written last, and nobody has kept why. */
	outfile_complain("standard output", output_lost ? output_lost : EIO, err, sizeof err);
	fail(err);
	return status ? status : 1;
}

int main(int argc, char **argv)
{
	struct options o;
	take_standard();
	if (!make_room())
		return 1;
	/*
	 * Of the user's locale only which characters the terminal has: numbers are written and read
	 * with a point, and our sentences are in one language.
	 */
	setlocale(LC_CTYPE, "");
	/* A file that grows beyond `ulimit -f` is an error as any other. */
	signal(SIGXFSZ, SIG_IGN);
	bool utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	if (!utf8)
		say_in_ascii();
	int status = options_parse(&o, argc, argv);
	o.look.ascii |= !utf8;
	if (o.look.ascii)
		say_in_ascii();
	if (status < 0)
		status = run(&o);
	options_free(&o);
	return close_output(status);
}
