/* SPDX-License-Identifier: MIT */
/*
 * What was named is opened first: so the system itself says whether it may be written, and what it
 * is. A regular file is then written without a name, made like the one that is there, and put in
 * its place. Where that would not leave it what it was (it has other names, or another owner, or
 * its folder takes no file) it is written over, once room for all of it has been set aside.
 */
#include "outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "say.h"
#include "xalloc.h"

/* How often a pipe is tried that has no reader yet, a hundredth of a second apart. */
enum { TRIES = 100 };

static const char *remedy(int why)
{
	switch (why) {
	case ENOENT: return "make its folder first";
	case ENOTDIR: return "give a name in a folder";
	case EISDIR: return "give the name of a file in it";
	case ELOOP: return "its links lead in a circle";
	case ENAMETOOLONG: return "give a shorter one";
	case EFBIG: return "raise the limit on the size of files (ulimit -f)";
	case EROFS: return "give another place";
	case ENOSPC:
	case EDQUOT: return "make room there, or give another place";
	case ENXIO: return "nobody reads that pipe: start its reader first";
	case EPIPE: return "its reader has gone";
	case ETXTBSY: return "it is a program that runs";
	case EBADF: return "it is closed, or open for reading alone";
	case EWOULDBLOCK: return "another g0scope is writing it";
	default: return "use a folder that you may write to";
	}
}

void outfile_complain(const char *path, int why, char *err, size_t nerr)
{
	say(err, nerr, "%s could not be written: %s; %s", path, strerror(why), remedy(why));
}

/* ---- opening ---- */

/* The folder that a name lies in, as it is really called; NULL: there is none. Caller frees. */
static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *name = slash ? strndup(path, (size_t)(slash - path) + 1) : xstrdup(*path ? "." : "");
	char *real = realpath(name, NULL);
	free(name);
	return real;
}

/* The descriptor that a name in a folder is, if that is our /proc/self/fd; -1: none. */
static int descriptor_in(const char *folder, const char *name)
{
	char *ours = realpath("/proc/self/fd", NULL), *end;
	long n = strtol(name, &end, 10);
	bool is = ours && !strcmp(folder, ours) && *name && !*end && n >= 0 && n <= INT_MAX;
	free(ours);
	return is ? (int)n : -1;
}

/*
 * The descriptor of ours that a name such as /dev/stdout, /dev/fd/3, or a link to one, stands for;
 * -1: none. To open it by that name would be to begin the file that it may be anew.
 */
static int descriptor_named(const char *path)
{
	enum { LINKS_MAX = 40 };
	char at[PATH_MAX], to[PATH_MAX];
	int fd = -1;
	/* One that is longer is no file's. */
	size_t len = strlen(path);
	if (len >= sizeof at)
		return -1;
	memcpy(at, path, len + 1);
	for (int i = 0; i < LINKS_MAX && fd < 0; i++) {
		char *slash = strrchr(at, '/'), *folder = folder_of(at);
		if (!folder)
			break;
		fd = descriptor_in(folder, slash ? slash + 1 : at);
		free(folder);
		ssize_t n = readlink(at, to, sizeof to - 1);
		if (n < 0)
			break;
		to[n] = 0;
		size_t keep = *to == '/' || !slash ? 0 : (size_t)(slash - at) + 1;
		if (keep + (size_t)n >= sizeof at)
			break;
		memcpy(at + keep, to, (size_t)n + 1);
	}
	return fd;
}

/* To be written, by everyone who is let; *created if it was not there. -1: errno says why. */
static int open_named(const char *path, bool *created)
{
	const int how = O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	struct stat st;
	int fd = descriptor_named(path);
	*created = false;
	if (fd >= 0)
		return fcntl(fd, F_DUPFD_CLOEXEC, 3);
	fd = open(path, how);
	for (int i = 0; i < TRIES && fd < 0 && errno == ENXIO; i++) {
		if (stat(path, &st) != 0 || !S_ISFIFO(st.st_mode))
			break;
		usleep(10000);
		fd = open(path, how);
	}
	if (fd < 0 && errno == ENOENT) {
		fd = open(path, how | O_CREAT, 0666);
		*created = fd >= 0;
	}
	if (fd >= 0)
		fcntl(fd, F_SETFL, O_WRONLY);
	return fd;
}

