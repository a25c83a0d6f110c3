/* SPDX-License-Identifier: MIT */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "grid/grid.h"
#include "machine/machine_open.h"
#include "model/policy.h"
#include "model/say.h"
#include "usage.h"

#define G0SCOPE_VERSION "0.1"

static const struct {
	const char *name, *operands, *what;
	int min, max; /* operands */
} commands[CMD_COUNT] = {
	[CMD_OPEN] = {NULL, "LESSON|PROGRAM|FILE.g0r", "open it; without a name, list the lessons",
		0, 1},
	[CMD_RECORD] = {"record", "LESSON|PROGRAM -o FILE", "run it stepped and record every step",
		1, 1},
	[CMD_REPLAY] = {"replay", "FILE.g0r", "open a recording", 1, 1},
	[CMD_LESSONS] = {"lessons", "", "list the lessons", 0, 0},
	[CMD_CHECK] = {"check", "LESSON...", "tell lessons headless; exit 1 if one does not hold",
		1, 1000},
	[CMD_DUMP] = {"dump", "FILE.g0r --json", "the facts of each step, one JSON object a line",
		1, 1},
	[CMD_INFO] = {"info", "FILE.g0r", "what a recording holds", 1, 1},
	[CMD_VERIFY] = {"verify", "FILE.g0r", "whether all of a recording can be read", 1, 1},
	[CMD_TRIM] = {"trim", "FILE.g0r -o FILE", "a part of a recording as one of its own", 1, 1},
	[CMD_DIFF] = {"diff", "FILE.g0r [FILE.g0r]", "where two runs part, or a run and its twin",
		1, 2},
	[CMD_EXPORT] = {"export", "FILE.g0r --format=FORMAT", "a recording for other tools", 1, 1},
	[CMD_DOCTOR] = {"doctor", "", "what here would get in the way, and what to do", 0, 0},
};

/* How long an M that sleeps for something outside is waited for, in seconds. */
enum { WAIT = 10, WAIT_MAX = 1000000 };

enum option_id {
	OPT_VIEW = 256,
	OPT_MCALL,
	OPT_MACHINE,
	OPT_ARCH,
	OPT_PROCS,
	OPT_SEED,
	OPT_SCHEDULE,
	OPT_STEP,
	OPT_STOP,
	OPT_LIMIT,
	OPT_WAIT,
	OPT_ASCII,
	OPT_COLOR,
	OPT_SIZE,
	OPT_SCALE,
	OPT_SCREENSHOT,
	OPT_POISON,
	OPT_STDIN,
	OPT_ENV,
	OPT_JSON,
	OPT_WORDS,
	OPT_VARS,
	OPT_OUTPUT,
	OPT_TWIN,
	OPT_FORMAT,
	OPT_FROM,
	OPT_TO,
	OPT_GRAIN,
	OPT_HELP,
	OPT_VERSION,
};

/* Commands, as bits: those that open a view, and those that execute a program. */
#define OF(command) (1u << CMD_##command)
#define VIEWS (OF(OPEN) | OF(REPLAY))
#define RUNS (OF(OPEN) | OF(RECORD) | OF(CHECK))
#define ANY (~0u)

