/* SPDX-License-Identifier: MIT */
/* What the process is to the system: who writes to a broken pipe, and a child made by fork. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime.h"
#include "test.h"

/* ---- broken pipes ---- */

/* The end of a pipe or a socket to write to, whose other end is closed. */
static int broken(bool socket)
{
	int fd[2];

	CHECK((socket ? socketpair(AF_UNIX, SOCK_STREAM, 0, fd) : pipe(fd)) == 0);
	close(fd[0]);
	return fd[1];
}

static void g0_write_returns_epipe(void)
{
	CHECK(g0_write(broken(false), "x", 1) == -EPIPE);
	CHECK(g0_write(broken(true), "x", 1) == -EPIPE);
}

static void libc_writes_where_nobody_reads(void)
{
	CHECK(g0_write(broken(false), "x", 1) == -EPIPE);
	write(broken(false), "x", 1);
}

static void output_that_nobody_reads(void)
{
	dup2(broken(false), 1);
	g0_write(1, "x", 1);
}

static void ignores_sigpipe(void)
{
	signal(SIGPIPE, SIG_IGN);
	CHECK(write(broken(false), "x", 1) == -1 && errno == EPIPE);
	dup2(broken(false), 1);
	CHECK(g0_write(1, "x", 1) == -EPIPE);
}

/* ---- fork ---- */

static _Atomic bool over;

static void goes_on(void *unused)
{
	(void)unused;
	while (!over)
		gosched();
}

static void a_child_that_says_so(void)
{
	int status = 0;

	for (int i = 0; i < 4; i++)
		go(goes_on, NULL);
	for (int i = 0; i < 20; i++) {
		pid_t pid = fork();
		if (pid == 0) {
			g0_printf("G%ld ", (long)goid());
			_exit(7);
		}
		entersyscall();
		CHECK(waitpid(pid, &status, 0) == pid);
		exitsyscall();
		CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 7);
		gosched();
	}
	over = true;
}

const struct test process_ends[] = {
	{"libc_writes_where_nobody_reads", libc_writes_where_nobody_reads, true, "2"},
	{"output_that_nobody_reads", output_that_nobody_reads, true, "2"},
	{"ignores_sigpipe", ignores_sigpipe, true, "2"},
	{"a_child_that_says_so", a_child_that_says_so, true, "2"},
	{0},
};

static void other_writes_end_by_sigpipe(void)
{
	CHECK(run_end("libc_writes_where_nobody_reads", NULL).status == 128 + SIGPIPE);
	CHECK(run_end("output_that_nobody_reads", NULL).status == 128 + SIGPIPE);
	CHECK(run_end("ignores_sigpipe", NULL).status == 0);
}

static void fork_leaves_the_child_its_g(void)
{
	struct ending e = run_end("a_child_that_says_so", NULL);

	CHECK(e.status == 0 && strlen(e.out) == strlen("G1 ") * 20);
}

const struct test process_tests[] = {
	{"process: g0_write returns EPIPE", g0_write_returns_epipe, false, "2"},
	{"process: other writes end by SIGPIPE", other_writes_end_by_sigpipe, true, "2"},
	{"process: fork leaves the child its G", fork_leaves_the_child_its_g, true, "2"},
	{0},
};
