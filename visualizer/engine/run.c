/* SPDX-License-Identifier: MIT */
#include "run.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/foreign.h"
#include "model/parting.h"
#include "model/policy.h"
#include "model/say.h"
#include "model/xalloc.h"

struct run {
	struct stepper *stepper; /* at the recording's last step; NULL: a replay */
	struct recording *recording;
	struct cursor *cursor;
	struct foreign *foreign;
	struct search *search; /* NULL: nobody has looked for anything yet */
	struct run_options options;
	char policy[8]; /* options.mcall */
};

/* ---- open and close ---- */

/* As many as there is room for. */
static void keep_args(struct recording_info *info, char *const *args)
{
	size_t used = 0;
	for (; args && *args; args++, info->nargs++) {
		size_t n = strlen(*args) + 1;
		if (n > sizeof info->args - used)
			return;
		memcpy(info->args + used, *args, n);
		used += n;
	}
}

static struct recording *begin_recording(const struct run_options *o, struct stepper *stepper)
{
	const struct snapshot *first = stepper_state(stepper);
	struct recording_info info = {.procs = o->procs > 0 ? o->procs : 2,
		.seed = o->seed,
		.build = stepper_build(stepper),
		.emulated = stepper_is_emulated(stepper)};
	const char *slash = strrchr(o->program, '/');
	snprintf(info.program, sizeof info.program, "%s", slash ? slash + 1 : o->program);
	keep_args(&info, o->args);
	snprintf(info.policy, sizeof info.policy, "%s", o->mcall);
	snprintf(info.arch, sizeof info.arch, "%s", first->arch->name);
	return recording_new(&info, first, stepper_code(stepper));
}

static void take_recording(struct run *run, struct recording *r)
{
	run->recording = r;
	run->cursor = cursor_new(r);
	run->foreign = foreign_new(r);
}

struct run *run_open(const struct run_options *o, const char *policy, char *err, size_t nerr)
{
	struct run *run = xcalloc(1, sizeof *run);
	if (!policy)
		policy = o->mcall ? o->mcall : policy_names[0];
	snprintf(run->policy, sizeof run->policy, "%s", policy);
	run->options = *o;
	run->options.mcall = run->policy;
	run->stepper = stepper_open(&run->options, err, nerr);
	if (!run->stepper) {
		free(run);
		return NULL;
	}
	take_recording(run, begin_recording(&run->options, run->stepper));
	return run;
}

struct run *run_replay(struct recording *r)
{
	struct run *run = xcalloc(1, sizeof *run);
	take_recording(run, r);
	return run;
}

void run_let_go(struct run *run)
{
	if (!run->stepper)
		return;
	stepper_close(run->stepper);
	run->stepper = NULL;
	/* Nobody is left to be asked for more. */
	code_set_supply(recording_code(run->recording), NULL, NULL);
}

void run_close(struct run *run)
{
	run_let_go(run);
	cursor_free(run->cursor);
	foreign_free(run->foreign);
	search_free(run->search);
	recording_free(run->recording);
	free(run);
}

/* ---- what it is ---- */

bool run_is_live(const struct run *run)
{
	return run->stepper != NULL;
}

const char *run_note(const struct run *run)
{
	return run->stepper ? stepper_note(run->stepper) : "";
}

void run_add_lacks(const struct run *run, char *sentence, size_t n)
{
	if (run->stepper)
		stepper_add_lacks(run->stepper, sentence, n);
}

const struct recording *run_recording(const struct run *run)
{
	return run->recording;
}

void run_set_lesson(struct run *run, const struct recording_lesson *lesson)
{
	recording_set_lesson(run->recording, lesson);
}

bool run_bookmark(struct run *run, int64_t step, const char *note)
{
	return recording_set_bookmark(run->recording, step, note);
}

const char *run_policy(const struct run *run)
{
	return recording_info(run->recording)->policy;
}

int64_t run_last(const struct run *run)
{
	return recording_last(run->recording);
}

const struct snapshot *run_at(struct run *run, int64_t step)
{
	return cursor_seek(run->cursor, step);
}

int64_t run_first_foreign(const struct run *run, int64_t most)
{
	return foreign_first(run->foreign, most);
}

struct search *run_search(struct run *run)
{
	if (!run->search)
		run->search = search_new(run->recording);
	return run->search;
}