static const struct {
	const char *name, *arg, *what;
	int id;
	unsigned in; /* the commands that have a use for it */
} table[] = {
	{"view", "tui|sdl|text", "where to show it (default: tui on a terminal, else text)",
		OPT_VIEW, VIEWS},
	{"mcall", policy_bars + 1, "what mcall does to the frame pointer", OPT_MCALL, RUNS},
	{"machine", "real|emulated",
		"which CPU executes the program (default: the real one, if it can)", OPT_MACHINE,
		RUNS},
	{"arch", "amd64|arm64|both", "the lesson's program as it is built for that", OPT_ARCH,
		RUNS},
	{"procs", "N", "how many Ps (default 2)", OPT_PROCS, RUNS},
	{"seed", "N", "seed of the stealing order; record then chooses Ms by lot", OPT_SEED, RUNS},
	{"schedule", "S", "run along a schedule first, e.g. \"M0*1192 !M1 @10ms M1*254\"",
		OPT_SCHEDULE, OF(OPEN) | OF(RECORD) | OF(REPLAY)},
	{"step", "N", "start at this step of what was run or recorded; dump only this step",
		OPT_STEP, VIEWS | OF(DUMP) | OF(DIFF) | OF(EXPORT)},
	{"stop", "N", "start at a lesson's stop, 1 for the first", OPT_STOP, VIEWS},
	{"limit", "N", "execute at most N steps (default: record at most 100000 of a program)",
		OPT_LIMIT, RUNS},
	{"wait", "SECONDS", "for an M asleep until something outside wakes it (default 10)",
		OPT_WAIT, RUNS},
	{"ascii", NULL, "no character outside ASCII", OPT_ASCII, ANY},
	{"color", "auto|always|never", "colour in the terminal; NO_COLOR is heeded", OPT_COLOR,
		ANY},
	{"size", "COLSxROWS", "size of a page, screenshot or asciicast, in characters", OPT_SIZE,
		VIEWS | OF(EXPORT)},
	{"scale", "X", "size of the window's type, 1 is normal", OPT_SCALE, VIEWS},
	{"screenshot", "FILE.png", "with --view=sdl: draw one picture, without a display",
		OPT_SCREENSHOT, VIEWS},
	{"poison", NULL, "fill the stack of each G that ends with 0xdeaddeaddeaddead", OPT_POISON,
		RUNS},
	{"stdin", "FILE", "what the program reads (default: our input, if no terminal)", OPT_STDIN,
		RUNS},
	{"env", "NAME=VALUE", "a variable for the program, which gets none of ours", OPT_ENV, RUNS},
	{"json", NULL, "as JSON", OPT_JSON,
		OF(DUMP) | OF(INFO) | OF(VERIFY) | OF(DIFF) | OF(DOCTOR)},
	{"words", NULL, "with dump: the live words of every stack too", OPT_WORDS, OF(DUMP)},
	{"vars", NULL, "with dump: the variables of every frame too", OPT_VARS, OF(DUMP)},
	{"twin", policy_bars + 1, "with record: the same schedule beside it under another policy",
		OPT_TWIN, OF(RECORD)},
	{"output", "FILE", "with record, trim and export: the file to write (-o)", OPT_OUTPUT,
		OF(RECORD) | OF(TRIM) | OF(EXPORT)},
	{"from", "N", "with trim: from this step on (default 0)", OPT_FROM, OF(TRIM)},
	{"to", "N", "with trim: up to this step (default the last)", OPT_TO, OF(TRIM)},
	{"format", "txt|chrome|folded|asciicast", "with export: what to write", OPT_FORMAT,
		OF(EXPORT)},
	{"grain", "event|line|insn",
		"of an asciicast: how far from picture to picture (default event)", OPT_GRAIN,
		OF(EXPORT)},
	{"help", NULL, "this help", OPT_HELP, ANY},
	{"version", NULL, "the version, and what is built in", OPT_VERSION, ANY},
};
enum { NOPTIONS = sizeof table / sizeof *table };
_Static_assert(NOPTIONS <= 32, "each has a bit in options.given");

