/* SPDX-License-Identifier: MIT */
/*
 * Descriptors: 0 to 2 are handed in, all others are of pipes. There are no files: what a program
 * reads of this system would be another on another one.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "calls.h"
#include "cpu.h"
#include "isa.h"
#include "signals.h"
#include "sleep.h"
#include "model/xalloc.h"

enum { PIPE_SIZE = 65536, OUTPUT_AT_ONCE = 65536 };

struct guest_fd *fd_of(struct guest *g, uint64_t fd)
{
	uint32_t n = (uint32_t)fd;
	return n < GUEST_FDS && g->fds[n].is != FD_CLOSED ? &g->fds[n] : NULL;
}

/* The lowest number that is free; none: GUEST_FDS. */
static int32_t free_fd(const struct guest *g, int32_t from)
{
	while (from < GUEST_FDS && g->fds[from].is != FD_CLOSED)
		from++;
	return from;
}

static bool are_flags(struct guest *g, uint64_t flags)
{
	/* O_DIRECT, as either architecture has it. */
	enum { PACKETS = 040000 | 0200000 };
	if (flags & PACKETS)
		guest_lacks(g, "pipes of packets");
	return !(flags & ~(uint64_t)(O_CLOEXEC | O_NONBLOCK));
}

int64_t call_pipe2(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	(void)t;
	int n = 0;
	bool nonblocks = args[1] & O_NONBLOCK;
	if (!are_flags(g, args[1]))
		return -EINVAL;
	while (n < GUEST_PIPES && (g->pipes[n].open[0] || g->pipes[n].open[1]))
		n++;
	int32_t fds[2] = {free_fd(g, 0), free_fd(g, free_fd(g, 0) + 1)};
	if (n == GUEST_PIPES) {
		guest_lacks(g, "more than %d pipes", GUEST_PIPES);
		return -EMFILE;
	}
	if (!cpu_write(g, args[0], fds, sizeof fds))
		return -EFAULT;
	struct guest_pipe *p = &g->pipes[n];
	if (!p->bytes)
		p->bytes = xmalloc(PIPE_SIZE);
	p->open[0] = p->open[1] = true;
	p->n = 0;
	g->fds[fds[0]] = (struct guest_fd){FD_READS, n, nonblocks};
	g->fds[fds[1]] = (struct guest_fd){FD_WRITES, n, nonblocks};
	return 0;
}

/* What happens at one end may be what somebody at the other has slept for: they look once more. */
static void wake_at(struct guest *g, int pipe)
{
	for (size_t i = 0; i < g->nthreads; i++) {
		struct guest_thread *t = g->threads[i];
		if ((t->sleeps == IN_READ || t->sleeps == IN_WRITE) && t->pipe == pipe)
			sleep_again(t);
	}
}

static int64_t wait_at(struct guest *g, struct guest_thread *t, int pipe, enum sleeps_in how)
{
	t->pipe = pipe;
	return sleep_begin(g, t, how, NEVER);
}

