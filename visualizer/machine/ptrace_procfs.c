/* SPDX-License-Identifier: MIT */
#include "ptrace_procfs.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
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

/* A line of hexadecimal digits; 0 where there is none. */
static uint64_t mask_in(const char *text, const char *name)
{
	const char *line = strstr(text, name);
	return line ? strtoull(line + strlen(name), NULL, 16) : 0;
}

struct procfs_signals procfs_signals(int pid, int tid)
{
	char text[4096];
	snprintf(text, sizeof text, "/proc/%d/task/%d/status", pid, tid);
	int fd = open(text, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = '\0';
	return (struct procfs_signals){mask_in(text, "\nSigBlk:"), mask_in(text, "\nSigCgt:")};
}
