/* SPDX-License-Identifier: MIT */
/* What a name may stand for, and what becomes of it when a file is written there. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "model/outfile.h"
#include "model/xalloc.h"
#include "model_tests.h"

static char dir[] = "/tmp/g0-outfile-XXXXXX";
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

static struct stat stat_of(const char *name)
{
	struct stat st;
	assert_int_equal(lstat(name, &st), 0);
	return st;
}

static bool put_text(const char *name, const char *text)
{
	return outfile_write(name, text, strlen(text), err, sizeof err);
}

/* These names and nothing beside them, which are removed. */
static void assert_only(const char *a, const char *b)
{
	assert_int_equal(unlink(a), 0);
	if (b)
		assert_int_equal(unlink(b), 0);
	assert_int_equal(rmdir(dir), 0);
	assert_int_equal(mkdir(dir, 0755), 0);
	assert_int_equal(chdir(dir), 0);
}

static void files(void **state)
{
	(void)state;
	assert_true(put_text("new", "one"));
	assert_holds("new", "one");
	assert_int_equal(stat_of("new").st_mode & 07777, 0644);
	assert_true(put_text("new", ""));
	assert_holds("new", "");
	spit("old", "much longer than what comes", 0640);
	ino_t was = stat_of("old").st_ino;
	assert_true(put_text("old", "two"));
	assert_holds("old", "two");
	assert_int_equal(stat_of("old").st_mode & 07777, 0640);
	assert_int_not_equal(stat_of("old").st_ino, was);
	assert_only("new", "old");
}

/* Over nothing that is there, be it a link that leads nowhere. */
static void new_files(void **state)
{
	(void)state;
	assert_true(outfile_new("new", "one", 3));
	assert_holds("new", "one");
	assert_int_equal(stat_of("new").st_mode & 07777, 0644);
	assert_int_equal(symlink("nowhere", "link"), 0);
	for (int i = 0; i < 2; i++) {
		errno = 0;
		assert_false(outfile_new(i ? "link" : "new", "two", 3));
		assert_int_equal(errno, EEXIST);
	}
	assert_holds("new", "one");
	assert_only("new", "link");
}

/* What has another name keeps that. */
static void links(void **state)
{
	(void)state;
	spit("old", "much longer than what comes", 0604);
	assert_int_equal(symlink("old", "link"), 0);
	assert_true(put_text("link", "one"));
	assert_true(S_ISLNK(stat_of("link").st_mode));
	assert_holds("old", "one");
	assert_int_equal(stat_of("old").st_mode & 07777, 0604);
	assert_only("link", "old");

	assert_int_equal(symlink("not yet", "link"), 0);
	assert_true(put_text("link", "two"));
	assert_true(S_ISLNK(stat_of("link").st_mode));
	assert_holds("not yet", "two");
	assert_only("link", "not yet");

	spit("old", "much longer than what comes", 0604);
	assert_int_equal(link("old", "hard"), 0);
	assert_true(put_text("hard", "three"));
	assert_holds("old", "three");
	assert_int_equal(stat_of("old").st_nlink, 2);
	assert_only("hard", "old");
}

/* A descriptor, by whichever name: on from where it stands. */
static void descriptors(void **state)
{
	(void)state;
	static const char *const names[] = {
		"/dev/fd/%d", "/proc/self/fd/%d", "link", "folder/link"};
	char name[64];
	spit("old", "before ", 0644);
	int low = open("old", O_WRONLY | O_APPEND), fd = fcntl(low, F_DUPFD, 10);
	close(low);
	snprintf(name, sizeof name, "/dev/fd/%d", fd);
	assert_int_equal(symlink(name, "link"), 0);
	assert_int_equal(mkdir("folder", 0700), 0);
	assert_int_equal(symlink("next", "folder/link"), 0);
	assert_int_equal(symlink("../link", "folder/next"), 0);
	for (size_t i = 0; i < 4; i++) {
		snprintf(name, sizeof name, names[i], fd);
		assert_true(put_text(name, "after "));
	}
	close(fd);
	assert_holds("old", "before after after after after ");
	assert_int_equal(unlink("folder/link"), 0);
	assert_int_equal(unlink("folder/next"), 0);
	assert_int_equal(rmdir("folder"), 0);
	assert_only("old", "link");
}

/*
 * A device like one of /dev's. Root, who could replace that, gets one in the test's folder; false:
 * there can be none.
 */
static bool device(const char *name, const char *like, unsigned minor)
{
	if (geteuid() != 0)
		return symlink(like, name) == 0;
	assert_true(mknod(name, S_IFCHR | 0600, makedev(1, minor)) == 0 || errno == EPERM);
	int fd = open(name, O_WRONLY);
	close(fd);
	return fd >= 0;
}

