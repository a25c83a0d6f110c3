/* SPDX-License-Identifier: MIT */
/*
 * The files of G0_TRACE and G0_PROF, whatever their names stand for: what was there is no other
 * thing afterwards, and what is said where they cannot be written. Each test has a folder of its
 * own, in which nothing may be left.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "os.h"
#include "test.h"
#include "traced.h"

static char dir[] = "/tmp/g0-file-XXXXXX";

static void enter(void)
{
	umask(022);
	CHECK(mkdtemp(dir) != NULL && chdir(dir) == 0);
}

/* Nothing is there any more but these two, of which the second may be NULL. */
static void leave(const char *a, const char *b)
{
	CHECK(unlink(a) == 0 && (b == NULL || unlink(b) == 0));
	CHECK(chdir("/") == 0 && rmdir(dir) == 0);
}

static void spit(const char *name, const char *text, mode_t mode)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	CHECK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	CHECK(fchmod(fd, mode) == 0 && close(fd) == 0);
}

static struct stat stat_of(const char *name)
{
	struct stat st;

	CHECK(lstat(name, &st) == 0);
	return st;
}

/* There is a trace behind the first n bytes of a file, whole, or the test fails. */
static bool has_trace(const char *name, size_t n)
{
	read_trace(name, n);
	return nrings > 0;
}

static bool holds(const char *name, const char *text)
{
	char buf[64] = "";
	FILE *f = fopen(name, "r");

	CHECK(f != NULL);
	fread(buf, 1, sizeof buf - 1, f);
	fclose(f);
	return strcmp(buf, text) == 0;
}

static struct ending traced_to(const char *program, const char *name)
{
	static char env[8192];

	snprintf(env, sizeof env, "G0_TRACE=%s", name);
	return run_end(program, env);
}

static void trace_to(const char *name)
{
	struct ending e = traced_to("hello", name);

	CHECK(e.status == 0 && e.err[0] == '\0');
}

static void a_file_is_replaced(void)
{
	ino_t was;

	enter();
	trace_to("new");
	CHECK(has_trace("new", 0) && (stat_of("new").st_mode & 07777) == 0644);
	spit("old", "one", 0640);
	was = stat_of("old").st_ino;
	trace_to("old");
	CHECK(has_trace("old", 0) && (stat_of("old").st_mode & 07777) == 0640);
	CHECK(stat_of("old").st_ino != was);
	leave("new", "old");
}

static void links_stay(void)
{
	enter();
	spit("old", "one", 0604);
	CHECK(symlink("old", "link") == 0 && link("old", "hard") == 0);
	trace_to("link");
	CHECK(S_ISLNK(stat_of("link").st_mode) && has_trace("old", 0) && has_trace("hard", 0));
	CHECK(stat_of("old").st_nlink == 2 && (stat_of("old").st_mode & 07777) == 0604);
	CHECK(unlink("hard") == 0);
	trace_to("link");
	CHECK(S_ISLNK(stat_of("link").st_mode) && has_trace("old", 0));
	CHECK(unlink("old") == 0);
	trace_to("link");
	CHECK(S_ISLNK(stat_of("link").st_mode) && has_trace("old", 0));
	CHECK((stat_of("old").st_mode & 07777) == 0644);
	leave("old", "link");
}

/* What is longer than what comes has no rest of it behind that. */
static void nothing_is_left_behind_it(void)
{
	static char much[1 << 20];
	off_t size;

	enter();
	trace_to("old");
	size = stat_of("old").st_size;
	memset(much, 'x', sizeof much - 1);
	spit("old", much, 0644);
	CHECK(link("old", "hard") == 0);
	trace_to("hard");
	CHECK(has_trace("old", 0) && stat_of("old").st_size < 2 * size);
	leave("old", "hard");
}

/*
 * A device like one of /dev's. Root, who could replace that, gets one in the test's folder; false:
 * there can be none.
 */
static bool device(const char *name, const char *like, unsigned minor)
{
	int fd;

	if (geteuid() != 0)
		return symlink(like, name) == 0;
	CHECK(mknod(name, S_IFCHR | 0600, makedev(1, minor)) == 0 || errno == EPERM);
	fd = open(name, O_WRONLY);
	close(fd);
	return fd >= 0;
}

static bool is_device(const char *name)
{
	struct stat st;

	return stat(name, &st) == 0 && S_ISCHR(st.st_mode);
}

