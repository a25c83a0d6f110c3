/* SPDX-License-Identifier: MIT */
/* What the stepped process writes to its standard output and error, a pipe that ends here. */
#include <stddef.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "live_threads.h"
#include "model/xalloc.h"

/* Whether it is the pipe that the program was told of. */
static bool is_output(const struct process *p, dev_t dev, ino_t ino)
{
	struct stat st;
	return fstat(p->output_fd, &st) == 0 && st.st_dev == dev && st.st_ino == ino;
}

static void hide_stat(struct process *p, off_t at)
{
	struct stat st;
	if (pread(p->mem_fd, &st, sizeof st, at) != sizeof st ||
		!is_output(p, st.st_dev, st.st_ino))
		return;
	st.st_ino = 1;
	st.st_atim = st.st_mtim = st.st_ctim = (struct timespec){0};
	if (pwrite(p->mem_fd, &st, sizeof st, at) != sizeof st)
		return; /* it has unmapped it: nobody will read it */
}

static void hide_statx(struct process *p, off_t at)
{
	struct statx st;
	if (pread(p->mem_fd, &st, sizeof st, at) != sizeof st ||
		!is_output(p, makedev(st.stx_dev_major, st.stx_dev_minor), st.stx_ino))
		return;
	st.stx_ino = 1;
	st.stx_atime = st.stx_btime = st.stx_ctime = st.stx_mtime = (struct statx_timestamp){0};
	if (pwrite(p->mem_fd, &st, sizeof st, at) != sizeof st)
		return;
}

/*
 * libc asks what it writes to before it first does, and what it is told stays on the stack: a
 * number that each pipe has for itself, and when it was made. Both are to be the same in every run.
 */
void output_hide(struct process *p, const struct thread *t)
{
	uint64_t arg[MACHINE_SYSCALL_ARGS];
	if (machine_syscall_done(&t->raw, SYS_fstat, arg))
		hide_stat(p, (off_t)arg[1]);
	else if (machine_syscall_done(&t->raw, SYS_newfstatat, arg))
		hide_stat(p, (off_t)arg[2]);
	else if (machine_syscall_done(&t->raw, SYS_statx, arg))
		hide_statx(p, (off_t)arg[4]);
}

void process_drain(struct process *p)
{
	for (;;) {
		p->output = xgrow(p->output, &p->output_cap, p->noutput + 4096, 1);
		ssize_t n = read(p->output_fd, p->output + p->noutput, p->output_cap - p->noutput);
		if (n <= 0)
			return;
		p->noutput += (size_t)n;
	}
}

void process_forget_output(struct process *p)
{
	p->noutput = 0;
}
