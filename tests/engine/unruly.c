/* SPDX-License-Identifier: MIT */
/* Programs that do what a stepper may stumble over: tests/engine/programs/unruly.c. */
#include "engine_tests.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "image/sdt.h"
#include "machine/ptrace.h"
#include "model/event.h"

static const char *unruly(void)
{
	return built("tests/programs/unruly");
}

/* Drive the program, in a mode, to its end. */
static struct timeline *run(const char *mode, int64_t limit)
{
	struct timeline *tl = open_program(unruly(), mode, "clear");
	drive(tl, 1, limit);
	return tl;
}

/*
 * The same from a seed, and on where all Ms sleep, as somebody else may take his time to wake them:
 * a process that the program waits for.
 */
static struct timeline *run_out(const char *mode, uint64_t seed)
{
	enum { STEPS = 60000, WAITS = 400 };
	char err[1024];
	const char *said;
	struct timeline *tl = open_program(unruly(), mode, "clear");
	for (int i = 0; i < WAITS; i++) {
		drive(tl, seed, STEPS);
		if (recording_end(timeline_recording(tl), &said) != RUN_GOES_ON ||
			timeline_last(tl) >= STEPS)
			break;
		timeline_forward(tl, i % timeline_now(tl)->nms, err, sizeof err);
	}
	return tl;
}

/* How often a G called gosched, as far as the steps show it. */
static int switches(const struct timeline *tl)
{
	const struct recording *r = timeline_recording(tl);
	int n = 0;
	for (int64_t s = 1; s <= recording_last(r); s++) {
		const struct event *e = recording_event(r, s);
		n += e && e->id == event_by_name("gosched");
	}
	return n;
}

/* It ends, having said this, and so many switches on the way were steps. */
static void ends_after(int nswitches, const char *mode, const char *output, const char *how)
{
	const char *said;
	struct timeline *tl = run_out(mode, 1);
	if (recording_end(timeline_recording(tl), &said) == RUN_GOES_ON)
		fail_msg("%s has not ended after %lld steps", mode, (long long)timeline_last(tl));
	if (!strstr(said, how))
		fail_msg("%s: \"%s\" does not say \"%s\"", mode, said, how);
	if (strcmp(output_of(tl), output) != 0)
		fail_msg("%s: the output is \"%s\"", mode, output_of(tl));
	if (switches(tl) != nswitches)
		fail_msg("%s: %d switches of %d", mode, switches(tl), nswitches);
	timeline_close(tl);
}

static void ends(const char *mode, const char *output, const char *how)
{
	ends_after(0, mode, output, how);
}

static void test_addresses(void **state)
{
	(void)state;
	ends("nowhere", "went on\n", "status 0");
	ends("keeps_flags", "went on\n", "status 0");
	ends_after(5, "unmaps_code", "needed once\naside\n", "status 0");
}

/* What an instruction writes is seen, whatever its operands say. */
static void test_odd_writes(void **state)
{
	(void)state;
	char err[1024] = "";
	struct step st;
	const char *said;
	char *args[] = {"writes_oddly", NULL};
	struct run_options o = {.program = unruly(), .args = args, .procs = 1};
	struct stepper *s = stepper_open(&o, err, sizeof err);
	assert_non_null(s);
	while (stepper_step(s, 0, &st) == STEP_DONE)
		if (stepper_end(s, &said) == RUN_GOES_ON && stepper_shadow_errors(s))
			fail_msg("step %lld: memory has changed unnoticed",
				(long long)st.state->step);
	struct code *code = stepper_code(s);
	stepper_close(s);
	code_free(code);
}

static void test_library_comes_back_elsewhere(void **state)
{
	(void)state;
	ends_after(5, "jumps", "aside\n", "status 0");
	ends_after(5, "jumps_out_of_sort", "aside\n", "status 0");
	ends_after(5, "stays_in_sort", "aside\n", "status 4");
	ends_after(5, "jumps_out_of_handler", "aside\n", "status 0");
	ends_after(5, "swaps", "aside\nswapped back\n", "status 0");
}

/* Each step ends, also where the program does not. */
static void test_never_ends(void **state)
{
	(void)state;
	struct timeline *tl = run("spins_in_library", 2000);
	assert_int_equal(timeline_last(tl), 2000);
	assert_non_null(strstr(function_of(tl, 0), "pthread_spin_lock"));
	timeline_close(tl);
	ends_after(5, "spins_aside", "aside\njoined\n", "status 0");
}

