/* SPDX-License-Identifier: MIT */
/*
 * Descriptors: 0 to 2 are handed in, all others are pipes. There are no files: what a program reads
 * of this system would be another on another one.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "calls.h"
#include "cpu.h"
#include "isa.h"
#include "signals.h"
#include "sleep.h"
#include "model/xalloc.h"

enum { FIRST_PIPE = 3, PIPE_SIZE = 65536, SIGNAL_PIPE = 13, WRITTEN_MAX = 4096 };

/* The pipe of a descriptor, and which end; NULL: it is none that is open. */
static struct guest_pipe *pipe_of(struct guest *g, uint64_t fd, int *end)
{
	if (fd < FIRST_PIPE || fd >= FIRST_PIPE + 2 * GUEST_PIPES)
		return NULL;
	struct guest_pipe *p = &g->pipes[(fd - FIRST_PIPE) / 2];
	*end = (int)(fd - FIRST_PIPE) % 2;
	return p->open[*end] ? p : NULL;
}

int64_t call_pipe2(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	(void)t;
	int n = 0;
	while (n < GUEST_PIPES && (g->pipes[n].open[0] || g->pipes[n].open[1]))
		n++;
	if (n == GUEST_PIPES)
		return -EMFILE;
	int32_t fds[2] = {FIRST_PIPE + 2 * n, FIRST_PIPE + 2 * n + 1};
	if (!cpu_write(g, args[0], fds, sizeof fds))
		return -EFAULT;
	struct guest_pipe *p = &g->pipes[n];
	if (!p->bytes)
		p->bytes = xmalloc(PIPE_SIZE);
	p->open[0] = p->open[1] = true;
	p->n = 0;
	return 0;
}

/* What happens at one end may be what somebody at the other has slept for: they look once more. */
static void wake_at(struct guest *g, const struct guest_pipe *p)
{
	for (size_t i = 0; i < g->nthreads; i++) {
		struct guest_thread *t = g->threads[i];
		if ((t->sleeps == IN_READ || t->sleeps == IN_WRITE) && &g->pipes[t->pipe] == p)
			sleep_again(t);
	}
}

int64_t call_close(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	int end;
	struct guest_pipe *p = pipe_of(g, args[0], &end);
	(void)t;
	if (!p)
		return args[0] < FIRST_PIPE ? 0 : -EBADF;
	p->open[end] = false;
	wake_at(g, p);
	return 0;
}

/* ---- reading ---- */

/* More of our own input; 0: it has ended. It stays: the program may be taken back. */
static ssize_t take_input(struct guest_input *in)
{
	enum { PIECE = 4096 };
	in->bytes = xgrow(in->bytes, &in->cap, in->n + PIECE, 1);
	ssize_t got = read(STDIN_FILENO, in->bytes + in->n, PIECE);
	in->n += got > 0 ? (size_t)got : 0;
	return got;
}

static int64_t read_input(struct guest *g, struct guest_thread *t, uint64_t to, uint64_t n)
{
	struct guest_input *in = &g->input;
	if (n > 0 && !sleep_input_is_there(g))
		return sleep_begin(g, t, IN_INPUT, NEVER);
	if (g->input_at == in->n && n > 0 && take_input(in) < 0)
		return -errno;
	n = n < in->n - g->input_at ? n : in->n - g->input_at;
	if (!cpu_write(g, to, in->bytes + g->input_at, n))
		return -EFAULT;
	g->input_at += n;
	return (int64_t)n;
}

int64_t call_read(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	int end;
	struct guest_pipe *p = pipe_of(g, args[0], &end);
	if (args[0] == STDIN_FILENO)
		return read_input(g, t, args[1], args[2]);
	if (!p || end != 0)
		return -EBADF;
	if (p->n == 0 && p->open[1]) {
		t->pipe = (int)(p - g->pipes);
		return sleep_begin(g, t, IN_READ, NEVER);
	}
	size_t n = args[2] < p->n ? args[2] : p->n;
	if (!cpu_write(g, args[1], p->bytes, n))
		return -EFAULT;
	memmove(p->bytes, p->bytes + n, p->n - n);
	p->n -= n;
	wake_at(g, p);
	return (int64_t)n;
}

/* ---- writing ---- */

static int64_t write_pipe(
	struct guest *g, struct guest_thread *t, struct guest_pipe *p, uint64_t from, uint64_t n)
{
	if (!p->open[0]) {
		signals_send(g, t, SIGNAL_PIPE);
		return -EPIPE;
	}
	if (p->n == PIPE_SIZE && n > 0) {
		t->pipe = (int)(p - g->pipes);
		return sleep_begin(g, t, IN_WRITE, NEVER);
	}
	n = n < PIPE_SIZE - p->n ? n : PIPE_SIZE - p->n;
	if (!cpu_read(g, from, p->bytes + p->n, n))
		return -EFAULT;
	p->n += n;
	wake_at(g, p);
	return (int64_t)n;
}

