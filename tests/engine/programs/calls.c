/* SPDX-License-Identifier: MIT */
/*
 * calls - what the kernel says to system calls that ask for the edge of what there is. Each line is
 * a call and its result; the emulated kernel's are to be the same. The first argument names a part.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "g0.h"
#include "said.h"

/* ---- memory ---- */

enum { PAGE = 4096, PAGES = 4, SIZE = PAGES * PAGE };
#define A ((char *)0x100000000)

static int through[2];

/* Which of the pages can be read, and written, as the kernel has it. */
static void show(const char *what, char *at)
{
	char c;
	printf("%s:", what);
	for (int i = 0; i < 2 * PAGES; i++) {
		bool reads = write(through[1], at + (ptrdiff_t)i * PAGE, 1) == 1;
		if (!reads && write(through[1], "", 1) != 1)
			return;
		bool writes = read(through[0], at + (ptrdiff_t)i * PAGE, 1) == 1;
		if (!writes && read(through[0], &c, 1) != 1)
			return;
		printf(" %s", writes ? "rw" : reads ? "r" : "-");
	}
	printf("\n");
}

static void *map(char *at, size_t size, int how)
{
	return mmap(at, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | how, -1, 0);
}

/* Two neighbours that were asked for one by one. */
static void two(void)
{
	map(A, SIZE, MAP_FIXED);
	map(A + SIZE, SIZE, MAP_FIXED);
	memset(A, 'a', (size_t)2 * SIZE);
}

static void over_two(void)
{
	two();
	SAID(munmap(A + SIZE - PAGE, (size_t)2 * PAGE));
	show("unmapped over both", A);
	SAID(mprotect(A, (size_t)2 * SIZE, PROT_READ));
	show("protected up to the hole", A);
	SAID(mprotect(A + SIZE, SIZE, PROT_READ));
	SAID(munmap(A, (size_t)2 * SIZE));
	show("unmapped with a hole", A);
	SAID(munmap(A, (size_t)2 * SIZE));
	two();
	SAID(mprotect(A + SIZE - PAGE, (size_t)2 * PAGE, PROT_READ));
	show("protected over both", A);
	SAID(mprotect(A, SIZE, PROT_WRITE));
	SAID(mprotect(A + SIZE, SIZE, PROT_EXEC));
	show("to be written, or executed", A);
	two();
	SAID(madvise(A + SIZE - PAGE, (size_t)2 * PAGE, MADV_DONTNEED));
	printf("zeros there: %d %d %d %d\n", A[SIZE - PAGE - 1], A[SIZE - PAGE], A[SIZE + PAGE - 1],
		A[SIZE + PAGE]);
	SAID(munmap(A + SIZE - PAGE, PAGE));
	SAID(madvise(A, (size_t)2 * SIZE, MADV_DONTNEED));
	printf("zeros there: %d %d\n", A[0], A[SIZE]);
	SAID(map(A, (size_t)2 * SIZE, MAP_FIXED) == A);
	show("mapped over both", A);
	SAID(map(A + SIZE, SIZE, MAP_FIXED_NOREPLACE) == MAP_FAILED ? -1 : 0);
	SAID(munmap(A, (size_t)2 * SIZE));
	SAID(map(A + PAGE, (size_t)SIZE, MAP_FIXED_NOREPLACE) == A + PAGE);
	SAID(munmap(A, (size_t)2 * SIZE));
	SAID(map(A + PAGE, (size_t)SIZE, 0) == A + PAGE);
	SAID(munmap(A, (size_t)2 * SIZE));
}

