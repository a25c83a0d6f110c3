/* SPDX-License-Identifier: MIT */
/*
 * g0scope doctor: what on this machine would get in the way, and what to do about it. What can be
 * tried is tried, not guessed: a process is stepped, the emulator started, a display opened.
 */
#include <errno.h>
#include <langinfo.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "command.h"
#include "export/jsonw.h"
#include "lesson/find.h"
#include "lesson/lesson.h"
#include "machine/machine_open.h"
#include "model/say.h"
#include "model/xalloc.h"

enum finding_state { FOUND_OK, FOUND_LIMITED, FOUND_MISSING };
static const char *const state_names[] = {"ok", "limited", "missing"};

struct finding {
	const char *name;
	void (*look)(struct finding *f);
	enum finding_state state;
	char says[SENTENCE_MAX]; /* what it means, and what to do */
};

/* The answer to a question, which has left a sentence in it where that is no. */
static void set(struct finding *f, bool ok, enum finding_state otherwise, const char *words)
{
	f->state = ok ? FOUND_OK : otherwise;
	if (ok)
		say(f->says, sizeof f->says, "%s", words);
}

/* ---- what programs are stepped with ---- */

static void look_at_system(struct finding *f)
{
	struct utsname u;
	int major = 0, minor = 0;
	uname(&u);
	/* Its memfd_create is the newest thing that is needed. */
	bool ok = sscanf(u.release, "%d.%d", &major, &minor) == 2 &&
		  (major > 3 || (major == 3 && minor >= 17));
	f->state = ok ? FOUND_OK : FOUND_LIMITED;
	say(f->says, sizeof f->says, "%s %s on %s; g0scope is built for %s%s", u.sysname, u.release,
		u.machine, machine_own_arch(), ok ? "" : ", and wants Linux 3.17 or later");
}

static void look_at_ptrace(struct finding *f)
{
	set(f, machine_try_real(f->says, sizeof f->says), FOUND_MISSING,
		"a process was stepped on the real CPU");
}

static void look_at_emulator(struct finding *f)
{
	enum finding_state otherwise = machine_can_emulate() ? FOUND_LIMITED : FOUND_MISSING;
	set(f, machine_try_emulated(f->says, sizeof f->says), otherwise,
		"g0scope-emulator starts; it needs no ptrace, and has a CPU for amd64 and for "
		"arm64");
}

/* ---- what is seen of it ---- */

static void look_at_locale(struct finding *f)
{
	const char *codeset = nl_langinfo(CODESET);
	bool ok = strcmp(codeset, "UTF-8") == 0;
	f->state = ok ? FOUND_OK : FOUND_LIMITED;
	say(f->says, sizeof f->says,
		ok ? "its characters are %s"
		   : "its characters are %s, so that lines and arrows are drawn in ASCII; set "
		     "LC_ALL=C.UTF-8, or another locale that has UTF-8",
		codeset);
}

static void look_at_terminal(struct finding *f)
{
	struct terminal t;
	f->state = FOUND_LIMITED;
	if (!tui_describe(&t, f->says, sizeof f->says) || !tui_usable(f->says, sizeof f->says))
		return;
	say(f->says, sizeof f->says, "%s, %dx%d", t.name, t.cols, t.rows);
	if (t.cols < GRID_MIN_COLS || t.rows < GRID_MIN_ROWS)
		say_more(f->says, sizeof f->says, ": a picture needs %dx%d; enlarge it",
			GRID_MIN_COLS, GRID_MIN_ROWS);
	else if (!t.colors)
		say_more(f->says, sizeof f->says,
			", without colours; nothing is told by colour alone, but another TERM may "
			"have them");
	else
		f->state = FOUND_OK;
	if (f->state == FOUND_OK)
		say_more(f->says, sizeof f->says, ", %d colours", t.colors);
}

static void look_at_window(struct finding *f)
{
	set(f, view_sdl_display(f->says, sizeof f->says), FOUND_MISSING,
		"SDL2 is built in, and has found a display");
}

static void look_at_font(struct finding *f)
{
	set(f, view_sdl_font(f->says, sizeof f->says), FOUND_MISSING,
		"the window and --screenshot have one");
}

/* ---- what there is to look at ---- */

static void look_at_lessons(struct finding *f)
{
	struct lesson_entry *list, *lacks = NULL;
	int n = lesson_list(&list), lessons = 0, bad = 0;
	for (int i = 0; i < n && list[i].path; i++, lessons++)
		if (!list[i].program || !find_is_executable(list[i].program)) {
			lacks = lacks ? lacks : &list[i];
			bad++;
		}
	f->state = !lessons ? FOUND_MISSING : bad ? FOUND_LIMITED : FOUND_OK;
	if (!lessons)
		say(f->says, sizeof f->says,
			"none are found; set G0SCOPE_EXAMPLES to the directory that has them");
	else if (bad)
		say(f->says, sizeof f->says, "%d, of which %d cannot be told, such as %s: %s",
			lessons, bad, lacks->name, lacks->title);
	else
		say(f->says, sizeof f->says, "%d, each with its program", lessons);
	lesson_list_free(list, n);
}

/* An example for this computer's own architecture; NULL: there is none. Caller frees. */
static char *an_example(void)
{
	struct lesson_entry *list;
	int n = lesson_list(&list);
	char *found = NULL;
	for (int i = 0; i < n && !found; i++)
		if (list[i].program && find_is_executable(list[i].program))
			found = xstrdup(list[i].program);
	lesson_list_free(list, n);
	return found;
}

