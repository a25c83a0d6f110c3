/* SPDX-License-Identifier: MIT */
/*
 * damage - damages the runtime's own structs as its argument says, each in a function of its own,
 * goes on for a moment, and ends with status 7.
 */
#define _GNU_SOURCE /* mremap */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "g0.h"
#include "instructions.h"
#include "runtime.h"

enum { FAKES = 300, FAR = 8, MEGA = 1 << 20, PAGE = 4096 };

static G fake[FAKES], *list[FAKES];
static int nfakes;
static M fakem;
static volatile int sink;

static void spin(int n)
{
	for (int i = 0; i < n; i++)
		sink += i;
}

/* Memory that is there when it is touched, and only then. */
static char *memory(size_t n)
{
	return mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
		-1, 0);
}

/* n pointers, all the same. */
static void *all_the_same(void *p, size_t n)
{
	void **array = (void **)memory(n * sizeof *array);

	array[0] = p;
	for (size_t k = 1; k < n; k *= 2)
		memcpy(array + k, array, (k < n - k ? k : n - k) * sizeof *array);
	return array;
}

/* Gs that never were, with stacks that lie `apart`, each so large. */
static void make_fakes(int n, size_t apart, size_t size)
{
	char *stacks = memory((size_t)n * apart + size);

	for (int i = 0; i < n; i++) {
		fake[i].goid = 1000 + i;
		fake[i].stack.lo = (uintptr_t)stacks + (size_t)i * apart;
		fake[i].stack.hi = fake[i].stack.lo + size;
		list[i] = &fake[i];
	}
	nfakes = n;
}

static void use_fakes(void)
{
	allgs = list;
	allglen = nfakes;
}

/* ---- Gs ---- */

static void gs_again(void)
{
	G *g = allgs[0];

	allgs = all_the_same(g, 65536);
	allglen = 65536;
	for (int i = 0; i < 400; i++)
		g->sched.bp++;
}

static void gs_count(void)
{
	allglen = 100000;
}

static void gs_negative(void)
{
	allglen = -1;
}

static void gs_far(void)
{
	allgs = (G **)FAR;
}

static void gs_none(void)
{
	allgs = all_the_same(NULL, 512);
	allglen = 512;
}

/* One, then many, then one, then many: what they were must not be told each time. */
static void gs_turns(void)
{
	use_fakes();
	for (int i = 0; i < 1000; i++)
		allglen = i % 2 ? FAKES : 1;
}

/* The last of many Gs runs, and is no longer there. */
static void gs_fewer(void)
{
	use_fakes();
	allglen = 1;
	uintptr_t top = fake[FAKES - 1].stack.hi - 192;

	push_elsewhere(top);
}

static void g_goid(void)
{
	allgs[0]->goid = -5;
}

static void g_status(void)
{
	allgs[0]->atomicstatus = 77;
}

/* ---- stacks ---- */

static void stack_moved(void)
{
	allgs[0]->stack.hi = allgs[0]->stack.lo + 8 * MEGA;
}

static void stack_far(void)
{
	fake[0].stack = (struct stack){4096, 8192};
	use_fakes();
}

static void stack_shared(void)
{
	fake[0].stack = getg()->m->g0->stack;
	use_fakes();
}

/* More than is taken over has been written. And what is not is written on. */
static void stacks_full(void)
{
	uint64_t *word = (uint64_t *)fake[1].stack.hi - 1;

	use_fakes();
	*word = 2;
}

/* ---- Ms ---- */

static void ms_cycle(void)
{
	allm->alllink = allm;
}

static void ms_none(void)
{
	allm = NULL;
}

static void ms_far(void)
{
	allm->alllink = (M *)FAR;
}

static void m_id(void)
{
	allm->id = 7;
}

static void m_g0(void)
{
	allm->g0 = (G *)FAR;
}

static void m_spinning(void)
{
	memset(&allm->spinning, 77, sizeof allm->spinning);
	allm->id = 8;
}

static void m_curg(void)
{
	allm->curg = (G *)FAR;
}