uint64_t run_build(const struct run *run)
{
	return recording_info(run->recording)->build;
}

uint64_t run_build_now(const struct run *run)
{
	uint64_t now = run->stepper ? stepper_build_of(run->options.program) : 0;
	return now ? now : run_build(run);
}

/* ---- on from its end ---- */

/* If the program has ended, the recording knows how. */
static void keep_end(struct run *run)
{
	const char *sentence;
	enum run_end end = stepper_end(run->stepper, &sentence);
	if (end != RUN_GOES_ON)
		recording_set_end(run->recording, end, sentence);
}

/* Whether the run is not to go on; err then says why. */
static bool is_halted(const struct run *run, char *err, size_t nerr)
{
	const struct run_options *o = &run->options;
	const char *sentence = o->halt ? o->halt(o->halt_ctx, run->recording) : NULL;
	if (sentence)
		say(err, nerr, "%s", sentence);
	return sentence != NULL;
}

void run_say_no_m(const struct snapshot *s, int m, char *err, size_t nerr)
{
	say(err, nerr, "there is no M%d here, only", m);
	for (int i = 0; i < s->nms; i++)
		say_more(err, nerr, "%s M%d", i ? "," : "", s->ms[i].id);
}

static void say_why_not(
	const struct run *run, enum step_result result, int m, char *err, size_t nerr)
{
	const char *sentence;
	char how[80];
	if (result == STEP_DONE || result == STEP_HALTED)
		return;
	if (result == STEP_ASLEEP)
		say(err, nerr, "M%d is asleep %s", m,
			stepper_sleeps(run->stepper, m, how, sizeof how));
	else if (result == STEP_NO_M)
		run_say_no_m(stepper_state(run->stepper), m, err, nerr);
	else if (stepper_end(run->stepper, &sentence) != RUN_GOES_ON)
		say(err, nerr, "%s", sentence);
}

static void say_where_it_ends(const struct run *run, char *err, size_t nerr)
{
	const char *how;
	recording_end(run->recording, &how);
	say(err, nerr, "the recording ends here%s%s; open the program itself to go on",
		*how ? ": " : "", how);
}

void run_expect(struct run *run, const struct turn *turns, size_t n)
{
	if (run->stepper)
		stepper_expect(run->stepper, turns, n);
}

/* Let that come over the program. False: err says why it cannot. */
static bool precede(struct run *run, struct before before, char *err, size_t nerr)
{
	for (size_t i = 0; i < before.n; i++) {
		const struct turn *t = &before.turns[i];
		if (stepper_precede(run->stepper, t))
			continue;
		if (t->kind == TURN_SIGNAL)
			say(err, nerr, "there is no M%d here to be sent a signal", t->m);
		else
			say(err, nerr, "time does not pass here");
		return false;
	}
	/* Who slept for good may not any more. */
	if (before.n)
		recording_set_end(run->recording, RUN_GOES_ON, NULL);
	return true;
}

bool run_is_between(const struct run *run)
{
	return run->stepper && stepper_before(run->stepper).n > 0;
}

struct next run_next(const struct run *run, int64_t step)
{
	return (struct next){
		recording_m(run->recording, step), recording_before(run->recording, step)};
}

enum step_result run_step(struct run *run, int m, char *err, size_t nerr)
{
	return run_take(run, &(struct next){.m = m}, err, nerr);
}

enum step_result run_take(struct run *run, const struct next *next, char *err, size_t nerr)
{
	struct step st;
	enum step_result result;
	int64_t since = 0;
	int m = next->m;
	if (!run->stepper) {
		say_where_it_ends(run, err, nerr);
		return STEP_ENDED;
	}
	/* Or what it does next would be told of another step. */
	assert(stepper_state(run->stepper)->step == run_last(run));
	if (next->before.n && is_halted(run, err, nerr))
		return STEP_HALTED;
	if (!precede(run, next->before, err, nerr))
		return STEP_NO_M;
	do {
		if (is_halted(run, err, nerr))
			return STEP_HALTED;
		result = stepper_step(run->stepper, m, &st);
		if (result == STEP_DONE)
			recording_add(run->recording, &st);
		else
			recording_add_output(run->recording, st.output, st.noutput);
		keep_end(run);
	} while (result == STEP_ASLEEP && stepper_doze(run->stepper, m, &since));
	say_why_not(run, result, m, err, nerr);
	return result;
}

