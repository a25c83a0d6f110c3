/* SPDX-License-Identifier: MIT */
/*
 * The harness. `src` runs every test and says so in TAP; `src NAME` one; `src --list` names
 * them. Each runs in a child: this program again with --run NAME. Where the kernel cannot
 * execute it (under qemu-user), the child goes through qemu-<machine>-static; G0_TEST_RUN names
 * another runner. One that is not done after G0_TEST_SECONDS (60) is ended and said to hang.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "child.h"
#include "runtime.h"
#include "test.h"

#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#else
#define RUNNING_ON_VALGRIND 0
#endif
#ifndef __has_feature
#define __has_feature(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) ||                               \
	__has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif

static const struct test *const tables[] = {
	harness_tests,
	malloc_tests,
	queue_tests,
	idle_tests,
	sched_tests,
	chan_tests,
	select_tests,
	sync_tests,
	switch_tests,
	walk_tests,
	syscall_tests,
	time_tests,
	time_end_tests,
	lockedm_tests,
	cgo_tests,
	foreign_tests,
	foreign_calls_tests,
	thread_end_tests,
	end_tests,
	overflow_tests,
	misuse_tests,
	broken_tests,
	misuse_late_tests,
	process_tests,
	trace_tests,
	file_tests,
	story_tests,
	preempt_tests,
	preempt_calls_tests,
	prof_tests,
	prof_hand_tests,
	layout_tests,
};
enum { NTABLES = sizeof tables / sizeof tables[0] };
static const struct test *const end_tables[] = {ends, overflow_ends, misuse_ends, time_ends,
	lockedm_ends, cgo_ends, foreign_ends, process_ends, preempt_ends, prof_hand_ends,
	story_ends, broken_ends, foreign_calls_ends, foreign_faults_ends, thread_ends,
	misuse_late_ends, file_ends};
enum { NENDS = sizeof end_tables / sizeof end_tables[0] };
static const char *const policies[] = {
#define POLICY(name, arch, what, go) #name,
#include "policy.def"
#undef POLICY
};
enum { NPOLICIES = sizeof policies / sizeof policies[0] };

void test_failed(const char *file, int line, const char *what)
{
	dprintf(1, "# %s:%d: not so: %s\n", file, line, what);
	_exit(1);
}

bool watched(void)
{
	return SANITIZED || RUNNING_ON_VALGRIND;
}

bool plain(void)
{
#ifdef G0_INLINE
	return !watched();
#else
	return false;
#endif
}

int64_t turns(int64_t n)
{
	const char *most = getenv("G0_TEST_TURNS");

	if (most != NULL && atoll(most) < n)
		return atoll(most);
	return RUNNING_ON_VALGRIND ? n / 1000 : SANITIZED ? n / 100 : n;
}

static const struct test *find(const struct test *table, const char *name)
{
	for (; table->name != NULL; table++)
		if (strcmp(table->name, name) == 0)
			return table;
	return NULL;
}

static const struct test *find_end(const char *name)
{
	const struct test *t = NULL;

	for (int i = 0; i < NENDS && t == NULL; i++)
		t = find(end_tables[i], name);
	return t;
}

static const struct test *find_any(const char *name)
{
	const struct test *t = NULL;

	for (int i = 0; i < NTABLES && t == NULL; i++)
		t = find(tables[i], name);
	return t != NULL ? t : find_end(name);
}

/* Become this program again, with two arguments. */
static _Noreturn void exec_self(const char *a, const char *b)
{
	static char self[4096], qemu[128];
	const char *runner = getenv("G0_TEST_RUN");
	struct utsname u;
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);

	self[n > 0 ? n : 0] = '\0'; /* valgrind leaves more than it says in there */
	if (n > 0 && runner == NULL) {
		execl(self, self, a, b, (char *)NULL);
		if (errno == ENOEXEC && uname(&u) == 0) {
			snprintf(qemu, sizeof qemu, "qemu-%s-static", u.machine);
			runner = qemu;
		}
	}
	if (n > 0 && runner != NULL)
		execlp(runner, runner, self, a, b, (char *)NULL);
	dprintf(1, "# cannot execute %s: %s\n", self, strerror(errno));
	_exit(1);
}

/*
 * Start t in a child, with "NAME=VALUE" in its environment; out and err become its output
 * unless -1.
 */
static pid_t spawn(const struct test *t, const char *policy, const char *env, int out, int err)
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	CHECK(pid >= 0);
	if (pid > 0)
		return pid;
	child_begins();
	if (out >= 0)
		dup2(out, 1), dup2(err, 2);
	if (policy != NULL)
		setenv("G0_MCALL", policy, 1);
	setenv("G0_PROCS", t->procs, 1);
	if (env != NULL)
		putenv(strdup(env));
	exec_self("--run", t->name);
}

static void read_all(int fd, char *buf, size_t size)
{
	size_t n = 0;
	ssize_t r;

	while (n < size - 1 && (r = read(fd, buf + n, size - 1 - n)) > 0)
		n += (size_t)r;
	buf[n] = '\0';
	close(fd);
}

struct ending run_end(const char *name, const char *env)
{
	static struct ending e;
	const struct test *t = find_end(name);
	int out[2], err[2];
	pid_t pid;

	CHECK(t != NULL && pipe(out) == 0 && pipe(err) == 0);
	pid = spawn(t, NULL, env, out[1], err[1]);
	close(out[1]);
	close(err[1]);
	read_all(out[0], e.out, sizeof e.out);
	read_all(err[0], e.err, sizeof e.err);
	e.status = child_status(pid);
	return e;
}

/*
 * Run t under the policies it wants, or under $G0_MCALL alone, and say how it went. Returns how
 * many failed.
 */
static int run_test(const struct test *t, int *number)
{
	const char *only = getenv("G0_MCALL");
	int failed = 0;

	for (int i = 0; i < (t->once || only != NULL ? 1 : NPOLICIES); i++) {
		const char *policy = only != NULL ? only : policies[i];
		int status = child_status(spawn(t, policy, NULL, -1, -1));
		failed += status != 0;
		printf("%s %d - %s%s%s%s\n", status == 0 ? "ok" : "not ok", ++*number, t->name,
			t->once ? "" : ": ", t->once ? "" : policy,
			status == HANGS ? ": hangs" : "");
		if (status > 1 && status != HANGS)
			printf("# %s %d\n", status > 128 ? "killed by signal" : "ended with status",
				status > 128 ? status - 128 : status);
	}
	return failed;
}

static void list(void)
{
	for (int i = 0; i < NTABLES; i++)
		for (const struct test *t = tables[i]; t->name != NULL; t++)
			printf("%s\n", t->name);
}

void go_main(void)
{
	const char *name = g0_argc > 1 ? g0_argv[g0_argc - 1] : NULL;
	int number = 0, failed = 0;

	if (name != NULL && strcmp(name, "--list") == 0) {
		list();
		return;
	}
	if (name != NULL && find_any(name) == NULL) {
		printf("no test '%s'; --list names them\n", name);
		exit(2);
	}
	if (g0_argc > 2) {
		/* How a test goes must not depend on whom sysmon finds running for long. */
		if (strncmp(name, "preempt", 7) != 0)
			forcepreemptns = INT64_MAX;
		find_any(name)->run();
		return;
	}
	for (int i = 0; i < NTABLES; i++)
		for (const struct test *t = tables[i]; t->name != NULL; t++)
			if (name == NULL || strcmp(name, t->name) == 0)
				failed += run_test(t, &number);
	printf("%d passed, %d failed\n", number - failed, failed);
	exit(failed != 0);
}