static void print_help(void)
{
	enum { COLUMN = 30 };
	puts("g0scope - watch a threading runtime switch stacks, and a profiler be misled by it\n");
	puts("usage:");
	for (int i = 0; i < CMD_COUNT; i++) {
		const char *name = commands[i].name ? commands[i].name : "";
		printf("  g0scope %s%s%-*s  %s\n", name, *name ? " " : "",
			(int)(32 - strlen(name) - (*name != 0)), commands[i].operands,
			commands[i].what);
	}
	puts("\noptions:");
	for (int i = 0; i < NOPTIONS; i++) {
		char left[64];
		snprintf(left, sizeof left, "--%s%s%s", table[i].name, table[i].arg ? "=" : "",
			table[i].arg ? table[i].arg : "");
		/* What is too long for its column has a line by itself. */
		bool fits = strlen(left) <= COLUMN;
		if (!fits)
			printf("  %s\n", left);
		printf("  %-*s %s\n", COLUMN, fits ? left : "", table[i].what);
	}
	puts("\nWhat follows -- goes to the program.");
	puts("Exit status: 0 done, 1 it failed, 2 wrong usage.\n\nexamples:");
	puts("  g0scope stale_link                        the first lesson");
	puts("  g0scope --view=sdl --stop=5 stale_link    in a window, at its fifth stop");
	puts("  g0scope record stale_link --mcall=keep -o keep.g0r");
	puts("  g0scope dump keep.g0r --json");
	puts("  g0scope export keep.g0r --format=chrome -o keep.json");
}

static void print_version(void)
{
	printf("g0scope %s\nviews: text tui%s\n", G0SCOPE_VERSION,
		view_sdl_built_in() ? " sdl" : " (built without SDL2: no window)");
	printf("machines: real%s\n", machine_can_emulate()
					     ? " emulated"
					     : " (no g0scope-emulator here: it is built where "
					       "libunicorn-dev is)");
}

static bool parse_number(const char *text, int64_t min, int64_t max, int64_t *out)
{
	char *end;
	errno = 0;
	long long n = strtoll(text, &end, 10);
	if (errno || end == text || *end || n < min || n > max)
		return false;
	*out = n;
	return true;
}

/* The index of word in a list like "tui|sdl|text", -1 if it is none of them. */
static int choice(const char *list, const char *word)
{
	size_t len = strlen(word);
	for (int i = 0;; i++) {
		const char *end = strchrnul(list, '|');
		if ((size_t)(end - list) == len && !memcmp(list, word, len))
			return i;
		if (!*end)
			return -1;
		list = end + 1;
	}
}

static bool parse_size(const char *text, struct view_options *look)
{
	char x;
	return sscanf(text, "%d%c%d", &look->cols, &x, &look->rows) == 3 && x == 'x' &&
	       look->cols >= GRID_MIN_COLS && look->cols <= 1000 && look->rows >= GRID_MIN_ROWS &&
	       look->rows <= 1000;
}

static bool parse_scale(const char *text, double *scale)
{
	char *end;
	*scale = strtod(text, &end);
	return end != text && !*end && *scale >= 0.25 && *scale <= 8;
}

/* One more variable for the program; false: it is none, or there are too many. */
static bool add_variable(struct options *o, char *arg)
{
	int n = 0;
	while (o->env[n])
		n++;
	if (n == OPTIONS_ENV_MAX || *arg == '=' || !strchr(arg, '='))
		return false;
	o->env[n] = arg;
	return true;
}

/* Its place in the table; -1: it is not there. */
static int index_of(int id)
{
	int i = 0;
	while (i < NOPTIONS && table[i].id != id)
		i++;
	return i < NOPTIONS ? i : -1;
}

/* Set one of those that are one of several words; these stand in the table, in their order. */
static bool set_choice(struct options *o, int id, char *arg)
{
	int c = choice(table[index_of(id)].arg, arg);
	switch (id) {
	case OPT_VIEW: o->view = VIEW_TUI + c; break;
	case OPT_MACHINE:
		o->run.emulated = c == 1;
		o->run.real = c == 0;
		break;
	case OPT_ARCH:
		o->both = c == 2;
		o->run.arch = o->both ? NULL : arg;
		break;
	case OPT_COLOR: o->look.color = COLOR_AUTO + c; break;
	case OPT_FORMAT: o->format = FORMAT_TXT + c; break;
	case OPT_GRAIN: o->grain = GRAIN_EVENT + c; break;
	}
	return c >= 0;
}