static void advise(const char *what, int kind)
{
	mmap(A, SIZE, PROT_READ | PROT_WRITE, kind | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	memset(A, 'a', SIZE);
	printf("%s\n", what);
	SAID(mprotect(A, PAGE, PROT_READ));
	SAID(madvise(A, (size_t)2 * PAGE, MADV_DONTNEED));
	printf("kept: %d %d %d\n", A[0], A[PAGE], A[SIZE - 1]);
	SAID(madvise(A + PAGE, PAGE, MADV_REMOVE));
	SAID(madvise(A + SIZE - PAGE, PAGE, MADV_DONTNEED_LOCKED));
	printf("kept: %d %d %d\n", A[0], A[PAGE], A[SIZE - 1]);
}

static void advised(void)
{
	advise("private", MAP_PRIVATE);
	advise("shared", MAP_SHARED);
	map(A, PAGE, MAP_FIXED);
	SAID(madvise(A, (size_t)2 * PAGE, MADV_DONTNEED));
	printf("of both kinds: %d %d\n", A[0], A[PAGE]);
	/* Not those of which each system may or may not know. */
	for (int advice = -1; advice < 8; advice++)
		said("an advice", madvise(A, PAGE, advice));
	SAID(munmap(A, SIZE));
}

/* The whole of all addresses is less than that. */
static void too_long(void)
{
	const size_t most = SIZE_MAX - PAGE + 1, half = SIZE_MAX / 2 + 1;
	two();
	SAID(munmap(A, 0));
	SAID(munmap(A, most));
	SAID(munmap(A, half));
	SAID(munmap(A, SIZE_MAX));
	SAID(munmap(A + 1, PAGE));
	SAID(munmap((void *)half, PAGE));
	SAID(mprotect(A, 0, PROT_READ));
	SAID(mprotect(A, most, PROT_READ));
	SAID(mprotect(A, SIZE_MAX, PROT_READ));
	SAID(mprotect(A + 1, PAGE, PROT_READ));
	SAID(mprotect(A, PAGE, 1 << 20));
	SAID(madvise(A, 0, MADV_DONTNEED));
	SAID(madvise(A, most, MADV_DONTNEED));
	SAID(madvise(A, SIZE_MAX, MADV_DONTNEED));
	SAID(madvise(A + 1, PAGE, MADV_DONTNEED));
	show("nothing has happened", A);
	SAID((long)map(NULL, 0, 0));
	SAID((long)map(NULL, most, 0));
	SAID((long)map(NULL, SIZE_MAX, 0));
	SAID((long)map((char *)(half / 2), PAGE, MAP_FIXED));
	SAID((long)map((char *)(SIZE_MAX - PAGE + 1), PAGE, MAP_FIXED));
	SAID((long)map(A + 1, PAGE, MAP_FIXED));
	SAID((long)mmap(A, PAGE, PROT_READ, MAP_ANONYMOUS, -1, 0));
	SAID((long)mmap(A, PAGE, PROT_READ, MAP_PRIVATE, -1, 0));
	SAID(munmap(A, (size_t)2 * SIZE));
}

static void memory(void)
{
	if (pipe2(through, 0) != 0)
		return;
	over_two();
	advised();
	too_long();
}

/* ---- descriptors ---- */

enum { MUCH = 200000 };
static char much[MUCH], got[MUCH];
static size_t ngot;

/* So that much has more room than there is. */
static void *read_all(void *from)
{
	ssize_t more;
	ngot = 0;
	while ((more = read(*(int *)from, got + ngot, sizeof got - ngot)) > 0)
		ngot += (size_t)more;
	return NULL;
}

static void fill(int how)
{
	pthread_t t;
	int fds[2];
	if (pipe2(fds, 0) != 0 || pthread_create(&t, NULL, read_all, fds) != 0)
		return;
	struct iovec pieces[] = {{much, MUCH / 2}, {much, 0}, {much + MUCH / 2, MUCH / 2}};
	SAID(how ? writev(fds[1], pieces, 3) : write(fds[1], much, MUCH));
	SAID(close(fds[1]));
	pthread_join(t, NULL);
	printf("read %zu, as they were: %d\n", ngot, memcmp(got, much, ngot) == 0);
	SAID(close(fds[0]));
}

static void not_blocking(void)
{
	int fds[2];
	char c;
	SAID(pipe2(fds, O_NONBLOCK | O_CLOEXEC));
	SAID(read(fds[0], &c, 1));
	SAID(read(fds[0], &c, 0));
	SAID(write(fds[1], much, MUCH));
	SAID(write(fds[1], much, MUCH));
	SAID(write(fds[1], much, 0));
	SAID(read(fds[0], much, PAGE));
	SAID(write(fds[1], much, PAGE));
	SAID(read(fds[1], &c, 1));
	SAID(write(fds[0], &c, 1));
	SAID(close(fds[1]));
	SAID(read(fds[0], much, MUCH));
	SAID(read(fds[0], much, MUCH));
	SAID(close(fds[0]));
	SAID(close(fds[0]));
	SAID(read(fds[0], &c, 1));
	SAID(lseek(fds[1], 0, SEEK_SET));
	SAID(ioctl(fds[1], TCGETS, much));
	SAID(pipe2(fds, 1));
	SAID(pipe2((int *)(uintptr_t)PAGE, 0));
	SAID(pipe2(fds, 0));
	SAID((long)mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fds[0], 0));
	SAID(ioctl(fds[1], TCGETS, much));
}