/* Whatever it is that sleeps: the M is asleep, and we are not. */
static void sleeps(const char *mode)
{
	char err[1024] = "";
	struct timeline *tl = run(mode, 60000);
	const struct snapshot *s = timeline_now(tl);
	if (strcmp(output_of(tl), "") != 0)
		print_message("%s", output_of(tl));
	else if (!s->ms[0].asleep)
		fail_msg("%s: M0 is not asleep after %lld steps", mode, (long long)s->step);
	else
		assert_int_equal(timeline_forward(tl, 0, err, sizeof err), STEP_ASLEEP);
	timeline_close(tl);
}

static void test_sleeps(void **state)
{
	(void)state;
	sleeps("sleeps_by_old_call");
	sleeps("sleeps_in_page_fault");
}

static void test_processes(void **state)
{
	(void)state;
	ends("forks", "aside\nstatus 700\n", "status 0");
	ends("forks_bare", "status 600\n", "status 0");
	ends("vforks", "status 500\n", "status 0");
	ends("spawns", "status 300\nsystem 200\n", "status 0");
	ends("pipes", "through a pipe\npclose 0\n", "status 0");
}

/* Whoever of several threads does it. */
static void test_replaced(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 4; seed++) {
		const char *said;
		struct timeline *tl = run_out("replaced", seed);
		assert_int_equal(recording_end(timeline_recording(tl), &said), RUN_CRASHED);
		assert_non_null(strstr(said, "execve"));
		timeline_close(tl);
	}
}

/* A process that it left behind ends with us. */
static void test_left_behind(void **state)
{
	(void)state;
	char seconds[32], err[256] = "";
	snprintf(seconds, sizeof seconds, "%d.5", 10000 + getpid());
	char *args[] = {"leaves_one", seconds, NULL};
	struct run_options o = {.program = unruly(), .args = args};
	struct timeline *tl = timeline_open(&o, err, sizeof err);
	assert_non_null(tl);
	for (int i = 0; i < 10000 && running_with(seconds) < 2; i++)
		step(tl, 0);
	assert_int_equal(running_with(seconds), 2);
	timeline_close(tl);
	for (int tries = 0; running_with(seconds) && tries < 1000; tries++)
		usleep(5000);
	assert_int_equal(running_with(seconds), 0);
}

static void test_traps(void **state)
{
	(void)state;
	ends("traps",
		"breakpoint 1\nlong breakpoint 2\nraise 3\nflag 4\n"
		"breakpoint 5\nlong breakpoint 6\nraise 7\nflag 8\n",
		"status 0");
	ends("holds_traps", "held 0\nwas held 1, came 1\nheld 1\ncame 2\nignored\n", "status 0");
	ends("flags", "trap flag 0\n", "status 0");
	ends("dies_of_breakpoint", "", "M0 was killed by SIGTRAP at breakpoint+0x");
	ends("dies_of_raise", "", "killed by SIGTRAP");
	ends("dies_of_second", "one\n", "killed by SIGTRAP at breakpoint+0x");
	ends("dies_of_debug_breakpoint", "", "killed by SIGTRAP at debug_breakpoint+0x");
}

/* What is said of a death is what the kernel said: it knows no address that cannot be. */
static void test_deaths(void **state)
{
	(void)state;
	ends("dies_of_smashed_stack", "",
		", by an address that no memory can have, or an instruction not for programs");
	ends("dies_of_division", "", "was killed by SIGFPE at dies_of_division+0x");
}

/* What is on the screen is what is in memory: pushf's word is the one without our flag. */
static void test_pushed_flags(void **state)
{
	(void)state;
	int n = 0;
	struct timeline *tl = run("flags", 60000);
	const struct recording *r = timeline_recording(tl);
	for (int64_t s = 1; s <= recording_last(r); s++) {
		const struct code_line *l = code_at(timeline_code(tl), recording_pc(r, s));
		int nwrites;
		const struct word_write *w = recording_writes(r, s, &nwrites);
		if (strncmp(l->text, "pushfq", 6) != 0)
			continue;
		n++;
		assert_int_equal(nwrites, 1);
		assert_int_equal(w->now & 0x100, 0);
	}
	assert_int_equal(n, 1);
	timeline_close(tl);
}

