/* SPDX-License-Identifier: MIT */
/*
 * become PROGRAM NAME=VALUE...: execute it as g0scope does (machine/ptrace_start.c), for gdb:
 * by descriptor, under its bare name, with this environment alone, and that limit on stacks.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { PROGRAM_FD = 255, STACK = 8 << 20 };

int main(int argc, char **argv)
{
	struct rlimit stack = {STACK, STACK};
	int fd = argc > 1 ? open(argv[1], O_RDONLY) : -1;
	if (fd < 0 || setrlimit(RLIMIT_STACK, &stack) != 0 || dup3(fd, PROGRAM_FD, O_CLOEXEC) < 0)
		return 1;
	const char *slash = strrchr(argv[1], '/');
	char *args[] = {(char *)(slash ? slash + 1 : argv[1]), NULL};
	fexecve(PROGRAM_FD, args, argv + 2);
	return 1;
}
