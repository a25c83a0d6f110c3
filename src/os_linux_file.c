/* SPDX-License-Identifier: MIT */
/*
 * os_linux_file.c - the files that the runtime writes when the process ends, whatever their names
 * stand for.
 *
 * It is the twin of the visualizer's model/outfile.c and keeps to the same rules, but nothing of
 * that can be linked into a program: here are only system calls, no libc and no memory taken, for
 * one may come here from a signal handler, or because memory is what is wrong. And what is to be
 * written comes in pieces. They go straight to what is no regular file (a device, a pipe, what
 * /dev/stdout is). For a regular file they go to one without a name in its folder, made like it,
 * which gets the name at the end; a process that is killed leaves nothing. Where that would
 * not leave the file what it was (it has other names, or another owner, or its folder takes no
 * file) they go to one in memory, which is copied over it once there is room for all of it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "os.h"
#include "os_linux.h"
#include "runtime.h"

/* How often a pipe is tried that has no reader yet, a hundredth of a second apart. */
enum { TRIES = 100, TRY_MICROSECONDS = 10000 };
enum { LINKS_MAX = 40, OWNNAME_MAX = 32 };

/* What writing may send, as the kernel has it: to be told by what the call returns instead. */
static const uint64_t complaints = 1ull << (SIGPIPE - 1) | 1ull << (SIGXFSZ - 1);

/* ---- names ---- */

/* s behind the n bytes of a path; their number then, 0 if there is no room. */
static size_t add(char *path, size_t room, size_t n, const char *s)
{
	while (*s != '\0' && n < room - 1)
		path[n++] = *s++;
	path[n] = '\0';
	return *s == '\0' ? n : 0;
}

static size_t addnumber(char *path, size_t room, size_t n, int32_t v)
{
	char digits[12];
	int i = sizeof digits - 1;

	for (digits[i] = '\0'; digits[i] == '\0' || v != 0; v /= 10)
		digits[--i] = (char)('0' + v % 10);
	return add(path, room, n, digits + i);
}

/* Where the last name in a path begins. */
static size_t lastname(const char *path)
{
	size_t n = 0;

	for (size_t i = 0; path[i] != '\0'; i++)
		if (path[i] == '/')
			n = i + 1;
	return n;
}

/* The number that s is; -1: it is none. */
static int32_t number(const char *s)
{
	int32_t v = 0;

	if (*s == '\0')
		return -1;
	for (; *s >= '0' && *s <= '9' && v < INT32_MAX / 10; s++)
		v = v * 10 + (*s - '0');
	return *s == '\0' ? v : -1;
}

/* The name by which the kernel has a descriptor of ours. */
static const char *ourname(char own[OWNNAME_MAX], int32_t fd)
{
	addnumber(own, OWNNAME_MAX, add(own, OWNNAME_MAX, 0, "/proc/self/fd/"), fd);
	return own;
}

/* Whether a path leads to what is open at fd. */
static bool leadsto(const char *path, int32_t fd)
{
	struct stat a, b;

	return SYSCALL(SYS_newfstatat, AT_FDCWD, (long)path, (long)&a, 0) == 0 &&
	       SYSCALL(SYS_fstat, fd, (long)&b) == 0 && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino;
}

static bool isfifo(const char *path)
{
	struct stat st;

	return SYSCALL(SYS_newfstatat, AT_FDCWD, (long)path, (long)&st, 0) == 0 &&
	       S_ISFIFO(st.st_mode);
}

/*
 * One link of a path is followed, in place, with a second buffer for it. False: it is none. *fd:
 * the descriptor of ours that it is, as /proc/self/fd/1 is one; -1: it is none.
 */