/* SIGSTOP stops it, until somebody says SIGCONT. */
static void test_stops(void **state)
{
	(void)state;
	char err[1024] = "";
	struct step st;
	const char *said;
	char *args[] = {"stops", NULL};
	struct run_options o = {.program = unruly(), .args = args, .wait_s = 60};
	struct stepper *s = stepper_open(&o, err, sizeof err);
	assert_non_null(s);
	enum step_result result;
	char how[80];
	int64_t since = 0;
	while ((result = stepper_step(s, 0, &st)) == STEP_DONE)
		assert_true(st.state->step < 5000);
	assert_int_equal(result, STEP_ASLEEP);
	assert_int_equal(stepper_step(s, 0, &st), STEP_ASLEEP);
	assert_string_equal(
		stepper_sleeps(s, 0, how, sizeof how), "stopped by a signal, until SIGCONT comes");
	siginfo_t info;
	kill(ptrace_pid(stepper_machine(s)), SIGCONT);
	/* It has heard of it, and stopped again to say so. */
	waitid(P_PID, (id_t)ptrace_pid(stepper_machine(s)), &info, WSTOPPED | WNOWAIT | __WALL);
	while ((result = stepper_step(s, 0, &st)) == STEP_DONE ||
		(result == STEP_ASLEEP && stepper_doze(s, 0, &since)))
		assert_true(st.state->step < 5000);
	assert_int_equal(result, STEP_ENDED);
	assert_int_equal(stepper_end(s, &said), RUN_EXITED);
	assert_non_null(strstr(said, "status 0"));
	struct code *code = stepper_code(s);
	stepper_close(s);
	code_free(code);
}

/*
 * A signal to the process, of which nothing comes, wakes a thread that sleeps in a system call,
 * which is begun anew when it is not its: that is no step. Else its next one would be one too many.
 */
static void test_begun_anew(void **state)
{
	(void)state;
	enum { WOKEN = WSTOPPED | WNOWAIT | __WALL };
	char err[1024] = "";
	struct step st;
	siginfo_t info;
	struct run_options o = {.program = example("01_stale_link"), .mcall = "keep"};
	struct stepper *s = stepper_open(&o, err, sizeof err);
	assert_non_null(s);
	for (int i = 0; i < 2; i++)
		do
			assert_int_equal(stepper_step(s, 0, &st), STEP_DONE);
		while (st.event.id != event_by_name(i ? "execute" : "gopark"));
	while (stepper_step(s, 1, &st) == STEP_DONE)
		;
	uint64_t pc = m_pc(stepper_state(s), &stepper_state(s)->ms[1]);
	kill(ptrace_pid(stepper_machine(s)), SIGWINCH);
	waitid(P_ALL, 0, &info, WOKEN);
	assert_int_equal(stepper_step(s, 1, &st), STEP_ASLEEP);
	assert_int_equal(m_pc(stepper_state(s), &stepper_state(s)->ms[1]), pc);
	struct code *code = stepper_code(s);
	stepper_close(s);
	code_free(code);
}

/* ---- on the emulated machine ---- */

static void test_emulated_never_ends(void **state)
{
	(void)state;
	struct timeline *tl = run("spins_in_library", 400);
	assert_int_equal(timeline_last(tl), 400);
	assert_non_null(strstr(function_of(tl, 0), "pthread_spin_lock"));
	timeline_close(tl);
	ends_after(5, "spins_aside", "aside\njoined\n", "status 0");
}

/* What is not there is answered as by a kernel that does not know it, and said in the end. */
static void test_emulated_lacks(void **state)
{
	(void)state;
	ends("nowhere", "went on\n", "status 0");
	ends("forks", "status ffffffff\n",
		"not emulated: fork: there is one process alone, and more");
	ends("pipes", "", "not emulated: fork: there is one process alone");
	ends("stops", "before\nafter\n", "not emulated: being stopped by a signal");
	ends("keeps_flags", "", "killed by SIGSEGV at keep_flags+0x");
	ends("sleeps_in_page_fault", "no userfaultfd here\n", "status 0");
	ends("sleeps_by_old_call", "no calls of 32-bit programs here\n", "status 0");
}

static int test_unruly_emulated(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_library_comes_back_elsewhere),
		cmocka_unit_test(test_emulated_never_ends),
		cmocka_unit_test(test_traps),
		cmocka_unit_test(test_deaths),
		cmocka_unit_test(test_emulated_lacks),
		cmocka_unit_test(test_pushed_flags),
	};
	return cmocka_run_group_tests_name("unruly, emulated", tests, on_emulated, on_real);
}

int test_unruly(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_odd_writes),
		cmocka_unit_test(test_library_comes_back_elsewhere),
		cmocka_unit_test(test_never_ends),
		cmocka_unit_test(test_sleeps),
		cmocka_unit_test(test_processes),
		cmocka_unit_test(test_replaced),
		cmocka_unit_test(test_left_behind),
		cmocka_unit_test(test_traps),
		cmocka_unit_test(test_deaths),
		cmocka_unit_test(test_pushed_flags),
		cmocka_unit_test(test_stops),
		cmocka_unit_test(test_begun_anew),
	};
	return cmocka_run_group_tests_name("unruly", tests, NULL, NULL) + test_unruly_emulated();
}
