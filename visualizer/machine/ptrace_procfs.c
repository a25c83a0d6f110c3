/* SPDX-License-Identifier: MIT */
#include "ptrace_procfs.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int procfs_open_state(int pid, int tid)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/task/%d/stat", pid, tid);
	return open(path, O_RDONLY | O_CLOEXEC);
}

char procfs_state(int fd)
{
	char text[128];
	ssize_t n = pread(fd, text, sizeof text - 1, 0);
	text[n > 0 ? n : 0] = '\0';
	/* "pid (name) state …", and the name may hold anything. */
	const char *name_end = strrchr(text, ')');
	return name_end && name_end[1] ? name_end[2] : 'X';
}
