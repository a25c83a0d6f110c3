/* SPDX-License-Identifier: MIT */
/* How a run can end, and that nothing is left of it. */
#include "engine_tests.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "machine/emulated.h"
#include "machine/ptrace.h"

/* Run the subject to its end: how it ended, and what is said of that. */
static void ends(const char *mode, enum run_end end, const char *sentence, const char *output)
{
	char err[1024] = "";
	const char *said;
	struct timeline *tl = open_program(subject(), mode, "keep");
	drive(tl, 1, 200000);
	assert_int_equal(recording_end(timeline_recording(tl), &said), end);
	if (!strstr(said, sentence))
		fail_msg("%s: \"%s\" does not say \"%s\"", mode, said, sentence);
	if (!strstr(output_of(tl), output))
		fail_msg("%s: the output is \"%s\"", mode, output_of(tl));
	assert_int_equal(timeline_forward(tl, 0, err, sizeof err), STEP_ENDED);
	assert_non_null(strstr(err, sentence));
	/* What was recorded can still be looked at. */
	timeline_seek(tl, 1);
	assert_int_equal(timeline_forward(tl, -1, err, sizeof err), STEP_DONE);
	timeline_close(tl);
}

static void test_ends_by_itself(void **state)
{
	(void)state;
	ends("", RUN_EXITED, "status 0", "");
	ends("exit3", RUN_EXITED, "status 3", "");
	ends("deadlock", RUN_EXITED, "status 2", "all goroutines are asleep");
	ends("become", RUN_CRASHED, "execve", "");
}

static void test_crash(void **state)
{
	(void)state;
	ends("segv", RUN_CRASHED, "M0 was killed by SIGSEGV at segv+0x", "");
	ends("segv", RUN_CRASHED, "touching 0x8", "");
}

/* The runtime's own handler speaks, on its own stack, and ends the program. */
static void test_overflow(void **state)
{
	(void)state;
	ends("overflow", RUN_EXITED, "status 2", "stack overflow: G1");
}

static void test_stuck(void **state)
{
	(void)state;
	ends("stuck", RUN_STUCK, "all Ms are asleep", "");
}

/* Somebody kills the program behind our back. */
static void test_killed(void **state)
{
	(void)state;
	char err[1024] = "";
	struct step st;
	const char *said;
	char *args[] = {"spin", NULL};
	struct run_options o = {.program = subject(), .args = args};
	struct stepper *s = stepper_open(&o, err, sizeof err);
	assert_non_null(s);
	for (int i = 0; i < 300; i++)
		assert_int_equal(stepper_step(s, 0, &st), STEP_DONE);
	kill(ptrace_pid(stepper_machine(s)), SIGKILL);
	assert_int_equal(stepper_step(s, 0, &st), STEP_DONE);
	assert_int_equal(stepper_end(s, &said), RUN_CRASHED);
	assert_non_null(strstr(said, "SIGKILL"));
	assert_int_equal(stepper_step(s, 0, &st), STEP_ENDED);
	struct code *code = stepper_code(s);
	stepper_close(s);
	code_free(code);
}

/* ---- the tracer is killed ---- */

/* Send them a signal (0: none), and count them. */
static int signal_with(const char *argument, int signal)
{
	int n = 0;
	DIR *proc = opendir("/proc");
	for (struct dirent *e; (e = readdir(proc));) {
		char path[300], args[4096];
		int pid = atoi(e->d_name);
		snprintf(path, sizeof path, "/proc/%s/cmdline", e->d_name);
		FILE *f = pid > 0 ? fopen(path, "r") : NULL;
		size_t len = f ? fread(args, 1, sizeof args, f) : 0;
		if (f)
			fclose(f);
		if (!memmem(args, len, argument, strlen(argument) + 1))
			continue;
		n++;
		kill(pid, signal);
	}
	closedir(proc);
	return n;
}

int running_with(const char *argument)
{
	return signal_with(argument, 0);
}

void kill_with(const char *argument)
{
	signal_with(argument, SIGKILL);
}