static int64_t write_output(struct guest *g, int fd, uint64_t from, uint64_t n)
{
	uint8_t buf[WRITTEN_MAX];
	n = n < sizeof buf ? n : sizeof buf;
	if (!cpu_read(g, from, buf, n))
		return -EFAULT;
	g->output(g->output_ctx, fd, buf, n);
	return (int64_t)n;
}

static int64_t write_to(
	struct guest *g, struct guest_thread *t, uint64_t fd, uint64_t from, uint64_t n)
{
	int end;
	struct guest_pipe *p = pipe_of(g, fd, &end);
	if (fd == STDOUT_FILENO || fd == STDERR_FILENO)
		return write_output(g, (int)fd, from, n);
	return p && end == 1 ? write_pipe(g, t, p, from, n) : -EBADF;
}

int64_t call_write(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	return write_to(g, t, args[0], args[1], args[2]);
}

/* Some of the pieces: a caller that wants all of them written comes again. */
int64_t call_writev(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	uint64_t piece[2];
	int64_t all = 0;
	for (uint64_t i = 0; i < args[2] && i < IOV_MAX; i++) {
		if (!cpu_read(g, args[1] + i * sizeof piece, piece, sizeof piece))
			return all ? all : -EFAULT;
		int64_t n = piece[1] ? write_to(g, t, args[0], piece[0], piece[1]) : 0;
		if (n < 0)
			return all ? all : n;
		all += n;
		if ((uint64_t)n < piece[1] || all >= WRITTEN_MAX)
			break;
	}
	return all;
}

/* ---- what they are ---- */

static int64_t put_stat(struct guest *g, uint64_t to, uint32_t mode, uint64_t nlink)
{
	uint8_t stat[256] = {0};
	g->isa->put_stat(stat, mode, nlink);
	return cpu_write(g, to, stat, g->isa->stat_size) ? 0 : -EFAULT;
}

int64_t call_fstat(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	int end;
	(void)t;
	if (args[0] >= FIRST_PIPE && !pipe_of(g, args[0], &end))
		return -EBADF;
	return put_stat(g, args[1], S_IFIFO | 0600, 1);
}

/* Of files there is one alone: the folder of the threads, which each is a folder in. */
int64_t call_newfstatat(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	char path[64];
	uint64_t links = 2;
	if (!cpu_string(g, args[1], path, sizeof path))
		return -ENOENT;
	if (!*path && args[3] & AT_EMPTY_PATH)
		return call_fstat(g, t, (uint64_t[]){args[0], args[2]});
	if (strcmp(path, "/proc/self/task") != 0)
		return -ENOENT;
	for (size_t i = 0; i < g->nthreads; i++)
		links += !g->threads[i]->gone;
	return put_stat(g, args[2], S_IFDIR | 0555, links);
}

/* Where libc looks as it begins how many CPUs there are; it does without. */
static bool is_optional(const char *path)
{
	return strcmp(path, "/sys/devices/system/cpu/online") == 0 ||
	       strcmp(path, "/proc/stat") == 0;
}

int64_t call_openat(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	char path[64];
	(void)t;
	if (!cpu_string(g, args[1], path, sizeof path))
		strcpy(path, "of a long name");
	if (!is_optional(path))
		guest_lacks(g, "the file %s", path);
	return -ENOSYS;
}

int64_t call_lseek(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	int end;
	(void)t;
	return args[0] < FIRST_PIPE || pipe_of(g, args[0], &end) ? -ESPIPE : -EBADF;
}

int64_t call_ioctl(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	(void)g, (void)t, (void)args;
	return -ENOTTY;
}

static int64_t read_link(struct guest *g, uint64_t path_at, uint64_t to, uint64_t n)
{
	char path[64];
	if (!cpu_string(g, path_at, path, sizeof path) || strcmp(path, "/proc/self/exe") != 0)
		return -ENOENT;
	uint64_t len = g->program ? strlen(g->program) : 0, size = len < n ? len : n;
	return cpu_write(g, to, g->program, size) ? (int64_t)size : -EFAULT;
}

int64_t call_readlink(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	(void)t;
	return read_link(g, args[0], args[1], args[2]);
}

int64_t call_readlinkat(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	(void)t;
	return read_link(g, args[1], args[2], args[3]);
}