static void devices_stay(void)
{
	struct ending e;

	enter();
	if (!device("null", "/dev/null", 3) || !device("full", "/dev/full", 7))
		return;
	trace_to("null");
	e = traced_to("hello", "full");
	CHECK(e.status == 0 && strcmp(e.out, "hello\n") == 0);
	CHECK(strcmp(e.err, "g0: G0_TRACE=full: cannot write it: there is no room left; "
			    "make room there, or give another place\n") == 0);
	e = run_end("busy", "G0_PROF=full");
	CHECK(strncmp(e.err, "g0: G0_PROF=full: cannot write it: there is no room left", 55) == 0);
	CHECK(is_device("null") && is_device("full"));
	leave("null", "full");
}

/* ---- pipes ---- */

/*
 * A child that reads n bytes of the pipe, all if -1, into a file. It waits so long before it opens
 * the pipe, and before it reads on.
 */
static pid_t reader(int milliseconds, int rest, long n)
{
	char buf[4096];
	ssize_t k = 1;
	int in, out;
	pid_t pid = fork();

	CHECK(pid >= 0);
	if (pid > 0)
		return pid;
	child_begins();
	usleep((useconds_t)milliseconds * 1000);
	in = open("pipe", O_RDONLY);
	out = open("got", O_WRONLY | O_CREAT | O_TRUNC, 0600);
	for (long left = n; k > 0 && left != 0; left -= n < 0 ? 0 : k) {
		k = read(in, buf, n >= 0 && left < (long)sizeof buf ? (size_t)left : sizeof buf);
		if (k > 0 && write(out, buf, (size_t)k) != k)
			_exit(1);
		usleep((useconds_t)rest * 1000);
		rest = 0;
	}
	_exit(0);
}

static void pipes_are_written_to(void)
{
	struct ending e;
	pid_t pid;

	enter();
	CHECK(mkfifo("pipe", 0600) == 0);
	for (int late = 0; late <= 100; late += 100) {
		pid = reader(late, 0, -1);
		trace_to("pipe");
		CHECK(child_status(pid) == 0 && has_trace("got", 0));
	}
	/* Before that, it has more to write than a pipe takes. */
	pid = reader(0, 0, 10);
	e = traced_to("gosched_often", "pipe");
	CHECK(child_status(pid) == 0 && e.status == 0);
	CHECK(strcmp(e.err, "g0: G0_TRACE=pipe: cannot write it: its reader has gone\n") == 0);
	e = traced_to("hello", "pipe");
	CHECK(e.status == 0 && strstr(e.err, ": nobody reads that pipe; ") != NULL);
	CHECK(S_ISFIFO(stat_of("pipe").st_mode));
	leave("pipe", "got");
}

static void *ends_first(void *begun)
{
	*(_Atomic bool *)begun = true;
	osexit(0);
}

/* Two threads that end the process, one a little after the other. */
static void two_end_it(void)
{
	static _Atomic bool begun;
	pthread_t thread;

	for (int i = 0; i < 40000; i++)
		gosched();
	pthread_create(&thread, NULL, ends_first, (void *)&begun);
	while (!begun)
		ossleep(1000);
	ossleep(50000);
	osexit(0);
}

/* Whoever comes later takes nothing away from the one who writes. */
static void who_comes_later_waits(void)
{
	struct ending e;
	pid_t pid;

	enter();
	CHECK(mkfifo("pipe", 0600) == 0);
	pid = reader(0, 300, -1);
	e = traced_to("two_end_it", "pipe");
	CHECK(e.status == 0 && e.err[0] == '\0');
	CHECK(child_status(pid) == 0 && has_trace("got", 0));
	leave("pipe", "got");
}

/* On from where it stands. */
static void descriptors_are_written_to(void)
{
	static const char *const names[] = {"/dev/fd/%d", "/proc/self/fd/%d", "link"};
	char name[64];
	struct ending e;
	int fd;

	enter();
	for (int i = 0; i < 3; i++) {
		spit("old", "before ", 0644);
		fd = open("old", O_WRONLY | O_APPEND);
		snprintf(name, sizeof name, "/dev/fd/%d", fd);
		CHECK(symlink(name, "link") == 0);
		snprintf(name, sizeof name, names[i], fd);
		trace_to(name);
		CHECK(close(fd) == 0 && has_trace("old", strlen("before ")));
		CHECK(unlink("link") == 0);
	}
	e = traced_to("hello", "/dev/stderr");
	CHECK(e.status == 0 && strncmp(e.err, "g0trace1", 8) == 0);
	leave("old", NULL);
}

/* ---- what cannot be written ---- */