/* In a process of its own: step for ever. */
_Noreturn static void tracer(const char *mark)
{
	char err[1024];
	struct step st;
	char *args[] = {"spin", (char *)mark, NULL};
	struct run_options o = {.program = subject(), .args = args};
	struct stepper *s = stepper_open(&o, err, sizeof err);
	while (s)
		stepper_step(s, 0, &st);
	_exit(1);
}

/*
 * Killed at any moment, from before the fork to in the midst of stepping, it leaves nobody
 * behind.
 */
static void test_tracer_killed(void **state)
{
	(void)state;
	char mark[32];
	snprintf(mark, sizeof mark, "orphan-%d", getpid());
	enum { MOMENTS = 30, LAST = MOMENTS - 1, TRIES = 4000 };
	int seen = 0;
	for (int i = 0; i < MOMENTS; i++) {
		int pid = fork();
		if (pid == 0)
			tracer(mark);
		usleep((useconds_t)(i * i * 200));
		/* The last time surely in the midst of it, however slow this machine is. */
		for (int n = 0; i == LAST && !running_with(mark) && n < TRIES; n++)
			usleep(5000);
		seen += running_with(mark);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		for (int tries = 0; running_with(mark) && tries < 1000; tries++)
			usleep(5000);
		assert_int_equal(running_with(mark), 0);
	}
	assert_true(seen > 0);
}

/* ---- something is denied ---- */

/* From now on a system call fails in this process, as in a container without the right to it. */
static void deny(unsigned call)
{
	struct sock_filter rules[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 1 /* EPERM */),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {sizeof rules / sizeof *rules, rules};
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
		prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
		_exit(2);
}

/* On the real CPU if that is asked for; else on an emulated one, if there is one. */
static bool denied_is_said(bool real)
{
	char err[1024] = "";
	struct run_options o = {.program = subject(), .real = real};
	struct stepper *s = stepper_open(&o, err, sizeof err);
	if (!real && emulated_is_there(err, sizeof err))
		return s && stepper_is_emulated(s) &&
		       strstr(stepper_note(s), "does not allow ptrace");
	return !s && strstr(err, "does not allow ptrace") && strstr(err, "--cap-add=SYS_PTRACE");
}

static void test_denied(void **state)
{
	(void)state;
	int status, pid = fork();
	if (pid == 0) {
		deny(SYS_ptrace);
		_exit(denied_is_said(true) && denied_is_said(false) ? 0 : 1);
	}
	waitpid(pid, &status, 0);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

/*
 * Random addresses are no reason not to step, but are said. Where none are random anyway there
 * is nothing to say.
 */
static void test_random(void **state)
{
	(void)state;
	int status, pid = fork(), fd = open("/proc/sys/kernel/randomize_va_space", O_RDONLY);
	char random = '2';
	assert_true(fd < 0 || read(fd, &random, 1) == 1);
	close(fd);
	if (pid == 0) {
		char err[1024] = "";
		struct run_options o = {.program = subject()};
		bool fixed = personality(0xffffffff) & ADDR_NO_RANDOMIZE;
		deny(SYS_personality);
		struct timeline *tl = timeline_open(&o, err, sizeof err);
		bool says = tl && strstr(timeline_note(tl), "personality(2)");
		_exit(tl && says == !(fixed || random == '0') ? 0 : 1);
	}
	waitpid(pid, &status, 0);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	struct timeline *tl = open_program(subject(), "", "keep");
	assert_null(strstr(timeline_note(tl), "personality(2)"));
	timeline_close(tl);
}

int test_ends(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ends_by_itself),
		cmocka_unit_test(test_crash),
		cmocka_unit_test(test_overflow),
		cmocka_unit_test(test_stuck),
		cmocka_unit_test(test_killed),
		cmocka_unit_test(test_tracer_killed),
		cmocka_unit_test(test_denied),
		cmocka_unit_test(test_random),
	};
	return cmocka_run_group_tests_name("ends", tests, NULL, NULL);
}