/* Set one option; false: arg is not one of what the table says. */
static bool set_option(struct options *o, int id, char *arg)
{
	int64_t n = 0;
	bool ok = true;
	switch (id) {
	case OPT_VIEW:
	case OPT_MACHINE:
	case OPT_ARCH:
	case OPT_COLOR:
	case OPT_FORMAT:
	case OPT_GRAIN: ok = set_choice(o, id, arg); break;
	case OPT_MCALL:
		ok = policy_by_name(arg) != NULL;
		o->run.mcall = arg;
		break;
	case OPT_PROCS:
		ok = parse_number(arg, 1, 64, &n);
		o->run.procs = (int)n;
		break;
	case OPT_SEED:
		ok = parse_number(arg, 1, INT64_MAX, &n);
		o->run.seed = (uint64_t)n;
		break;
	case OPT_FROM: ok = parse_number(arg, 0, INT64_MAX, &o->from); break;
	case OPT_TO: ok = parse_number(arg, 0, INT64_MAX, &o->to); break;
	case OPT_STEP: ok = parse_number(arg, 0, INT64_MAX, &o->step); break;
	case OPT_STOP:
		ok = parse_number(arg, 1, 1000, &n);
		o->stop = (int)n;
		break;
	case OPT_WAIT:
		ok = parse_number(arg, 1, WAIT_MAX, &n);
		o->run.wait_s = (int)n;
		break;
	case OPT_LIMIT: ok = parse_number(arg, 1, INT64_MAX, &o->limit); break;
	case OPT_SIZE: ok = parse_size(arg, &o->look); break;
	case OPT_SCALE: ok = parse_scale(arg, &o->look.scale); break;
	case OPT_STDIN: o->run.input = arg; break;
	case OPT_ENV: ok = add_variable(o, arg); break;
	case OPT_SCREENSHOT: o->look.screenshot = arg; break;
	case OPT_OUTPUT: o->output = arg; break;
	case OPT_TWIN:
		ok = policy_by_name(arg) != NULL;
		o->twin = arg;
		break;
	}
	return ok;
}

static void set_flag(struct options *o, int id)
{
	o->look.ascii |= id == OPT_ASCII;
	o->run.poison |= id == OPT_POISON;
	o->json |= id == OPT_JSON;
	o->more.words |= id == OPT_WORDS;
	o->more.vars |= id == OPT_VARS;
}

static int set_schedule(struct options *o, const char *arg)
{
	char err[SENTENCE_MAX];
	if (schedule_parse(&o->turns, arg, err, sizeof err) != 0)
		return usage_error("--schedule:", err);
	o->schedule = &o->turns;
	return -1;
}

/* A value that is not one of what the table says. The exit status. */
static int value_error(int id, const char *value)
{
	const char *arg = table[index_of(id)].arg;
	bool number = !strcmp(arg, "N") || !strcmp(arg, "SECONDS");
	say_line(stderr, "g0scope: --%s=%s: expected %s%s", table[index_of(id)].name, value, arg,
		id == OPT_STEP || id == OPT_FROM || id == OPT_TO ? ", a number from 0 on"
		: number                                         ? ", a number from 1 on"
		: id == OPT_SIZE                                 ? ", from 80x24 to 1000x1000"
								 : "");
	return 2;
}

_Static_assert(GRID_MIN_COLS == 80 && GRID_MIN_ROWS == 24, "as it is said there");

/* What getopt_long found wrong, which it would say with whatever bytes were given. */
static int option_error(int id, char **argv)
{
	const char letter[] = {'-', (char)optopt, '\0'};
	const char *word = optopt > 0 && optopt <= UCHAR_MAX ? letter : argv[optind - 1];
	return usage_error(id == ':'               ? "a value must follow"
			   : !optopt               ? "no such option, or more than one begins so:"
			   : index_of(optopt) >= 0 ? "no value can follow"
						   : "there is no such option:",
		word);
}

/* One option, with what follows it; NULL: nothing does. -1, or the exit status. */
static int take_option(struct options *o, int id, char *arg)
{
	if (id == OPT_SCHEDULE)
		return set_schedule(o, arg);
	if (!arg) {
		set_flag(o, id);
	} else if (!set_option(o, id, arg)) {
		return value_error(id, arg);
	}
	return -1;
}