static void nothing(void *unused)
{
	(void)unused;
}

/* A second M comes, and another is called that already. */
static void m_taken(void)
{
	fakem.id = 1;
	fakem.alllink = allm->alllink;
	allm->alllink = &fakem;
	go(nothing, NULL);
}

/* ---- Ps and queues ---- */

static void ps_again(void)
{
	allp = all_the_same(allp[0], 8192);
	gomaxprocs = 5000;
}

static void ps_far(void)
{
	allp = (P **)FAR;
}

static void p_ring(void)
{
	allp[0]->runqtail = allp[0]->runqhead + 1000;
}

static void p_ring_far(void)
{
	allp[0]->runq[allp[0]->runqtail % 256] = (G *)FAR;
	allp[0]->runqtail++;
}

static void queue_cycle(void)
{
	sched.runq.head = allgs[0];
	allgs[0]->schedlink = allgs[0];
}

static void queue_far(void)
{
	sched.runq.head = (G *)FAR;
}

/* ---- the arena ---- */

static void arena_next(void)
{
	arena.next = (uintptr_t)1 << 62;
}

static void arena_moved(void)
{
	arena.lo = (uintptr_t)1 << 46;
	arena.next = (uintptr_t)1 << 62;
}

static void arena_large(void)
{
	arena.next = arena.mapped = arena.hi = (uintptr_t)1 << 62;
}

/* ---- memory that is taken away ---- */

static void park(void *c)
{
	chanrecv(c, NULL);
}

/* G2, which sleeps. */
static G *sleeper(void)
{
	go(park, makechan(0, 0));
	gosched();
	return allgs[1];
}

/* The first and the last page that [lo, hi) has a part in, and all between. */
static void take_away(uintptr_t lo, uintptr_t hi)
{
	munmap((void *)(lo & -(uintptr_t)PAGE),
		((hi - 1) | (PAGE - 1)) + 1 - (lo & -(uintptr_t)PAGE));
}

static void no_stack(void)
{
	const G *gp = sleeper();

	take_away(gp->stack.lo, gp->stack.hi);
}

/* The lower part of its own, which it has no use for. */
static void no_own(void)
{
	take_away(getg()->stack.lo, getg()->stack.lo + PAGE);
}

__attribute__((noinline)) static void without_top(void)
{
	take_away(getg()->stack.hi - PAGE, getg()->stack.hi);
	spin(10);
	_exit(7);
}

/* The upper part, where its callers' frames are; and it goes on below. */
static void no_top(void)
{
	volatile char room[4 * PAGE];

	room[0] = 0;
	without_top();
	sink += room[0];
}

/* And it comes back. */
static void stack_away(void)
{
	const G *gp = sleeper();
	char *lo = (char *)gp->stack.lo, *there = memory(MEGA);
	size_t n = ((gp->stack.hi - 1) | (PAGE - 1)) + 1 - gp->stack.lo;

	mremap(lo, n, n, MREMAP_MAYMOVE | MREMAP_FIXED, there);
	spin(1);
	mremap(there, n, n, MREMAP_MAYMOVE | MREMAP_FIXED, lo);
}

static void no_g0(void)
{
	const G *g0 = getg()->m->g0;

	take_away(g0->stack.hi - 1, g0->stack.hi);
	_exit(7);
}

/* Many, of which the others cannot be in want: fakes. */
static void no_g(void)
{
	use_fakes();
	take_away((uintptr_t)&fake[FAKES / 2], (uintptr_t)&fake[FAKES / 2] + 1);
}

static void no_arena(void)
{
	take_away(arena.lo, arena.next);
}

static void no_data(void)
{
	take_away((uintptr_t)&sched, (uintptr_t)&sched + 1);
	_exit(7);
}

static void g_m(void)
{
	getg()->m = (M *)getg();
}

static void p_m(void)
{
	allp[0]->m = (M *)FAR;
}

