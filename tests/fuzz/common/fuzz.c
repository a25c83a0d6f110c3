/* SPDX-License-Identifier: MIT */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "model/text.h"

unsigned fuzz_taken;

void fuzz_require_at(const char *file, int line, bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "%s:%d: this does not hold: %s\n", file, line, what);
	abort();
}

/* ---- a file ---- */

static int fd = -1;

const char *fuzz_file(const void *p, size_t n)
{
	static char path[40];
	fd = memfd_create("fuzz", MFD_CLOEXEC);
	fuzz_require(fd >= 0);
	for (size_t at = 0; at < n;) {
		ssize_t put = write(fd, (const char *)p + at, n - at);
		fuzz_require(put > 0);
		at += (size_t)put;
	}
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	return path;
}

void fuzz_file_close(void)
{
	close(fd);
	fd = -1;
}

/* ---- text ---- */

void fuzz_sentence(const char *s)
{
	size_t n = s ? strlen(s) : 0;
	uint32_t ch;
	for (size_t at = 0; at < n;) {
		size_t len = utf8_next(s + at, n - at, &ch);
		fuzz_require(len > 0);
		fuzz_require(!utf8_is_hidden(ch));
		at += len;
	}
}

void fuzz_shown(const char *s, size_t n)
{
	char *once = text_shown(s, n), *twice = text_shown(once, strlen(once));
	fuzz_sentence(once);
	fuzz_require(strcmp(once, twice) == 0);
	free(once);
	free(twice);
}
