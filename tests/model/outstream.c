/* SPDX-License-Identifier: MIT */
/* What is written bit by bit: there in the end, whole or not at all. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "model/outfile.h"
#include "model_tests.h"

static char dir[] = "/tmp/g0-outstream-XXXXXX";
static char err[512];

static int enter(void **state)
{
	(void)state;
	umask(022);
	return !mkdtemp(dir) || chdir(dir);
}

static int leave(void **state)
{
	(void)state;
	return chdir("/") || rmdir(dir);
}

static void spit(const char *name, const char *text, mode_t mode)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static void assert_holds(const char *name, const char *text)
{
	char buf[64] = "";
	int fd = open(name, O_RDONLY);
	assert_true(fd >= 0);
	assert_true(read(fd, buf, sizeof buf - 1) >= 0);
	close(fd);
	assert_string_equal(buf, text);
}

static mode_t mode_of(const char *name)
{
	struct stat st;
	assert_int_equal(lstat(name, &st), 0);
	return st.st_mode & 07777;
}

/* Nothing is there but these, which are removed. */
static void assert_only(const char *a, const char *b)
{
	assert_int_equal(unlink(a), 0);
	assert_true(!b || unlink(b) == 0);
	assert_int_equal(rmdir(dir), 0);
	assert_int_equal(mkdir(dir, 0755), 0);
	assert_int_equal(chdir(dir), 0);
}

static struct outfile *begin(const char *name)
{
	struct outfile *o = outfile_begin(name, err, sizeof err);
	if (!o)
		fail_msg("%s", err);
	return o;
}

static void put_both(const char *name)
{
	struct outfile *o = begin(name);
	fputs("one ", outfile_stream(o));
	assert_int_equal(fflush(outfile_stream(o)), 0);
	fputs("two", outfile_stream(o));
	assert_true(outfile_end(o, err, sizeof err));
	assert_holds(name, "one two");
}

/* Until it ends, what was there is there. */
static void files(void **state)
{
	(void)state;
	struct outfile *o = begin("new");
	fputs("one", outfile_stream(o));
	fflush(outfile_stream(o));
	assert_int_equal(access("new", F_OK), -1);
	assert_true(outfile_end(o, err, sizeof err));
	assert_holds("new", "one");
	assert_int_equal(mode_of("new"), 0644);
	spit("old", "much longer than what comes", 0640);
	o = begin("old");
	assert_holds("old", "much longer than what comes");
	assert_true(outfile_end(o, err, sizeof err));
	assert_holds("old", "");
	put_both("old");
	assert_int_equal(mode_of("old"), 0640);
	assert_only("new", "old");
}

/* What has another name keeps it, and a link stays one. */
static void links(void **state)
{
	(void)state;
	struct stat st;
	spit("old", "much longer than what comes", 0604);
	assert_int_equal(link("old", "hard"), 0);
	put_both("hard");
	assert_holds("old", "one two");
	assert_only("old", "hard");
	spit("old", "before", 0604);
	assert_int_equal(symlink("old", "link"), 0);
	put_both("link");
	assert_int_equal(lstat("link", &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_holds("old", "one two");
	assert_only("old", "link");
}

/* What is no file is written to at once, and a reader that has gone is an error and no signal. */
static void pipes(void **state)
{
	(void)state;
	char buf[8] = "";
	assert_int_equal(mkfifo("pipe", 0600), 0);
	int end = open("pipe", O_RDONLY | O_NONBLOCK);
	struct outfile *o = begin("pipe");
	fputs("one", outfile_stream(o));
	fflush(outfile_stream(o));
	assert_int_equal(read(end, buf, sizeof buf), 3);
	close(end);
	fputs("two", outfile_stream(o));
	assert_int_equal(fflush(outfile_stream(o)), EOF);
	assert_false(outfile_end(o, err, sizeof err));
	assert_string_equal(err, "pipe could not be written: Broken pipe; its reader has gone");
	assert_only("pipe", NULL);
}

static void refused(void **state)
{
	(void)state;
	static const char *const names[] = {"no/such", "folder", "", "old/x"};
	assert_int_equal(mkdir("folder", 0700), 0);
	spit("old", "one", 0644);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		assert_null(outfile_begin(names[i], err, sizeof err));
		assert_int_equal(strncmp(err, names[i], strlen(names[i])), 0);
		assert_non_null(strstr(err, " could not be written: "));
	}
	assert_int_equal(rmdir("folder"), 0);
	assert_holds("old", "one");
	assert_only("old", NULL);
}

/* No more than 4 bytes a file. */
static int write_too_much(void)
{
	static const char *const names[] = {"old", "hard", "new"};
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &(struct rlimit){4, 4});
	for (int i = 0; i < 3; i++) {
		struct outfile *o = outfile_begin(names[i], err, sizeof err);
		if (!o || fputs("too much", outfile_stream(o)) == EOF)
			return 1 + i;
		if (outfile_end(o, err, sizeof err) || !strstr(err, "ulimit -f"))
			return 11 + i;
	}
	return 0;
}

/* Then what was there is as it was, and what was not is not. */
static void full(void **state)
{
	(void)state;
	int status;
	spit("old", "one", 0644);
	spit("hard", "two", 0644);
	assert_int_equal(link("hard", "other"), 0);
	int pid = fork();
	if (pid == 0)
		_exit(write_too_much());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_holds("old", "one");
	assert_holds("hard", "two");
	assert_int_equal(unlink("other"), 0);
	assert_only("old", "hard");
}

/* Ended on the way it leaves nothing, whatever has ended it. */
static void killed(void **state)
{
	(void)state;
	int status, fd = open(dir, O_TMPFILE | O_WRONLY, 0600);
	if (fd < 0)
		skip();
	close(fd);
	spit("old", "one", 0644);
	for (int i = 0; i < 2; i++) {
		int pid = fork();
		if (pid == 0) {
			struct outfile *o = outfile_begin(i ? "new" : "old", err, sizeof err);
			fputs("two", outfile_stream(o));
			fflush(outfile_stream(o));
			raise(SIGKILL);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status));
	}
	assert_holds("old", "one");
	assert_only("old", NULL);
}

int test_outstream(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files),
		cmocka_unit_test(links),
		cmocka_unit_test(pipes),
		cmocka_unit_test(refused),
		cmocka_unit_test(full),
		cmocka_unit_test(killed),
	};
	return cmocka_run_group_tests_name("outfile, bit by bit", tests, enter, leave);
}