static void assert_device(const char *name)
{
	struct stat st;
	assert_int_equal(stat(name, &st), 0);
	assert_true(S_ISCHR(st.st_mode));
}

static void devices(void **state)
{
	(void)state;
	if (!device("null", "/dev/null", 3) || !device("full", "/dev/full", 7))
		skip();
	assert_true(put_text("null", "one"));
	assert_false(put_text("full", "one"));
	assert_non_null(strstr(err, "full could not be written: No space left on device"));
	assert_device("null");
	assert_device("full");
	assert_only("null", "full");
}

/* A reader that comes a little late is waited for. */
static void late_readers(void **state)
{
	(void)state;
	char buf[8] = "";
	int status;
	assert_int_equal(mkfifo("pipe", 0600), 0);
	int pid = fork();
	if (pid == 0) {
		usleep(50000);
		int end = open("pipe", O_RDONLY);
		_exit(read(end, buf, sizeof buf) != 3);
	}
	assert_true(put_text("pipe", "one"));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_only("pipe", NULL);
}

static void pipes(void **state)
{
	(void)state;
	char buf[8] = "";
	assert_int_equal(mkfifo("pipe", 0600), 0);
	assert_false(put_text("pipe", "one"));
	assert_non_null(strstr(err, "nobody reads that pipe"));
	int end = open("pipe", O_RDONLY | O_NONBLOCK);
	assert_true(put_text("pipe", "one"));
	assert_int_equal(read(end, buf, sizeof buf), 3);
	int fd = outfile_grow("pipe", "two", 3, err, sizeof err);
	assert_true(fd >= 0);
	close(end);
	assert_false(outfile_put(fd, "three", 5));
	assert_int_equal(errno, EPIPE);
	sigset_t pending;
	sigpending(&pending);
	assert_false(sigismember(&pending, SIGPIPE));
	close(fd);
	assert_true(S_ISFIFO(stat_of("pipe").st_mode));
	assert_only("pipe", NULL);
}

/* The name in front, what is wrong, and what to do. */
static void refused(void **state)
{
	(void)state;
	static char lengthy[PATH_MAX + 8], name_too_long[NAME_MAX + 2];
	const struct {
		const char *name, *why;
	} bad[] = {
		{"folder", ": Is a directory; give the name of a file in it"},
		{"folder/", ": Is a directory; give the name of a file in it"},
		{"old/", ": Not a directory; give a name in a folder"},
		{"old/x", ": Not a directory; give a name in a folder"},
		{"no/such", ": No such file or directory; make its folder first"},
		{"nowhere", ": No such file or directory; make its folder first"},
		{"", ": No such file or directory; make its folder first"},
		{"circle", ": Too many levels of symbolic links; its links lead in a circle"},
		{lengthy, ": File name too long; give a shorter one"},
		{name_too_long, ": File name too long; give a shorter one"},
		{"new/", " could not be written: "},
	};
	memset(lengthy, '/', sizeof lengthy - 1);
	memset(name_too_long, 'x', sizeof name_too_long - 1);
	assert_int_equal(mkdir("folder", 0700), 0);
	assert_int_equal(symlink("circle", "circle"), 0);
	assert_int_equal(symlink("no/such", "nowhere"), 0);
	spit("old", "one", 0644);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_false(put_text(bad[i].name, "two"));
		assert_non_null(strstr(err, bad[i].why));
		assert_int_equal(strncmp(err, bad[i].name, strnlen(bad[i].name, 99)), 0);
		*err = 0;
		assert_int_equal(
			outfile_can(bad[i].name, err, sizeof err), !strcmp(bad[i].name, "nowhere"));
		assert_true(!*err || strstr(err, bad[i].why));
	}
	assert_int_equal(rmdir("folder"), 0);
	assert_int_equal(unlink("nowhere"), 0);
	assert_holds("old", "one");
	assert_true(outfile_can("old", err, sizeof err));
	assert_true(outfile_can("new", err, sizeof err));
	assert_int_equal(outfile_can("/g0-not-there", err, sizeof err), access("/", W_OK) == 0);
	assert_only("old", "circle");
}

