/* SPDX-License-Identifier: MIT */
/*
 * What a program inherits from whoever starts it: made the same for every run, and what a plain
 * shell would give it; or, where that is not allowed and decides where its words lie, said.
 *
 *   descriptors   0, 1 and 2, and no other: neither ours nor the shell's
 *   signals       what each does by default; none blocked
 *   limits        soft ones as high as they may be, but 8 MiB of stack, 1024 files, no core file
 *   addresses     not random (personality)
 *
 * Arguments, environment and input are ptrace_start's. What says who runs it and where stays, and
 * moves no word: ids, directory, umask, priority, hard limits (but for that on stacks).
 */
#ifndef MACHINE_PTRACE_INHERIT_H
#define MACHINE_PTRACE_INHERIT_H

#include "run_options.h"

/* In the child, when it is traced and before it becomes the program: as far as it is allowed. */
void inherit_fix(void);
/*
 * Of the process that it has become: what does not hold, or does not reach it, as a sentence in
 * buf; "" if all does.
 */
void inherit_note(int pid, const struct run_options *o, char *buf, size_t n);

#endif