/* What is written of several places, and how much of it the pipe has. */
static void pieces(const char *what, void *at, size_t size, void *at2, size_t size2)
{
	const struct iovec two[] = {{at, size}, {at2, size2}};
	int fds[2];
	if (pipe2(fds, O_NONBLOCK) != 0)
		return;
	printf("%s\n", what);
	SAID(writev(fds[1], two, 2));
	SAID(read(fds[0], got, sizeof got));
	close(fds[0]);
	close(fds[1]);
}

/* As writev has it, and nothing else looks at what libc would look at. */
static long vector(int fd, const void *places, size_t n)
{
	return syscall(SYS_writev, fd, places, n);
}

static void vectors(void)
{
	struct iovec *edge = (struct iovec *)(A + PAGE) - 1;
	int fds[2];
	map(A, (size_t)2 * PAGE, MAP_FIXED);
	munmap(A + PAGE, PAGE);
	pieces("of which one is nowhere", much, 10, A + PAGE, 10);
	pieces("a page and more before it", much, PAGE + 10, A + PAGE, 10);
	pieces("over the end", A + PAGE - 10, PAGE + 10, much, 10);
	pieces("of negative length", much, 10, much, SIZE_MAX);
	pieces("longer than all memory", much, 10, much, SIZE_MAX / 2);
	pieces("where no program is", much, 10, (void *)(SIZE_MAX / 2), 1);
	pieces("and more than a call writes", A, SIZE_MAX >> 20, A, SIZE_MAX >> 20);
	pieces("nothing, nowhere", A + PAGE, 0, much, 10);
	SAID(pipe2(fds, O_NONBLOCK));
	*edge = (struct iovec){much, 10};
	SAID(vector(fds[1], edge, 1));
	SAID(vector(fds[1], edge, 2));
	SAID(vector(fds[1], A + PAGE, 0));
	SAID(vector(fds[1], A + PAGE, 1025));
	edge->iov_len = SIZE_MAX;
	SAID(vector(fds[1], edge, 2));
	SAID(vector(fds[1], edge, 1));
	SAID(vector(fds[0], edge, 1));
	SAID(vector(1000, A + PAGE, 1));
	SAID(write(fds[1], A + PAGE, 0));
	SAID(syscall(SYS_write, fds[1], much, SIZE_MAX));
	SAID(write(fds[1], A, SIZE_MAX >> 20));
	SAID(write(fds[1], (void *)SIZE_MAX, 0));
	SAID(read(fds[0], got, sizeof got));
	SAID(close(fds[0]));
	SAID(close(fds[1]));
}

/* More to the output than a pipe has room for. */
static void output(void)
{
	const struct iovec two[] = {{much, MUCH}, {much, MUCH}};
	memset(much, 'a', MUCH);
	long once = write(STDOUT_FILENO, much, MUCH), twice = writev(STDOUT_FILENO, two, 2);
	SAID(once);
	SAID(twice);
}

