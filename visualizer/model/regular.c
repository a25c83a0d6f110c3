/* SPDX-License-Identifier: MIT */
#include "regular.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *no_file(mode_t mode)
{
	return S_ISDIR(mode)    ? "it is a directory, not a file"
	       : S_ISFIFO(mode) ? "it is a pipe, not a file"
	       : S_ISSOCK(mode) ? "it is a socket, not a file"
				: "it is a device, not a file";
}

FILE *open_regular(const char *path, const char **why)
{
	struct stat st;
	/* Looked at before it is opened, since opening a device may do something. */
	int fd = -1;
	*why = NULL;
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		*why = no_file(st.st_mode);
	else
		fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "rb");
	if (!f && !*why)
		*why = strerror(errno);
	if (!f && fd >= 0)
		close(fd);
	return f;
}