/* ---- writing ---- */

static bool put(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t k = write(fd, p, n);
		/* It was made so by whoever shares it with us. */
		if (k < 0 && errno == EAGAIN)
			poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, -1);
		else if (k < 0 && errno != EINTR)
			return false;
		if (k > 0) {
			p += k;
			n -= (size_t)k;
		}
	}
	return true;
}

bool outfile_put(int fd, const void *p, size_t n)
{
	sigset_t sigpipe, was;
	sigemptyset(&sigpipe);
	sigaddset(&sigpipe, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &sigpipe, &was);
	bool ok = put(fd, p, n);
	int why = errno;
	if (!ok && why == EPIPE)
		sigtimedwait(&sigpipe, NULL, &(struct timespec){0});
	pthread_sigmask(SIG_SETMASK, &was, NULL);
	errno = why;
	return ok;
}

/* A file in the folder of what is to be written, which is to take its place. */
struct beside {
	int fd;
	char *name;  /* in the end */
	bool linked; /* it is there by that name */
};

static void close_beside(struct beside *b)
{
	if (b->fd >= 0)
		close(b->fd);
	if (b->linked)
		unlink(b->name);
	free(b->name);
}

/*
 * One as `like` is, with no name until it is whole where the file system can do that: so nothing
 * is left of it, whatever ends us. False: it cannot be had, or not be like that.
 */
