/* SPDX-License-Identifier: MIT */
/*
 * Instructions that fail: what is left of each, in memory and registers, and what is told of it.
 * The first argument says which: memory, leaps or refusals. What it prints is the same on any CPU,
 * real or emulated.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

#include "g0.h"
#include "faults.h"

enum { PAGE = 4096 };

static sigjmp_buf back;
static struct registers was;
static uintptr_t address;
static int number, code;

static void handler(int of, siginfo_t *info, void *context)
{
	number = of;
	code = info->si_code;
	was = registers_of(context);
	address = (uintptr_t)info->si_addr;
	siglongjmp(back, 1);
}

static void handle(void)
{
	static char stack[64 << 10];
	stack_t on = {.ss_sp = stack, .ss_size = sizeof stack};
	struct sigaction action = {
		.sa_sigaction = handler, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
	sigaltstack(&on, NULL);
	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGBUS, &action, NULL);
	sigaction(SIGILL, &action, NULL);
	sigaction(SIGTRAP, &action, NULL);
}

/* Two pages of ones, of which the second may be used like that; -1: it is none. */
static char *pages(int use)
{
	char *at = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memset(at, 1, 2 * PAGE);
	if (use < 0)
		munmap(at + PAGE, PAGE);
	else
		mprotect(at + PAGE, PAGE, use);
	return at;
}

static int ones(const char *from, const char *to)
{
	int n = 0;
	for (; from < to; from++)
		n += *from == 1;
	return n;
}

/* A store that should have changed nothing. */
static void store(const struct store *s, int use, const char *how)
{
	char *at = pages(use), *first = at + PAGE - s->before;
	if (sigsetjmp(back, 1) == 0)
		s->fn(first);
	if (use >= 0)
		mprotect(at + PAGE, PAGE, PROT_READ | PROT_WRITE);
	g0_printf("%s, %s, in page %d: %d of %d bytes as they were, SP moved by %d\n", s->name, how,
		(int)((address - (uintptr_t)at) / PAGE), ones(at, at + PAGE * (use < 0 ? 1 : 2)),
		PAGE * (use < 0 ? 1 : 2), s->moves_sp ? (int)(was.sp - (uintptr_t)first) : 0);
	munmap(at, 2 * PAGE);
}

static void memory(void)
{
	for (size_t i = 0; i < sizeof stores / sizeof *stores; i++) {
		store(&stores[i], PROT_READ, "read only");
		store(&stores[i], PROT_NONE, "not at all");
		store(&stores[i], -1, "nothing there");
	}
}

static void leap(const struct leap *l)
{
	/* Where SP is, for those that move it. */
	static _Alignas(16) char stack[256];
	uintptr_t *sp = (uintptr_t *)(stack + 128);
	memset(stack, 1, sizeof stack);
	*sp = NOWHERE;
	if (sigsetjmp(back, 1) == 0)
		l->fn(NOWHERE, sp);
	*sp = 0x0101010101010101;
	g0_printf("%s: at %s, address %d, SP moved by %d, %d of %d bytes as they were\n", l->name,
		was.pc == NOWHERE ? "the target" : "the instruction", (int)address,
		(int)(was.sp - (uintptr_t)sp), ones(stack, stack + sizeof stack),
		(int)sizeof stack);
}

/* Where it is told to be is said from its function on. */
static void refuse(const struct refusal *r)
{
	number = 0;
	if (sigsetjmp(back, 1) == 0)
		r->fn();
	intptr_t from = (intptr_t)r->fn, told = (intptr_t)address - from;
	g0_printf("%s: signal %d, code %d, ", r->name, number, code);
	if (told >= 0 && told < PAGE)
		g0_printf("of what is %d bytes in, ", (int)told);
	else
		g0_printf("address %d, ", (int)address);
	g0_printf("%d bytes in\n", (int)((intptr_t)was.pc - from));
}

void go_main(void)
{
	handle();
	if (g0_argc > 1 && strcmp(g0_argv[1], "memory") == 0)
		memory();
	for (size_t i = 0; g0_argc > 1 && strcmp(g0_argv[1], "leaps") == 0 && i < nleaps; i++)
		leap(&leaps[i]);
	for (size_t i = 0; g0_argc > 1 && strcmp(g0_argv[1], "refusals") == 0 && i < nrefusals; i++)
		refuse(&refusals[i]);
}