/* What is not taken is said: by the status, as there is nowhere to print. */
static void refused(void)
{
	exit(write(STDOUT_FILENO, "x", 1) < 0 ? errno : 0);
}

/* Those handed in are numbers like others; what is printed waits until the last is back. */
static void numbers(void)
{
	int a[2], b[2], all[4];
	char c = 'x';
	SAID(close(STDIN_FILENO));
	SAID(close(STDIN_FILENO));
	SAID(read(STDIN_FILENO, &c, 1));
	SAID(close(STDERR_FILENO));
	SAID(write(STDERR_FILENO, &c, 1));
	SAID(pipe2(a, 0));
	printf("the lowest: %d %d\n", a[0], a[1]);
	SAID(write(a[1], &c, 1));
	SAID(read(a[0], &c, 1));
	SAID(close(a[1]));
	SAID(pipe2(b, 0));
	printf("and again: %d %d\n", b[0], b[1]);
	SAID(read(-1, &c, 1));
	SAID(close(1000));
	memcpy(all, a, sizeof a);
	memcpy(all + 2, b, sizeof b);
	for (int i = 0; i < 4; i++)
		SAID(close(all[i]));
}

static void descriptors(void)
{
	memset(much, 'a', MUCH / 3);
	memset(much + MUCH / 3, 'b', MUCH / 3);
	setvbuf(stdout, NULL, _IOFBF, MUCH);
	fill(0);
	fill(1);
	not_blocking();
	numbers();
}

/* ---- files by their names ---- */

static void paths(void)
{
	static char far[2 * PAGE];
	struct stat st;
	char *edge = A + PAGE - 1;
	map(A, (size_t)2 * PAGE, MAP_FIXED);
	munmap(A + PAGE, PAGE);
	memset(far, '/', sizeof far - 1);
	*edge = '/';
	const char *const names[] = {edge, A + PAGE, far, ""};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		SAID(syscall(SYS_openat, AT_FDCWD, names[i], O_RDONLY));
		SAID(syscall(SYS_newfstatat, AT_FDCWD, names[i], &st, 0));
		SAID(syscall(SYS_faccessat, AT_FDCWD, names[i], F_OK));
		SAID(syscall(SYS_readlinkat, AT_FDCWD, names[i], far, 10));
	}
	SAID(syscall(SYS_newfstatat, 1, "", &st, AT_EMPTY_PATH));
	SAID(syscall(SYS_newfstatat, AT_FDCWD, "/proc/self/task", A + PAGE, 0));
	SAID(syscall(SYS_faccessat, AT_FDCWD, "/proc/self/task", R_OK));
	SAID(syscall(SYS_faccessat, AT_FDCWD, "/proc/self/exe", 8));
	SAID(syscall(SYS_readlinkat, AT_FDCWD, "/proc/self/task", far, 10));
	SAID(syscall(SYS_readlinkat, AT_FDCWD, "/proc/self/exe", far, 1));
	SAID(syscall(SYS_readlinkat, AT_FDCWD, "/proc/self/exe", far, 0));
	SAID(syscall(SYS_readlinkat, AT_FDCWD, "/proc/self/exe", far, -1));
	SAID(syscall(SYS_readlinkat, AT_FDCWD, "/proc/self/exe", A + PAGE, 10));
}

static void huge(void)
{
	SAID((long)map(NULL, (size_t)1 << 21, MAP_HUGETLB));
}

/* MAP_32BIT, where there is that. */
static void low(void)
{
	printf("%d\n", map(NULL, PAGE, 0x40) != MAP_FAILED);
}

/* Each of them asks for one that is not emulated. */
static void stats(void)
{
	struct stat st;
	SAID(stat("/etc/passwd", &st));
}

static void links(void)
{
	SAID(readlink("/etc/mtab", got, 10));
}

static void accesses(void)
{
	SAID(access("/etc/hosts", R_OK));
}

/* ---- what is slept at ---- */

static long futex(const void *word, int op, int value, const void *time, int bits)
{
	return syscall(SYS_futex, word, op, value, time, NULL, bits);
}

