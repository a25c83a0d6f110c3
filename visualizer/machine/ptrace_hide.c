/* SPDX-License-Identifier: MIT */
/*
 * What the kernel tells a program that is another in each run, though the program does not ask for
 * it: its libc does, and what that is told stays on the stack and in registers. It is told the same
 * each time instead; and what libc leaves where a new thread begins is taken away. What the program
 * asks for itself is its own affair (model/parting.h).
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "ptrace_parts.h"

void hide_begin(struct process *p)
{
	char path[64];
	struct stat st;
	snprintf(path, sizeof path, "/proc/%d/fd/0", p->pid);
	if (stat(path, &st) == 0) {
		p->hidden.in_dev = st.st_dev;
		p->hidden.in_ino = st.st_ino;
	}
}

/* Whether it is the pipe that the program's output goes to. */
static bool is_output(const struct process *p, dev_t dev, ino_t ino)
{
	struct stat st;
	return fstat(p->output_fd, &st) == 0 && st.st_dev == dev && st.st_ino == ino;
}

static bool is_input(const struct process *p, dev_t dev, ino_t ino)
{
	return p->hidden.in_dev == dev && p->hidden.in_ino == ino;
}

/*
 * Before it first reads or writes, libc asks what that is. A pipe has a number and times of its
 * own; a file was last read when we last ran, and all else it says is the file's.
 */
static void hide_stat(struct process *p, off_t at)
{
	struct stat st;
	if (pread(p->mem_fd, &st, sizeof st, at) != sizeof st)
		return;
	bool input = is_input(p, st.st_dev, st.st_ino);
	if (!input && !is_output(p, st.st_dev, st.st_ino))
		return;
	st.st_atim = (struct timespec){0};
	if (!S_ISREG(st.st_mode)) {
		st.st_ino = 1;
		st.st_mtim = st.st_ctim = st.st_atim;
	}
	if (pwrite(p->mem_fd, &st, sizeof st, at) != sizeof st)
		return; /* it has unmapped it: nobody will read it */
}

static void hide_statx(struct process *p, off_t at)
{
	struct statx st;
	if (pread(p->mem_fd, &st, sizeof st, at) != sizeof st)
		return;
	dev_t dev = makedev(st.stx_dev_major, st.stx_dev_minor);
	if (!is_input(p, dev, st.stx_ino) && !is_output(p, dev, st.stx_ino))
		return;
	st.stx_atime = (struct statx_timestamp){0};
	if (!S_ISREG(st.stx_mode)) {
		st.stx_ino = 1;
		st.stx_btime = st.stx_ctime = st.stx_mtime = st.stx_atime;
	}
	if (pwrite(p->mem_fd, &st, sizeof st, at) != sizeof st)
		return;
}

/*
 * malloc writes a random word into what is free, to know it again. It draws it once, and nobody
 * else into that place.
 */
static void hide_key(struct process *p, off_t at)
{
	static const char always[] = "always.";
	if (pwrite(p->mem_fd, always, sizeof always, at) != sizeof always)
		return;
}

/*
 * What libc has left below where it calls the function of a new thread: that thread's number among
 * it, where glibc gives the stack a name. It is nobody's, and as good as fresh memory. Not more
 * than any stack has: glibc makes no thread with less than this to call with. (Where clone itself
 * calls the function libc has used nothing, and what is below may be anything.)
 */
static void hide_below(struct process *p, const struct tracee *t)
{
	enum { A_FRAME = 64 };
	static const char fresh[2048];
	char left[sizeof fresh];
	off_t at = (off_t)(machine_sp(&t->raw) - sizeof fresh);
	if (machine_sp(&t->raw) + A_FRAME > t->first_sp)
		return;
	if (pread(p->mem_fd, left, sizeof left, at) != sizeof left ||
		memcmp(left, fresh, sizeof left) == 0)
		return;
	if (pwrite(p->mem_fd, fresh, sizeof fresh, at) != sizeof fresh)
		return;
}

/*
 * The last digit of that number is in a register still, on arm64 with glibc 2.41; and in vectors
 * there is something of the text that libc has looked at last: the policy's name.
 */
void hide_start(struct process *p, struct tracee *t)
{
	hide_below(p, t);
	machine_forget_scratch(&t->raw);
	machine_forget_vectors(t->tid);
	thread_put(p, t);
}

void hide_told(struct process *p, const struct tracee *t)
{
	uint64_t arg[MACHINE_SYSCALL_ARGS];
	if (machine_syscall_done(&t->raw, SYS_fstat, t->first, arg))
		hide_stat(p, (off_t)arg[1]);
	else if (machine_syscall_done(&t->raw, SYS_newfstatat, t->first, arg))
		hide_stat(p, (off_t)arg[2]);
	else if (machine_syscall_done(&t->raw, SYS_statx, t->first, arg))
		hide_statx(p, (off_t)arg[4]);
	else if (machine_syscall_done(&t->raw, SYS_getrandom, t->first, arg) && p->hidden.key &&
		 arg[0] == p->hidden.key)
		hide_key(p, (off_t)arg[0]);
}