int64_t call_close(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	struct guest_fd *f = fd_of(g, args[0]);
	(void)t;
	if (!f)
		return -EBADF;
	if (f->is == FD_READS || f->is == FD_WRITES) {
		g->pipes[f->n].open[f->is == FD_WRITES] = false;
		wake_at(g, f->n);
	}
	f->is = FD_CLOSED;
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

static int64_t read_pipe(struct guest *g, struct guest_thread *t, const struct guest_fd *f,
	uint64_t to, uint64_t size)
{
	struct guest_pipe *p = &g->pipes[f->n];
	size_t n = size < p->n ? size : p->n;
	if (size > 0 && p->n == 0 && p->open[1])
		return f->nonblocks ? -EAGAIN : wait_at(g, t, f->n, IN_READ);
	if (!cpu_write(g, to, p->bytes, n))
		return -EFAULT;
	memmove(p->bytes, p->bytes + n, p->n - n);
	p->n -= n;
	wake_at(g, f->n);
	return (int64_t)n;
}

int64_t call_read(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	const struct guest_fd *f = fd_of(g, args[0]);
	if (f && f->is == FD_INPUT)
		return read_input(g, t, args[1], args[2]);
	return f && f->is == FD_READS ? read_pipe(g, t, f, args[1], args[2]) : -EBADF;
}

/* ---- writing ---- */

/* What a call writes: so many bytes in all, from these places one after the other. */
struct vector {
	const uint64_t (*places)[2]; /* each where, and how many */
	uint64_t n, total;
};

/* The places that a program tells of: 0, or -errno. */
static int64_t read_places(struct guest *g, uint64_t at, uint64_t n, uint64_t (*places)[2])
{
	if (n > IOV_MAX)
		return -EINVAL;
	for (uint64_t i = 0; i < n; i++) {
		if (!cpu_read(g, at + i * sizeof *places, places[i], sizeof *places))
			return -EFAULT;
		if (places[i][1] > INT64_MAX)
			return -EINVAL;
	}
	return 0;
}

/* How many bytes they are: no call writes more than so many. False: none can be in one of them. */
static bool see_places(const struct guest *g, struct vector *v)
{
	const uint64_t most = INT32_MAX - (GUEST_PAGE - 1);
	for (uint64_t i = 0; i < v->n; i++) {
		uint64_t size = v->places[i][1], left = most - v->total;
		if (!fits(g, v->places[i][0], size))
			return false;
		v->total += size < left ? size : left;
	}
	return true;
}

/* n of them, behind so many. */
static bool gather(
	struct guest *g, const struct vector *v, uint64_t behind, uint8_t *to, uint64_t n)
{
	for (uint64_t i = 0; n > 0; i++) {
		uint64_t size = v->places[i][1], from = behind < size ? behind : size;
		uint64_t piece = n < size - from ? n : size - from;
		if (!cpu_read(g, v->places[i][0] + from, to, piece))
			return false;
		behind -= from, to += piece, n -= piece;
	}
	return true;
}

/* For how many of n there is room, but few are written as a whole; 0: for none. */
static int64_t room_in_pipe(struct guest *g, struct guest_thread *t, int pipe, uint64_t n)
{
	const struct guest_pipe *p = &g->pipes[pipe];
	uint64_t room = PIPE_SIZE - p->n;
	if (!p->open[0]) {
		signals_send(g, t, SIGPIPE, SI_USER);
		return -EPIPE;
	}
	return (int64_t)(n <= room ? n : n <= PIPE_BUF ? 0 : room);
}

/* How many of them went there, or -errno. */
static int64_t put(struct guest *g, const struct guest_fd *f, const uint8_t *bytes, uint64_t n)
{
	if (f->is == FD_OUTPUT)
		return g->output(g->output_ctx, f->n, bytes, n);
	struct guest_pipe *p = &g->pipes[f->n];
	memcpy(p->bytes + p->n, bytes, n);
	p->n += n;
	wake_at(g, f->n);
	return (int64_t)n;
}

/* The call is over, with an error, or rather with what it had written before that. */
static int64_t leave_write(struct guest_thread *t, int64_t error)
{
	int64_t written = (int64_t)t->written;
	t->written = 0;
	return written ? written : error;
}

/* Until there is room; whoever takes our output has some again as soon as all others had a turn. */
static int64_t wait_for_room(struct guest *g, struct guest_thread *t, const struct guest_fd *f)
{
	bool out = f->is == FD_OUTPUT;
	t->pipe = out ? -1 : f->n;
	return sleep_begin(g, t, IN_WRITE, out ? guest_now(g) : NEVER);
}

/* Page by page, as Linux fills a pipe; who had to sleep goes on. */
static int64_t write_vector(
	struct guest *g, struct guest_thread *t, const struct guest_fd *f, struct vector v)
{
	uint8_t page[GUEST_PAGE];
	uint64_t until = t->written + OUTPUT_AT_ONCE;
	if (!see_places(g, &v))
		return leave_write(t, -EFAULT);
	while (t->written < v.total) {
		uint64_t left = v.total - t->written, n = sizeof page - t->written % sizeof page;
		int64_t room = f->is == FD_WRITES ? room_in_pipe(g, t, f->n, left)
						  : (int64_t)(t->written < until ? left : 0);
		if (room < 0 || (room == 0 && f->nonblocks))
			return leave_write(t, room ? room : -EAGAIN);
		if (room == 0)
			return wait_for_room(g, t, f);
		n = n < (uint64_t)room ? n : (uint64_t)room;
		if (!gather(g, &v, t->written, page, n))
			return leave_write(t, -EFAULT);
		int64_t done = put(g, f, page, n);
		if (done < 0)
			return leave_write(t, done);
		if (done == 0)
			return wait_for_room(g, t, f);
		t->written += (uint64_t)done;
	}
	return leave_write(t, 0);
}

/* NULL: it is none, or cannot be written. */
static const struct guest_fd *fd_to_write(struct guest *g, uint64_t fd)
{
	const struct guest_fd *f = fd_of(g, fd);
	return f && (f->is == FD_OUTPUT || f->is == FD_WRITES) ? f : NULL;
}

int64_t call_write(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	const struct guest_fd *f = fd_to_write(g, args[0]);
	const uint64_t place[1][2] = {{args[1], args[2]}};
	return f ? write_vector(g, t, f, (struct vector){place, 1, 0}) : leave_write(t, -EBADF);
}

int64_t call_writev(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	const struct guest_fd *f = fd_to_write(g, args[0]);
	uint64_t places[IOV_MAX][2], n = args[2];
	int64_t error = f ? read_places(g, args[1], n, places) : -EBADF;
	return error ? leave_write(t, error) : write_vector(g, t, f, (struct vector){places, n, 0});
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
	(void)t;
	if (!fd_of(g, args[0]))
		return -EBADF;
	return put_stat(g, args[1], S_IFIFO | 0600, 1);
}

int64_t call_lseek(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	(void)t;
	return fd_of(g, args[0]) ? -ESPIPE : -EBADF;
}

/* No terminals; but some can be asked of anything. */
int64_t call_ioctl(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	static const uint32_t of_any[] = {FIONREAD, FIONBIO, FIOASYNC, FIOCLEX, FIONCLEX};
	(void)t;
	if (!fd_of(g, args[0]))
		return -EBADF;
	for (size_t i = 0; i < sizeof of_any / sizeof *of_any; i++)
		if ((uint32_t)args[1] == of_any[i])
			guest_lacks(g, "ioctl 0x%x", of_any[i]);
	return -ENOTTY;
}

/* ---- by their names ---- */

/* Where libc looks as it begins how many CPUs there are; it does without. */
static bool is_optional(const char *path)
{
	return strcmp(path, "/sys/devices/system/cpu/online") == 0 ||
	       strcmp(path, "/proc/stat") == 0;
}

/* 0, or -errno. */
static int64_t read_path(struct guest *g, uint64_t at, char path[static PATH_MAX])
{
	if (cpu_string(g, at, path, PATH_MAX))
		return *path ? 0 : -ENOENT;
	return cpu_read(g, at, path, PATH_MAX) ? -ENAMETOOLONG : -EFAULT;
}

/* It is not here, and may be elsewhere. */
static int64_t lacks_file(struct guest *g, const char *path, int64_t error)
{
	if (!is_optional(path))
		guest_lacks(g, "the file %s", path);
	return error;
}

/* The one that can be looked at, but not into: the folder of the threads. */
static bool is_tasks(const char *path)
{
	return strcmp(path, "/proc/self/task") == 0;
}

/* And the one that says which program this is. */
static bool is_program(const char *path)
{
	return strcmp(path, "/proc/self/exe") == 0;
}

/* In that folder each thread is a folder, too. */
int64_t call_newfstatat(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	char path[PATH_MAX];
	uint64_t links = 2;
	int64_t error = read_path(g, args[1], path);
	if (error == -ENOENT && args[3] & AT_EMPTY_PATH)
		return call_fstat(g, t, (uint64_t[]){args[0], args[2]});
	if (error)
		return error;
	if (!is_tasks(path))
		return lacks_file(g, path, -ENOENT);
	for (size_t i = 0; i < g->nthreads; i++)
		links += !g->threads[i]->gone;
	return put_stat(g, args[2], S_IFDIR | 0555, links);
}

int64_t call_openat(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	char path[PATH_MAX];
	(void)t;
	int64_t error = read_path(g, args[1], path);
	return error ? error : lacks_file(g, path, -ENOSYS);
}

static int64_t may_access(struct guest *g, uint64_t path_at, uint64_t how)
{
	char path[PATH_MAX];
	if (how & ~(uint64_t)(R_OK | W_OK | X_OK))
		return -EINVAL;
	int64_t error = read_path(g, path_at, path);
	if (error)
		return error;
	return is_tasks(path) || is_program(path) ? 0 : lacks_file(g, path, -ENOENT);
}

int64_t call_access(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	(void)t;
	return may_access(g, args[0], args[1]);
}

int64_t call_faccessat(struct guest *g, struct guest_thread *t, const uint64_t *args)
{
	(void)t;
	return may_access(g, args[1], args[2]);
}

static int64_t read_link(struct guest *g, uint64_t path_at, uint64_t to, uint64_t n)
{
	char path[PATH_MAX];
	if ((int32_t)n <= 0)
		return -EINVAL;
	int64_t error = read_path(g, path_at, path);
	if (error)
		return error;
	if (is_tasks(path))
		return -EINVAL;
	if (!is_program(path))
		return lacks_file(g, path, -ENOENT);
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
