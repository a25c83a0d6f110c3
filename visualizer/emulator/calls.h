/* SPDX-License-Identifier: MIT */
/*
 * System calls. Each gives its result, or -errno; or has its thread fall asleep, and gives it when
 * that is woken (sleep.h).
 */
#ifndef EMULATOR_CALLS_H
#define EMULATOR_CALLS_H

#include "guest.h"

/* The thread, which is on, stands behind a system call: do it. */
void calls_do(struct guest *g, struct guest_thread *t);
/* ---- for the files calls_*.c ---- */

/* What a descriptor stands for; NULL: it is none, or closed. */
struct guest_fd *fd_of(struct guest *g, uint64_t fd);
/* Whether a program may have memory there at all, as the kernel has it. */
bool fits(const struct guest *g, uint64_t at, uint64_t size);

typedef int64_t call_fn(struct guest *g, struct guest_thread *t, const uint64_t *args);

call_fn call_brk, call_mmap, call_munmap, call_mprotect, call_madvise; /* calls_memory.c */
call_fn call_clone, call_clone3, call_exit, call_exit_group, call_futex, call_gettid, call_getpid,
	call_set_tid_address, call_set_robust_list, call_sched_yield, call_sched_getaffinity,
	call_prlimit64, call_rseq; /* calls_thread.c */
call_fn call_read, call_write, call_writev, call_close, call_fstat, call_lseek, call_ioctl,
	call_access, call_faccessat, call_readlink, call_readlinkat, call_newfstatat, call_openat,
	call_pipe2;                                                               /* calls_file.c */
call_fn call_nanosleep, call_clock_gettime, call_clock_nanosleep, call_getrandom; /* calls_time.c */
call_fn call_rt_sigaction, call_rt_sigprocmask, call_rt_sigreturn, call_sigaltstack, call_kill,
	call_tgkill; /* calls_signal.c */

#endif