static bool follow(char *path, char *to, int32_t *fd)
{
	size_t last = lastname(path);
	struct statfs fs;
	long link, n;

	link = SYSCALL(SYS_openat, AT_FDCWD, (long)path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (link < 0)
		return false;
	n = SYSCALL(SYS_readlinkat, link, (long)"", (long)to, OSPATH_MAX - 1);
	if (n > 0 && SYSCALL(SYS_fstatfs, link, (long)&fs) == 0 && fs.f_type == PROC_SUPER_MAGIC)
		*fd = number(path + last);
	SYSCALL(SYS_close, link);
	if (*fd >= 0 && !leadsto(path, *fd))
		*fd = -1;
	if (n <= 0)
		return false;
	to[n] = '\0';
	return add(path, OSPATH_MAX, to[0] == '/' ? 0 : last, to) > 0;
}

/*
 * The descriptor of ours that a name such as /dev/stdout, /dev/fd/3, or a link to one, stands for;
 * -1: none. To open it by that name would be to begin the file that it may be anew.
 */
static int32_t descriptor(struct osfile *f, const char *name)
{
	int32_t fd = -1;

	if (add(f->target, sizeof f->target, 0, name) == 0)
		return -1;
	for (int i = 0; i < LINKS_MAX && fd < 0; i++)
		if (!follow(f->target, f->part, &fd))
			break;
	return fd;
}

/* ---- opening ---- */

static int32_t opennamed(struct osfile *f, const char *name)
{
	const int how = O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	int32_t fd = descriptor(f, name);

	f->through = fd >= 0;
	if (f->through)
		return (int32_t)SYSCALL(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 3);
	fd = (int32_t)SYSCALL(SYS_openat, AT_FDCWD, (long)name, how);
	for (int i = 0; i < TRIES && fd == -ENXIO && isfifo(name); i++) {
		ossleep(TRY_MICROSECONDS);
		fd = (int32_t)SYSCALL(SYS_openat, AT_FDCWD, (long)name, how);
	}
	if (fd == -ENOENT) {
		fd = (int32_t)SYSCALL(SYS_openat, AT_FDCWD, (long)name, how | O_CREAT, 0666);
		f->fresh = fd >= 0;
	}
	if (fd >= 0)
		SYSCALL(SYS_fcntl, fd, F_SETFL, O_WRONLY);
	return fd;
}

/*
 * Where what was named really lies, and what a file beside it is called until it takes its place.
 * A thread's number is nobody else's.
 */
static bool findplace(struct osfile *f)
{
	const size_t room = sizeof f->target;
	char own[OWNNAME_MAX];
	size_t k;
	long n;

	n = SYSCALL(
		SYS_readlinkat, AT_FDCWD, (long)ourname(own, f->named), (long)f->target, room - 1);
	f->target[n > 0 ? n : 0] = '\0';
	if (!leadsto(f->target, f->named))
		return false;
	add(f->part, room, 0, f->target);
	k = add(f->part, room, lastname(f->part), ".g0-");
	k = k > 0 ? addnumber(f->part, room, k, (int32_t)SYSCALL(SYS_gettid)) : 0;
	return k > 0 && add(f->part, room, k, ".part") > 0;
}

/* A file in the folder of f's, as that is; with a name only where none can be without. */
static int32_t openbeside(struct osfile *f, const struct stat *like)
{
	const int how = O_RDWR | O_CLOEXEC;
	size_t name = lastname(f->part);
	char first = f->part[name];
	int32_t fd;

	f->part[name] = '\0';
	fd = (int32_t)SYSCALL(SYS_openat, AT_FDCWD, (long)f->part, how | O_TMPFILE, 0600);
	f->part[name] = first;
	if (fd < 0) {
		fd = (int32_t)SYSCALL(
			SYS_openat, AT_FDCWD, (long)f->part, how | O_CREAT | O_EXCL, 0600);
		f->linked = fd >= 0;
	}
	if (fd >= 0 && SYSCALL(SYS_fchown, fd, like->st_uid, like->st_gid) == 0 &&
		SYSCALL(SYS_fchmod, fd, like->st_mode & 07777) == 0)
		return fd;
	SYSCALL(SYS_close, fd);
	return -1;
}

bool osfirst(struct osfile *f)
{
	const int32_t self = (int32_t)SYSCALL(SYS_gettid);
	int32_t first = 0;

	if (atomic_compare_exchange_strong(&f->writer, &first, self))
		return true;
	while (!f->done && first != self)
		ossleep(TRY_MICROSECONDS);
	return false;
}

void oscreate(struct osfile *f, const char *name)
{
	struct stat st;

	f->err = 0;
	f->fresh = f->linked = f->beside = false;
	f->named = f->fd = -1;
	SYSCALL(SYS_rt_sigprocmask, SIG_BLOCK, (long)&complaints, (long)&f->mask, sizeof f->mask);
	f->named = opennamed(f, name);
	if (f->named < 0 || SYSCALL(SYS_fstat, f->named, (long)&st) != 0) {
		f->err = f->named < 0 ? -f->named : EBADF;
		return;
	}
	f->through |= !S_ISREG(st.st_mode);
	f->size = st.st_size;
	if (f->through)
		f->fd = f->named;
	else if (findplace(f) && st.st_nlink == 1)
		f->fd = openbeside(f, &st);
	f->beside = !f->through && f->fd >= 0;
	/* Until it is whole, nothing is there. */
	if (f->beside && f->fresh)
		SYSCALL(SYS_unlinkat, AT_FDCWD, (long)f->target, 0);
	if (f->fd < 0)
		f->fd = (int32_t)SYSCALL(SYS_memfd_create, (long)"g0", MFD_CLOEXEC);
	if (f->fd < 0)
		f->err = -f->fd;
}

/* ---- writing ---- */

void osput(struct osfile *f, const void *p, size_t n)
{
	struct pollfd ready = {.fd = f->fd, .events = POLLOUT};

	for (long r; n > 0 && f->err == 0; p = (const char *)p + r, n -= (size_t)r) {
		r = SYSCALL(SYS_write, f->fd, (long)p, (long)n);
		/* It was made so by whoever shares it with us. */
		if (r == -EAGAIN)
			SYSCALL(SYS_ppoll, (long)&ready, 1);
		else if (r < 0 && r != -EINTR)
			f->err = (int32_t)-r;
		if (r < 0)
			r = 0;
	}
}

/*
 * Over what is there: not begun with unless there is room for all of it. Where a file system
 * cannot say that, rather nothing is there in the end than half.
 */
static int32_t writeover(const struct osfile *f)
{
	long n = SYSCALL(SYS_lseek, f->fd, 0, SEEK_END), r = n < 0 ? n : 0;
	bool room;

	if (n > 0)
		r = SYSCALL(SYS_fallocate, f->named, 0, 0, n);
	room = r == 0 || r == -EOPNOTSUPP;
	r = room ? SYSCALL(SYS_lseek, f->fd, 0, SEEK_SET) : r;
	for (long left = n; r >= 0 && left > 0; left -= r) {
		r = SYSCALL(SYS_sendfile, f->named, f->fd, 0, left);
		if (r == 0)
			r = -EIO;
		else if (r == -EINTR)
			r = 0;
	}
	if (r >= 0 && (r = SYSCALL(SYS_ftruncate, f->named, n)) == 0)
		return 0;
	SYSCALL(SYS_ftruncate, f->named, room ? 0 : f->size);
	return (int32_t)-r;
}

/* The file beside takes its place. A container may have mounted something there. */
static int32_t takeplace(struct osfile *f)
{
	char own[OWNNAME_MAX];
	long r = 0;

	if (!f->linked) {
		r = SYSCALL(SYS_linkat, AT_FDCWD, (long)ourname(own, f->fd), AT_FDCWD,
			(long)f->part, AT_SYMLINK_FOLLOW);
		f->linked = r == 0;
	}
	if (r == 0)
		r = SYSCALL(SYS_renameat, AT_FDCWD, (long)f->part, AT_FDCWD, (long)f->target);
	if (r == 0)
		f->linked = false;
	return r == 0 ? 0 : f->fresh ? (int32_t)-r : writeover(f);
}

static void closeall(struct osfile *f)
{
	const struct timespec none = {0};
	long r = f->fd >= 0 ? SYSCALL(SYS_close, f->fd) : 0;

	if (f->named >= 0 && f->named != f->fd) {
		long r2 = SYSCALL(SYS_close, f->named);
		r = r < 0 ? r : r2;
	}
	if (f->err == 0)
		f->err = (int32_t)-r;
	if (f->linked)
		SYSCALL(SYS_unlinkat, AT_FDCWD, (long)f->part, 0);
	if (f->err != 0 && f->fresh && !f->through && !f->beside)
		SYSCALL(SYS_unlinkat, AT_FDCWD, (long)f->target, 0);
	while (f->err != 0 && SYSCALL(SYS_rt_sigtimedwait, (long)&complaints, 0, (long)&none,
				      sizeof complaints) > 0)
		;
	SYSCALL(SYS_rt_sigprocmask, SIG_SETMASK, (long)&f->mask, 0, sizeof f->mask);
}

/* Why, and what to do; NULL: of no name here. */
static const char *reason(int32_t err)
{
	switch (err) {
	case EACCES:
	case EPERM: return "that is not allowed; give a name in a folder of yours";
	case EROFS: return "what lies there can only be read; give another place";
	case ENOENT: return "there is no such folder; make it first";
	case ENOTDIR: return "what should be its folder is none";
	case EISDIR: return "it is a folder; give the name of a file in it";
	case ELOOP: return "its links lead in a circle";
	case ENAMETOOLONG: return "the name is too long";
	case ENOSPC:
	case EDQUOT: return "there is no room left; make room there, or give another place";
	case EFBIG: return "it would be too large; raise the limit on files (ulimit -f)";
	case ENXIO: return "nobody reads that pipe; start its reader first";
	case EPIPE: return "its reader has gone";
	case ETXTBSY: return "it is a program that runs";
	case EBADF: return "it is not open for writing";
	default: return NULL;
	}
}

static void complain(int32_t err, const char *variable, const char *name)
{
	/* Apart, as a line has no room for any name. */
	eprint("g0: %s=%s", variable, name);
	if (reason(err) != NULL)
		eprint(": cannot write it: %s\n", reason(err));
	else
		eprint(": cannot write it: error %d of the kernel\n", err);
}

void osfinish(struct osfile *f, const char *variable, const char *name)
{
	if (f->err == 0 && !f->through)
		f->err = f->beside ? takeplace(f) : writeover(f);
	closeall(f);
	if (f->err != 0)
		complain(f->err, variable, name);
	f->done = true;
}