/* Every option, in the order given. -1, or the exit status. */
static int parse_options(struct options *o, int argc, char **argv)
{
	struct option longs[NOPTIONS + 1] = {0};
	for (int i = 0; i < NOPTIONS; i++)
		longs[i] = (struct option){table[i].name,
			table[i].arg ? required_argument : no_argument, NULL, table[i].id};
	int id, status = -1;
	opterr = 0;
	while (status < 0 && (id = getopt_long(argc, argv, ":o:h", longs, NULL)) != -1) {
		if (id == 'o')
			id = OPT_OUTPUT;
		if (id == OPT_HELP || id == 'h') {
			print_help();
			return 0;
		}
		if (id == OPT_VERSION) {
			print_version();
			return 0;
		}
		if (id == '?' || id == ':')
			return option_error(id, argv);
		status = take_option(o, id, optarg);
		o->given |= 1u << index_of(id);
	}
	return status;
}

const char *options_of_a_run(const struct options *o)
{
	for (int i = 0; i < NOPTIONS; i++)
		if (o->given >> i & 1 && table[i].in == RUNS)
			return table[i].name;
	return o->run.args ? "" : NULL;
}

/* What would change nothing. -1, or the exit status. */
static int refuse_useless(const struct options *o)
{
	const char *name = commands[o->command].name;
	for (int i = 0; i < NOPTIONS; i++)
		if (o->given >> i & 1 && !(table[i].in >> o->command & 1)) {
			say_line(stderr, "g0scope: %s has no use for --%s; see g0scope --help",
				name ? name : "what opens a view", table[i].name);
			return 2;
		}
	if (o->run.args && !(RUNS >> o->command & 1))
		return usage_error("no program is run that could be given", "--");
	return -1;
}

/* The first word, if it is a command, and its operands. -1, or the exit status. */
static int parse_command(struct options *o, char **words, int n)
{
	for (int i = CMD_OPEN + 1; i < CMD_COUNT && n; i++)
		if (!strcmp(words[0], commands[i].name))
			o->command = i;
	int skip = o->command != CMD_OPEN;
	o->names = words + skip;
	o->nnames = n - skip;
	if (o->nnames > commands[o->command].max && o->command == CMD_OPEN) {
		say_line(stderr, "g0scope: too many names: %s, as %s is no command; %s",
			o->names[1], o->names[0], "see g0scope --help");
		return 2;
	}
	if (o->nnames > commands[o->command].max)
		return usage_error("too many names:", o->names[commands[o->command].max]);
	if (o->nnames < commands[o->command].min) {
		say_line(stderr, "g0scope: usage: g0scope %s %s", commands[o->command].name,
			commands[o->command].operands);
		return 2;
	}
	int status = usage_check(o);
	return status < 0 ? refuse_useless(o) : status;
}

/* Whether somebody sits before it, who can ask again. */
static bool is_watched(const struct options *o)
{
	return o->command == CMD_OPEN && o->view != VIEW_TEXT &&
	       (o->view != VIEW_AUTO || isatty(STDOUT_FILENO)) && !o->look.screenshot;
}

int options_parse(struct options *o, int argc, char **argv)
{
	*o = (struct options){.step = -1, .from = -1, .to = -1};
	o->run.env = o->env;
	/* What follows -- is the program's: getopt must not move it among ours. */
	int ours = argc;
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--")) {
			o->run.args = argv + i + 1;
			argv[i] = NULL;
			ours = i;
			break;
		}
	}
	int status = parse_options(o, ours, argv);
	if (status < 0)
		status = parse_command(o, argv + optind, ours - optind);
	if (!o->run.wait_s && !is_watched(o))
		o->run.wait_s = WAIT;
	return status;
}

void options_free(struct options *o)
{
	schedule_clear(&o->turns);
}