static void look_at_examples(struct finding *f)
{
	bool amd64 = strcmp(machine_own_arch(), "amd64") == 0;
	const char *other = amd64 ? "arm64" : "amd64";
	char *program = an_example();
	char *built = program ? find_built_for(other, program, f->says, sizeof f->says) : NULL;
	f->state = built ? FOUND_OK : program ? FOUND_LIMITED : FOUND_MISSING;
	if (built)
		say(f->says, sizeof f->says, "for %s, and for %s", machine_own_arch(), other);
	else if (program)
		say(f->says, sizeof f->says, "for %s; %s", machine_own_arch(), f->says);
	else
		say(f->says, sizeof f->says,
			"none are found; set G0SCOPE_EXAMPLES to the directory that has them, or "
			"build them (make)");
	free(built);
	free(program);
}

/* ---- perf, which the examples at full speed are for ---- */

static bool is_in_path(const char *program)
{
	const char *path = getenv("PATH");
	while (path && *path) {
		char file[4096];
		size_t len = strcspn(path, ":");
		snprintf(file, sizeof file, "%.*s/%s", (int)len, path, program);
		if (find_is_executable(file))
			return true;
		path += len + (path[len] == ':');
	}
	return false;
}

/* The clock's samples of ourselves, as perf would take them of a program. */
static bool may_sample(void)
{
	struct perf_event_attr a = {.type = PERF_TYPE_SOFTWARE,
		.size = sizeof a,
		.config = PERF_COUNT_SW_CPU_CLOCK,
		.sample_period = 1000000,
		.sample_type = PERF_SAMPLE_IP | PERF_SAMPLE_CALLCHAIN,
		.exclude_kernel = 1,
		.disabled = 1};
	int fd = (int)syscall(SYS_perf_event_open, &a, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static void look_at_perf(struct finding *f)
{
	int paranoid = 0;
	FILE *p = fopen("/proc/sys/kernel/perf_event_paranoid", "re");
	bool known = p && fscanf(p, "%d", &paranoid) == 1, may = may_sample();
	int why = errno;
	if (p)
		fclose(p);
	f->state = FOUND_LIMITED;
	if (!may && known && paranoid > 2)
		say(f->says, sizeof f->says,
			"it may not sample: kernel.perf_event_paranoid is %d; sudo sysctl "
			"kernel.perf_event_paranoid=2",
			paranoid);
	else if (!may)
		say(f->says, sizeof f->says,
			"it may not sample (%s); in a container, start that with "
			"--cap-add=PERFMON",
			strerror(why));
	else if (!is_in_path("perf"))
		say(f->says, sizeof f->says,
			"it may sample, and is not installed (Debian: linux-perf); programs "
			"sample themselves with G0_PROF=FILE");
	else
		set(f, true, FOUND_OK, "it is installed, and may sample");
}

/* ---- all of it ---- */

static struct finding findings[] = {
	{.name = "system", .look = look_at_system},
	{.name = "ptrace", .look = look_at_ptrace},
	{.name = "emulator", .look = look_at_emulator},
	{.name = "locale", .look = look_at_locale},
	{.name = "terminal", .look = look_at_terminal},
	{.name = "window", .look = look_at_window},
	{.name = "font", .look = look_at_font},
	{.name = "lessons", .look = look_at_lessons},
	{.name = "examples", .look = look_at_examples},
	{.name = "perf", .look = look_at_perf},
};
enum { NFINDINGS = sizeof findings / sizeof *findings };

static bool is_ok(const char *name)
{
	for (int i = 0; i < NFINDINGS; i++)
		if (strcmp(findings[i].name, name) == 0)
			return findings[i].state == FOUND_OK;
	return false;
}

static void put_lines(const char *steps)
{
	for (int i = 0; i < NFINDINGS; i++)
		say_line(stdout, "%-8s %-9s %s", state_names[findings[i].state], findings[i].name,
			findings[i].says);
	if (steps)
		say_line(stdout, "Programs can be stepped here, on %s CPU.",
			strcmp(steps, "real") == 0 ? "the real" : "an emulated");
	else
		say_line(stdout, "No program can be stepped here; a recording can be opened.");
}

static void put_json(const char *steps)
{
	struct jsonw j = {.f = stdout};
	json_open(&j, '{');
	json_key(&j, "findings");
	json_open(&j, '[');
	for (int i = 0; i < NFINDINGS; i++) {
		json_open(&j, '{');
		json_key(&j, "name");
		json_str(&j, findings[i].name);
		json_key(&j, "state");
		json_str(&j, state_names[findings[i].state]);
		json_key(&j, "says");
		json_str(&j, findings[i].says);
		json_close(&j, '}');
	}
	json_close(&j, ']');
	json_key(&j, "steps");
	json_str(&j, steps);
	json_close(&j, '}');
	fputc('\n', stdout);
}

int doctor(const struct options *o)
{
	for (int i = 0; i < NFINDINGS; i++)
		findings[i].look(&findings[i]);
	const char *steps = is_ok("ptrace") ? "real" : is_ok("emulator") ? "emulated" : NULL;
	if (o->json)
		put_json(steps);
	else
		put_lines(steps);
	return steps ? 0 : 1;
}
