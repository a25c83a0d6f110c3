/* SPDX-License-Identifier: MIT */
/*
 * signals - what a program does is interrupted in the midst of a function, on a G and in C on g0,
 * and in a handler too. No clock says where: each writes to a page that cannot be written to until
 * the handler has seen to that.
 */
#include <signal.h>
#include <sys/mman.h>

#include "g0.h"

enum { PAGE = 4096, PAGES = 3 };

static char *pages;
static volatile int seen;

static void note(void)
{
	seen++;
}

static void touch(int page)
{
	pages[page * PAGE] = 1;
}

/* The first page is opened once the second one has been touched. */
static void open_page(int sig, siginfo_t *info, void *context)
{
	int page = (int)(((char *)info->si_addr - pages) / PAGE);

	(void)sig;
	(void)context;
	if (page == 0)
		touch(1);
	note();
	mprotect(pages + page * PAGE, PAGE, PROT_READ | PROT_WRITE);
}

static int32_t in_c(void *arg)
{
	touch(2);
	return arg != NULL;
}

void go_main(void)
{
	struct sigaction action = {.sa_sigaction = open_page, .sa_flags = SA_SIGINFO | SA_NODEFER};

	pages = mmap(NULL, PAGES * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	sigaction(SIGSEGV, &action, NULL);
	touch(0);
	cgocall(in_c, NULL);
	g0_printf("%d\n", seen);
}