/* clang-format off */
static const struct {
	const char *name;
	void (*damage)(void);
	int fakes;
	size_t apart, size; /* of the fakes' stacks */
} modes[] = {
	{"gs_again", gs_again, 0, 0, 0},
	{"gs_count", gs_count, 0, 0, 0},
	{"gs_negative", gs_negative, 0, 0, 0},
	{"gs_far", gs_far, 0, 0, 0},
	{"gs_none", gs_none, 0, 0, 0},
	{"gs_turns", gs_turns, FAKES, 8192, 8192},
	{"gs_fewer", gs_fewer, FAKES, 8192, 8192},
	{"g_goid", g_goid, 0, 0, 0},
	{"g_status", g_status, 0, 0, 0},
	{"stack_moved", stack_moved, 0, 0, 0},
	{"stack_far", stack_far, 1, 0, 0},
	{"stack_shared", stack_shared, 1, 0, 0},
	{"stack_upside_down", use_fakes, 1, 8192, -(size_t)4096},
	{"stack_odd", use_fakes, 1, 8192, 4097},
	{"stack_eight", use_fakes, 1, 8192, 8 * MEGA},
	{"stack_large", use_fakes, 1, 8192, 64 * MEGA},
	{"stacks_full", stacks_full, 2, 12 * MEGA, 12 * MEGA},
	{"stacks_overlap", use_fakes, FAKES, 4096, 8192},
	{"stacks_huge", use_fakes, FAKES, 16 * MEGA, 16 * MEGA},
	{"ms_cycle", ms_cycle, 0, 0, 0},
	{"ms_none", ms_none, 0, 0, 0},
	{"ms_far", ms_far, 0, 0, 0},
	{"m_id", m_id, 0, 0, 0},
	{"m_g0", m_g0, 0, 0, 0},
	{"m_spinning", m_spinning, 0, 0, 0},
	{"m_curg", m_curg, 0, 0, 0},
	{"m_taken", m_taken, 0, 0, 0},
	{"ps_again", ps_again, 0, 0, 0},
	{"ps_far", ps_far, 0, 0, 0},
	{"p_ring", p_ring, 0, 0, 0},
	{"p_ring_far", p_ring_far, 0, 0, 0},
	{"queue_cycle", queue_cycle, 0, 0, 0},
	{"queue_far", queue_far, 0, 0, 0},
	{"arena_next", arena_next, 0, 0, 0},
	{"arena_moved", arena_moved, 0, 0, 0},
	{"arena_large", arena_large, 0, 0, 0},
	{"no_stack", no_stack, 0, 0, 0},
	{"no_own", no_own, 0, 0, 0},
	{"no_top", no_top, 0, 0, 0},
	{"stack_away", stack_away, 0, 0, 0},
	{"no_g0", no_g0, 0, 0, 0},
	{"no_g", no_g, FAKES, 8192, 8192},
	{"no_arena", no_arena, 0, 0, 0},
	{"no_data", no_data, 0, 0, 0},
	{"g_m", g_m, 0, 0, 0},
	{"p_m", p_m, 0, 0, 0},
};
/* clang-format on */

static int mode_of(int argc, char **argv)
{
	int i = 0, n = sizeof modes / sizeof *modes;

	while (i < n && (argc < 2 || strcmp(argv[1], modes[i].name) != 0))
		i++;
	return i < n ? i : -1;
}

/* What makes the fakes is not to be stepped: it is long. */
__attribute__((constructor)) static void prepare(int argc, char **argv)
{
	int mode = mode_of(argc, argv);

	if (mode < 0 || modes[mode].fakes == 0)
		return;
	make_fakes(modes[mode].fakes, modes[mode].apart, modes[mode].size);
	if (modes[mode].damage == stacks_full)
		for (uint64_t *word = (uint64_t *)fake[0].stack.lo;
			word < (uint64_t *)fake[1].stack.hi; word++)
			*word = 1;
}

void go_main(void)
{
	int mode = mode_of(g0_argc, g0_argv);

	if (mode >= 0)
		modes[mode].damage();
	spin(10);
	_exit(7);
}