/* As somebody who is not root: 0, or the number of the check that failed. */
static int as_nobody(int (*checks)(void))
{
	int status, pid = fork();
	if (pid == 0)
		_exit(geteuid() == 0 && (setgid(65534) || setuid(65534)) ? 99 : checks());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int write_where_only_the_file_may_be(void)
{
	if (outfile_can("new", err, sizeof err) || put_text("new", "two"))
		return 1;
	if (!strstr(err, "Permission denied"))
		return 2;
	if (outfile_can("closed", err, sizeof err) || put_text("closed", "two"))
		return 3;
	return outfile_can("open", err, sizeof err) && put_text("open", "two") ? 0 : 4;
}

/* Neither its folder nor its owner are the writer's: it is written over, and is no other. */
static void folders(void **state)
{
	(void)state;
	spit("open", "much longer than what comes", 0666);
	spit("closed", "one", 0444);
	assert_int_equal(chmod(dir, 0555), 0);
	struct stat was = stat_of("open");
	int failed = as_nobody(write_where_only_the_file_may_be);
	assert_int_equal(chmod(dir, 0755), 0);
	assert_int_equal(failed, 0);
	assert_int_equal(stat_of("open").st_ino, was.st_ino);
	assert_int_equal(stat_of("open").st_uid, was.st_uid);
	assert_holds("open", "two");
	assert_holds("closed", "one");
	assert_only("open", "closed");
}

static int write_open(void)
{
	return put_text("open", "two") ? 0 : 1;
}

/* Who may write it need not be whose it is. */
static void owners(void **state)
{
	(void)state;
	spit("open", "much longer than what comes", 0666);
	assert_int_equal(chmod(dir, 0777), 0);
	uid_t was = stat_of("open").st_uid;
	assert_int_equal(as_nobody(write_open), 0);
	assert_int_equal(stat_of("open").st_uid, was);
	assert_holds("open", "two");
	assert_only("open", NULL);
}

/* No more than 4 bytes a file. */
static int write_too_much(void)
{
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &(struct rlimit){4, 4});
	for (int i = 0; i < 3; i++) {
		static const char *const names[] = {"old", "hard", "new"};
		if (put_text(names[i], "too much") || !strstr(err, "ulimit -f"))
			return i + 1;
	}
	return 0;
}

static void full(void **state)
{
	(void)state;
	spit("old", "one", 0666);
	spit("hard", "two", 0666);
	assert_int_equal(link("hard", "other"), 0);
	assert_int_equal(chmod(dir, 0777), 0);
	assert_int_equal(as_nobody(write_too_much), 0);
	assert_holds("old", "one");
	assert_holds("hard", "two");
	assert_int_equal(unlink("other"), 0);
	assert_only("old", "hard");
}

/* ---- the end, in the middle of it ---- */

/* From now on this process is ended where it makes a certain system call, as by SIGKILL. */
static bool die_at(unsigned call)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
	setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

/* It is written and has no name yet: there is no trace of it. */
static void killed(void **state)
{
	(void)state;
	static const unsigned at[] = {SYS_fsync, SYS_linkat};
	int fd = open(dir, O_TMPFILE | O_WRONLY, 0600), status;
	if (fd < 0)
		skip();
	close(fd);
	spit("old", "one", 0644);
	for (size_t i = 0; i < 4; i++) {
		int pid = fork();
		if (pid == 0)
			_exit(!die_at(at[i / 2]) ? 77 : put_text(i % 2 ? "new" : "old", "two"));
		assert_int_equal(waitpid(pid, &status, 0), pid);
		if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
			break;
		assert_true(WIFSIGNALED(status));
		assert_holds("old", "one");
	}
	assert_only("old", NULL);
}

/* What grows is one writer's, and nothing where it could not even begin. */
static int grow_too_much(void)
{
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &(struct rlimit){4, 4});
	return outfile_grow("new", "too much", 8, err, sizeof err) < 0 && strstr(err, "ulimit -f")
		       ? 0
		       : 1;
}

static void growing(void **state)
{
	(void)state;
	spit("old", "much longer than what comes", 0640);
	ino_t was = stat_of("old").st_ino;
	int fd = outfile_grow("old", "one", 3, err, sizeof err);
	assert_holds("old", "one");
	assert_true(outfile_grow("old", "two", 3, err, sizeof err) < 0);
	assert_non_null(strstr(err, "another g0scope is writing it"));
	assert_true(outfile_put(fd, " two", 4));
	close(fd);
	assert_holds("old", "one two");
	assert_int_equal(stat_of("old").st_ino, was);
	assert_int_equal(chmod(dir, 0777), 0);
	assert_int_equal(as_nobody(grow_too_much), 0);
	assert_only("old", NULL);
}

int test_outfile(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files),
		cmocka_unit_test(new_files),
		cmocka_unit_test(links),
		cmocka_unit_test(descriptors),
		cmocka_unit_test(devices),
		cmocka_unit_test(pipes),
		cmocka_unit_test(late_readers),
		cmocka_unit_test(refused),
		cmocka_unit_test(folders),
		cmocka_unit_test(owners),
		cmocka_unit_test(full),
		cmocka_unit_test(killed),
		cmocka_unit_test(growing),
	};
	return cmocka_run_group_tests_name("outfile", tests, enter, leave);
}