/* Nothing is half there: what was is as it was, and what was not is not. */
static void a_full_disk_is_said(void)
{
	static const char *const names[] = {"old", "hard", "new"};
	struct ending e;
	struct rlimit was;

	enter();
	spit("old", "one", 0644);
	spit("hard", "two", 0644);
	CHECK(link("hard", "other") == 0);
	getrlimit(RLIMIT_FSIZE, &was);
	for (int i = 0; i < 3; i++) {
		setrlimit(RLIMIT_FSIZE, &(struct rlimit){100, was.rlim_max});
		e = traced_to("hello", names[i]);
		setrlimit(RLIMIT_FSIZE, &was);
		CHECK(e.status == 0 && strcmp(e.out, "hello\n") == 0);
		CHECK(strstr(e.err, ": it would be too large; raise the limit on files") != NULL);
	}
	CHECK(holds("old", "one") && holds("hard", "two") && holds("other", "two"));
	CHECK(unlink("other") == 0);
	leave("old", "hard");
}

static void why_is_said(void)
{
	static const struct {
		const char *name, *why;
	} bad[] = {
		{"none/x", "there is no such folder"},
		{"nowhere", "there is no such folder"},
		{"old/x", "what should be its folder is none"},
		{".", "it is a folder"},
		{"./", "it is a folder"},
		{"new/", "it is a folder"},
		{"circle", "its links lead in a circle"},
		{"/dev/fd/999", "there is no such folder"},
	};
	static char lengthy[6000];
	struct ending e;

	enter();
	spit("old", "one", 0644);
	CHECK(symlink("circle", "circle") == 0 && symlink("none/x", "nowhere") == 0);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		e = traced_to("hello", bad[i].name);
		CHECK(e.status == 0 && strncmp(e.err, "g0: G0_TRACE=", 13) == 0);
		CHECK(strncmp(e.err + 13, bad[i].name, strlen(bad[i].name)) == 0);
		CHECK(strstr(e.err, bad[i].why) != NULL && strchr(e.err, '\n')[1] == '\0');
	}
	memset(lengthy, 'x', sizeof lengthy - 1);
	e = traced_to("hello", lengthy);
	CHECK(e.status == 0 && strstr(e.err, ": cannot write it: the name is too long\n") != NULL);
	CHECK(holds("old", "one") && unlink("nowhere") == 0);
	leave("old", "circle");
}

/* As somebody who is not root, but may still be looked at in /proc. */
static void hello_as_nobody(void)
{
	if (geteuid() == 0)
		CHECK(setgid(65534) == 0 && setuid(65534) == 0 && prctl(PR_SET_DUMPABLE, 1) == 0);
	g0_puts("hello\n");
}

/* What is not the writer's, or in a folder that is not, is written over and is no other file. */
static void whose_it_is_stays(void)
{
	struct ending e;
	struct stat was;

	enter();
	spit("open", "one", 0666);
	spit("closed", "one", 0444);
	for (mode_t mode = 0555; mode <= 0777; mode += 0222) {
		CHECK(chmod(dir, mode) == 0);
		was = stat_of("open");
		e = traced_to("hello_as_nobody", "open");
		CHECK(e.status == 0 && e.err[0] == '\0' && has_trace("open", 0));
		CHECK(geteuid() != 0 || stat_of("open").st_ino == was.st_ino);
		CHECK(stat_of("open").st_uid == was.st_uid);
	}
	CHECK(chmod(dir, 0555) == 0);
	e = traced_to("hello_as_nobody", "closed");
	CHECK(e.status == 0 && strstr(e.err, ": that is not allowed; ") != NULL);
	e = traced_to("hello_as_nobody", "new");
	CHECK(e.status == 0 && strstr(e.err, ": that is not allowed; ") != NULL);
	CHECK(chmod(dir, 0755) == 0 && holds("closed", "one"));
	leave("open", "closed");
}

const struct test file_ends[] = {
	{"hello_as_nobody", hello_as_nobody, true, "2"},
	{"two_end_it", two_end_it, true, "2"},
	{0},
};

const struct test file_tests[] = {
	{"file: a file is replaced, and keeps its mode", a_file_is_replaced, true, "2"},
	{"file: links stay, of both kinds", links_stay, true, "2"},
	{"file: nothing is left behind what is written", nothing_is_left_behind_it, true, "2"},
	{"file: devices stay", devices_stay, true, "2"},
	{"file: pipes are written to", pipes_are_written_to, true, "2"},
	{"file: who comes later waits", who_comes_later_waits, true, "2"},
	{"file: descriptors are written to", descriptors_are_written_to, true, "2"},
	{"file: a full disk is said, and nothing half there", a_full_disk_is_said, true, "2"},
	{"file: why it cannot be written is said", why_is_said, true, "2"},
	{"file: whose it is stays", whose_it_is_stays, true, "2"},
	{0},
};