static bool open_beside(struct beside *b, const char *target, const struct stat *like)
{
	char *folder = folder_of(target);
	b->name = xasprintf("%s/.g0scope-%d.part", folder ? folder : ".", getpid());
	/* It gets its name by way of /proc. */
	b->fd = access("/proc/self/fd", X_OK) != 0
			? -1
			: open(folder ? folder : ".", O_WRONLY | O_TMPFILE | O_CLOEXEC, 0600);
	b->linked = b->fd < 0;
	free(folder);
	if (b->linked) {
		b->fd = open(b->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		b->linked = b->fd >= 0;
	}
	if (b->fd >= 0 && fchown(b->fd, like->st_uid, like->st_gid) == 0 &&
		fchmod(b->fd, like->st_mode & 07777) == 0)
		return true;
	close_beside(b);
	return false;
}

/* It takes the place of `target`, whole as it is now. */
static bool take_place(struct beside *b, const char *target)
{
	char own[32];
	snprintf(own, sizeof own, "/proc/self/fd/%d", b->fd);
	if (!b->linked)
		b->linked = linkat(AT_FDCWD, own, AT_FDCWD, b->name, AT_SYMLINK_FOLLOW) == 0;
	if (!b->linked || rename(b->name, target) != 0)
		return false;
	b->linked = false;
	return true;
}

/*
 * Over what is there, which has `size` bytes: not begun with unless there is room for all of it.
 * Where a file system cannot say that, rather nothing is there in the end than half.
 */
static bool write_over(int fd, const void *p, size_t n, off_t size)
{
	bool room = !n || fallocate(fd, 0, 0, (off_t)n) == 0 || errno == EOPNOTSUPP;
	if (room && outfile_put(fd, p, n) && ftruncate(fd, (off_t)n) == 0)
		return true;
	int why = errno;
	if (ftruncate(fd, room ? 0 : size) == 0)
		errno = why;
	return false;
}

/* A regular file, open at fd as well, and empty if it was not there before. */
static bool replace(const char *target, int fd, bool created, const void *p, size_t n)
{
	struct stat st;
	struct beside b;
	if (fstat(fd, &st) != 0)
		return false;
	if (st.st_nlink != 1 || !open_beside(&b, target, &st)) {
		bool ok = write_over(fd, p, n, st.st_size);
		int why = errno;
		if (!ok && created)
			unlink(target);
		errno = why;
		return ok;
	}
	/* Until it is whole, nothing is there. */
	if (created)
		unlink(target);
	bool ok = outfile_put(b.fd, p, n) && fsync(b.fd) == 0;
	/* A container may have mounted something there. */
	if (ok && !take_place(&b, target))
		ok = !created && write_over(fd, p, n, st.st_size);
	int why = errno;
	close_beside(&b);
	errno = why;
	return ok;
}

static bool is_file(int fd)
{
	struct stat st;
	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

/*
 * Into what path names, which is open at fd, and is closed. False: errno says why, and what was
 * not there before is not there now.
 */
static bool write_open(const char *path, int fd, bool created, const void *p, size_t n)
{
	struct stat st;
	bool file = is_file(fd) && descriptor_named(path) < 0 && fstat(fd, &st) == 0;
	/* One that lies too deep has no name to be replaced by. */
	char *target = file ? realpath(path, NULL) : NULL;
	sigset_t all, was;
	sigfillset(&all);
	/* What would end us waits until nothing is left beside it; not with a pipe that is slow. */
	if (target)
		pthread_sigmask(SIG_BLOCK, &all, &was);
	bool ok = target ? replace(target, fd, created, p, n)
		  : file ? write_over(fd, p, n, st.st_size)
			 : outfile_put(fd, p, n);
	int why = errno;
	if (target)
		pthread_sigmask(SIG_SETMASK, &was, NULL);
	free(target);
	if (close(fd) != 0 && ok)
		return false;
	errno = why;
	return ok;
}

bool outfile_new(const char *path, const void *p, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	return fd >= 0 && write_open(path, fd, true, p, n);
}

bool outfile_write(const char *path, const void *p, size_t n, char *err, size_t nerr)
{
	bool created;
	int fd = open_named(path, &created);
	if (fd >= 0 && write_open(path, fd, created, p, n))
		return true;
	outfile_complain(path, errno, err, nerr);
	return false;
}

/* ---- bit by bit ---- */

struct outfile {
	FILE *stream;
	char *path;
	int fd;          /* what path names */
	bool created;    /* which was not there before */
	char *target;    /* where that is, if it is a regular file; NULL: written to as it is */
	struct beside b; /* if it is: what is written meanwhile, without a name */
	bool takes_place;
	int why; /* errno, once something could not be written */
};

/* In a folder, with no name; -1: not there. */
static int open_nameless(const char *folder)
{
	return open(folder, O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
}

/* Where nothing can be without a name, one that is taken away at once. */
static int open_elsewhere(void)
{
	int fd = open_nameless(P_tmpdir);
	FILE *f = fd < 0 ? tmpfile() : NULL;
	if (f) {
		fd = fcntl(fileno(f), F_DUPFD_CLOEXEC, 3);
		fclose(f);
	}
	return fd;
}

/* It is to take the target's place, if it can be like that; else it will be written over it. */
static bool begin_beside(struct outfile *o)
{
	struct stat st;
	char *folder = folder_of(o->target);
	bool nameable = folder && fstat(o->fd, &st) == 0 && st.st_nlink == 1 &&
			access("/proc/self/fd", X_OK) == 0;
	o->b.fd = folder ? open_nameless(folder) : -1;
	o->b.name = xasprintf("%s/.g0scope-%d.part", folder ? folder : ".", getpid());
	free(folder);
	o->takes_place = nameable && o->b.fd >= 0 && fchown(o->b.fd, st.st_uid, st.st_gid) == 0 &&
			 fchmod(o->b.fd, st.st_mode & 07777) == 0;
	if (o->b.fd < 0)
		o->b.fd = open_elsewhere();
	if (o->takes_place && o->created)
		unlink(o->target);
	return o->b.fd >= 0;
}

static ssize_t put_some(void *cookie, const char *p, size_t n)
{
	struct outfile *o = cookie;
	if (!o->why && !outfile_put(o->target ? o->b.fd : o->fd, p, n))
		o->why = errno;
	return o->why ? 0 : (ssize_t)n;
}

struct outfile *outfile_begin(const char *path, char *err, size_t nerr)
{
	struct outfile *o = xcalloc(1, sizeof *o);
	o->path = xstrdup(path);
	o->b.fd = -1;
	o->fd = open_named(path, &o->created);
	bool file = o->fd >= 0 && is_file(o->fd) && descriptor_named(path) < 0;
	/* One that lies too deep has no other name. */
	o->target = file ? realpath(path, NULL) : NULL;
	if (file && !o->target)
		o->target = xstrdup(path);
	if (o->fd >= 0 && (!file || begin_beside(o)))
		o->stream = fopencookie(o, "w", (cookie_io_functions_t){.write = put_some});
	if (o->stream)
		return o;
	o->why = errno;
	outfile_end(o, err, nerr);
	return NULL;
}

FILE *outfile_stream(struct outfile *o)
{
	return o->stream;
}

/* All that was written, over what is there. */
static bool copy_over(struct outfile *o)
{
	struct stat is, was;
	if (fstat(o->b.fd, &is) != 0 || fstat(o->fd, &was) != 0)
		return false;
	size_t n = (size_t)is.st_size;
	void *p = n ? mmap(NULL, n, PROT_READ, MAP_SHARED, o->b.fd, 0) : NULL;
	if (p == MAP_FAILED)
		return false;
	bool ok = write_over(o->fd, p, n, was.st_size);
	int why = errno;
	if (n)
		munmap(p, n);
	errno = why;
	return ok;
}

/* It becomes what the name stands for. False: errno says why. */
static bool settle(struct outfile *o)
{
	sigset_t all, was;
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &was);
	bool ok = !o->why && (!o->takes_place || fsync(o->b.fd) == 0);
	bool placed = ok && o->takes_place && take_place(&o->b, o->target);
	ok = placed || (ok && !(o->takes_place && o->created) && copy_over(o));
	int why = o->why ? o->why : errno;
	if (!ok && o->created && !o->takes_place)
		unlink(o->target);
	if (o->b.linked)
		unlink(o->b.name);
	pthread_sigmask(SIG_SETMASK, &was, NULL);
	errno = why;
	return ok;
}

bool outfile_end(struct outfile *o, char *err, size_t nerr)
{
	if (o->stream)
		fclose(o->stream);
	if (o->target && !settle(o) && !o->why)
		o->why = errno;
	if (o->fd >= 0 && close(o->fd) != 0 && !o->why)
		o->why = errno;
	bool ok = !o->why;
	if (!ok)
		outfile_complain(o->path, o->why, err, nerr);
	if (o->b.fd >= 0)
		close(o->b.fd);
	free(o->b.name);
	free(o->target);
	free(o->path);
	free(o);
	return ok;
}

bool outfile_can(const char *path, char *err, size_t nerr)
{
	struct stat st;
	int why = 0;
	if (stat(path, &st) == 0) {
		if (S_ISDIR(st.st_mode))
			why = EISDIR;
		else if (faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) != 0)
			why = errno;
	} else if (errno == ENOENT) {
		char *folder = folder_of(path);
		if (!folder || faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) != 0)
			why = errno;
		free(folder);
	} else {
		why = errno;
	}
	if (why)
		outfile_complain(path, why, err, nerr);
	return !why;
}

/* Open, empty, and nobody else's; or errno. */
static bool begin(int fd, bool is_target, const void *head, size_t n)
{
	/* Two at once would make one file that is neither's. */
	if (is_target && flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
		return false;
	return (!is_target || ftruncate(fd, 0) == 0) && outfile_put(fd, head, n);
}

int outfile_grow(const char *path, const void *head, size_t n, char *err, size_t nerr)
{
	bool created;
	int fd = open_named(path, &created);
	if (fd >= 0 && begin(fd, is_file(fd) && descriptor_named(path) < 0, head, n))
		return fd;
	outfile_complain(path, errno, err, nerr);
	if (fd >= 0)
		close(fd);
	if (created)
		unlink(path);
	return -1;
}
