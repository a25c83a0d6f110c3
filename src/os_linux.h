/* SPDX-License-Identifier: MIT */
/* os_linux.h - a system call with as many arguments as it takes, for the files os_linux*.c. */
#ifndef OS_LINUX_H
#define OS_LINUX_H

#include <sys/syscall.h>

#include "syscall.h"

#define SYSCALL(...) SYSCALL_OF(__VA_ARGS__, 0, 0, 0, 0, 0, 0)
#define SYSCALL_OF(number, a, b, c, d, e, f, ...) syscall6(number, a, b, c, d, e, f)

#endif