int run_await(struct run *run)
{
	char err[SENTENCE_MAX];
	int m = -1;
	int64_t since = 0;
	if (!run->stepper)
		return -1;
	while (!is_halted(run, err, sizeof err) && (m = stepper_awake(run->stepper)) < 0 &&
		stepper_doze(run->stepper, -1, &since))
		;
	keep_end(run);
	return m;
}

bool run_is_awake(struct run *run, int m)
{
	char how[80];
	if (!run->stepper)
		return false;
	stepper_awake(run->stepper);
	return !*stepper_sleeps(run->stepper, m, how, sizeof how);
}

char *run_sleepers(struct run *run, char *buf, size_t n)
{
	const struct snapshot *now = run_at(run, run_last(run));
	char how[80];
	size_t used = 0;
	*buf = '\0';
	for (int i = 0; run->stepper && i < now->nms && used < n; i++) {
		int m = now->ms[i].id;
		if (*stepper_sleeps(run->stepper, m, how, sizeof how))
			used += (size_t)snprintf(buf + used, n - used, "%sM%d is asleep %s",
				used ? "; " : "", m, how);
	}
	return buf;
}

/* ---- beside another ---- */

static bool is_same_policy(const struct run *a, const struct run *b)
{
	return strcmp(run_policy(a), run_policy(b)) == 0;
}

int64_t run_common(const struct run *a, const struct run *b, int64_t steps)
{
	/* Another build has all its code elsewhere. */
	int64_t same = run_build(a) == run_build(b)
			       ? recording_common(a->recording, b->recording)
			       : recording_common_schedule(a->recording, b->recording);
	return same < steps ? same : steps;
}

/* The same step as the other's, which it must be under the same policy. */
static enum step_result repeat(
	struct run *run, const struct run *other, int64_t step, char *err, size_t nerr)
{
	struct next next = run_next(other, step);
	int m = next.m;
	struct parting p;
	assert(step == run_last(run) + 1);
	/* It has come already, if the step could not be executed the last time. */
	if (run->stepper && before_same(stepper_before(run->stepper), next.before))
		next.before.n = 0;
	enum step_result result = run_take(run, &next, err, nerr);
	if (result == STEP_HALTED)
		return result;
	if (result != STEP_DONE) {
		say(err, nerr, "the schedule cannot be followed beyond step %lld: %s",
			(long long)step - 1, err);
		/* A run that comes to another end is another from some step on. */
		parting_find(&p, other->recording, run->recording);
		if (p.step >= 0)
			say_more(err, nerr, "; the two part at step %lld", (long long)p.step);
	} else if (is_same_policy(run, other) &&
		   recording_pc(run->recording, step) != recording_pc(other->recording, step)) {
		say(err, nerr,
			"the schedule does not lead there again: at step %lld M%d is elsewhere; "
			"does the program depend on time or chance?",
			(long long)step, m);
		return STEP_NO_M;
	}
	return result;
}

/* What comes after step `from` of another, up to `to` at most: up to which step it is. */
static int64_t expect_along(struct run *run, const struct run *other, int64_t from, int64_t to)
{
	enum { TURNS = 256, STEPS = 4096 };
	struct turn turns[TURNS];
	size_t n = 0;
	int64_t step = from;
	for (; step < to && step < from + STEPS; step++) {
		int m = recording_m(other->recording, step + 1);
		/* What comes from outside comes first. */
		if (step > from && recording_before(other->recording, step + 1).n)
			break;
		if (n == 0 || turns[n - 1].m != m) {
			if (n == TURNS)
				break;
			turns[n++] = (struct turn){.m = m};
		}
		turns[n - 1].n++;
	}
	run_expect(run, turns, n);
	return step;
}

enum step_result run_along(
	struct run *run, const struct run *other, int64_t to, char *err, size_t nerr)
{
	enum step_result result = STEP_DONE;
	int64_t expected = 0;
	assert(to <= run_last(other));
	while (result == STEP_DONE && run_last(run) < to) {
		if (run_last(run) >= expected)
			expected = expect_along(run, other, run_last(run), to);
		result = repeat(run, other, run_last(run) + 1, err, nerr);
	}
	return result;
}