static void sleeping(void)
{
	static const struct timespec none, wrong = {.tv_nsec = 1000000000}, past = {.tv_sec = 1};
	static int word[2] = {1, 1};
	const char *odd = (const char *)word + 1;
	map(A, PAGE, MAP_FIXED);
	munmap(A, PAGE);
	SAID(futex(odd, FUTEX_WAIT, 1, &none, 0));
	SAID(futex(odd, FUTEX_WAKE, 1, NULL, 0));
	SAID(futex(word, FUTEX_WAIT, 0, NULL, 0));
	SAID(futex(word, FUTEX_WAIT, 0, A, 0));
	SAID(futex(word, FUTEX_WAIT, 0, &wrong, 0));
	SAID(futex(odd, FUTEX_WAIT, 0, &wrong, 0));
	SAID(futex(word, FUTEX_WAIT, 1, &none, 0));
	SAID(futex(A, FUTEX_WAIT, 1, &none, 0));
	SAID(futex(word, FUTEX_WAIT_BITSET, 1, &past, 0));
	SAID(futex(word, FUTEX_WAIT_BITSET, 1, &past, 1));
	SAID(futex(word, FUTEX_WAKE_BITSET, 1, NULL, 0));
	SAID(futex(word, FUTEX_WAKE_BITSET, 1, NULL, 1));
	SAID(futex(A, FUTEX_WAKE, 1, NULL, 0));
	SAID(futex(A, FUTEX_WAKE_BITSET, 1, NULL, 1));
	SAID(futex(A, FUTEX_WAKE_PRIVATE, 1, NULL, 0));
	SAID(futex((void *)(SIZE_MAX - 3), FUTEX_WAKE_PRIVATE, 1, NULL, 0));
	SAID(syscall(SYS_nanosleep, A, NULL));
	SAID(syscall(SYS_nanosleep, &wrong, NULL));
	for (int clock = CLOCK_REALTIME; clock <= CLOCK_BOOTTIME; clock++)
		said("sleep by a clock", syscall(SYS_clock_nanosleep, clock, 0, &none, NULL));
	for (unsigned flags = 0; flags <= 8; flags++)
		said("chance", syscall(SYS_getrandom, much, 1, flags));
	SAID(syscall(SYS_clock_gettime, 10, word));
	SAID(syscall(SYS_clock_gettime, 1000, word));
	SAID(syscall(SYS_clock_gettime, CLOCK_MONOTONIC, A));
}

/* ---- more than there is ---- */

static void *does_nothing(void *arg)
{
	return arg;
}

static void threads(void)
{
	enum { MANY = 300 };
	pthread_t t;
	int made = 0;
	while (made < MANY && pthread_create(&t, NULL, does_nothing, NULL) == 0) {
		pthread_join(t, NULL);
		made++;
	}
	printf("%s of them\n", made == MANY ? "all" : "some");
}

/* Of which nothing is touched but a page. */
static void room(void)
{
	for (int bits = 39; bits < 44; bits += 4) {
		char *at = map(NULL, (size_t)1 << bits, MAP_NORESERVE);
		if (at != MAP_FAILED)
			at[(size_t)1 << (bits - 1)] = 1;
		printf("%s\n", at == MAP_FAILED ? strerrorname_np(errno) : "all of it");
	}
}

/* Asks for what is not emulated, twice. */
static void lacking(void)
{
	getuid();
	getppid();
	abort();
}

/* ---- all of them ---- */

static const struct part parts[] = {{"memory", memory}, {"descriptors", descriptors},
	{"vectors", vectors}, {"paths", paths}, {"huge", huge}, {"low", low}, {"stats", stats},
	{"links", links}, {"accesses", accesses}, {"output", output}, {"refused", refused},
	{"sleeping", sleeping}, {"threads", threads}, {"room", room}, {"lacking", lacking}};

void go_main(void)
{
	run_part(parts, sizeof parts / sizeof *parts);
}
