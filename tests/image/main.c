/* SPDX-License-Identifier: MIT */
/* The tests of visualizer/image. */
#include "image_tests.h"

#include <libgen.h>
#include <stdio.h>
#include <unistd.h>

bool find_program(const char *relative, char *path, size_t n)
{
	char here[2048];
	ssize_t len = readlink("/proc/self/exe", here, sizeof here - 1);
	here[len < 0 ? 0 : len] = '\0';
	const char *build = dirname(dirname(here));
	snprintf(path, n, "%s/%s", build, relative);
	if (access(path, X_OK) != 0)
		snprintf(path, n, "%s/../%s", build, relative);
	return access(path, X_OK) == 0;
}

int main(void)
{
	int failed = 0;
	failed += test_exclusives();
	failed += test_insn();
	failed += test_layout();
	failed += test_program();
	failed += test_sdt();
	failed += test_variables();
	return failed != 0;
}
