/* SPDX-License-Identifier: MIT */
/*
 * mergesort - each half of the array is sorted by a G of its own, down to a few numbers; a
 * WaitGroup tells when both are done.
 *
 * The argument is how many numbers; without one, 8.
 *
 * Watch: the Gs of one level lie in one P's queue, and idle Ms steal them.
 */
#include <stdlib.h>
#include <string.h>

#include "g0.h"

enum { FEW = 2 };

struct part {
	unsigned *v, *spare; /* as long as v, for merging */
	long n;
	struct waitgroup *done;
};

static void merge(const struct part *p, long half)
{
	long a = 0, b = half;

	for (long i = 0; i < p->n; i++)
		p->spare[i] = b == p->n || (a < half && p->v[a] <= p->v[b]) ? p->v[a++] : p->v[b++];
	memcpy(p->v, p->spare, (size_t)p->n * sizeof *p->v);
}

static void insert(unsigned *v, long n)
{
	for (long i = 1; i < n; i++)
		for (long j = i; j > 0 && v[j - 1] > v[j]; j--) {
			unsigned x = v[j];
			v[j] = v[j - 1];
			v[j - 1] = x;
		}
}

static void sort(void *arg)
{
	struct part *p = arg;
	long half = p->n / 2;
	struct waitgroup done = {0};
	struct part left = {p->v, p->spare, half, &done};
	struct part right = {p->v + half, p->spare + half, p->n - half, &done};

	if (p->n <= FEW) {
		insert(p->v, p->n);
	} else {
		wgadd(&done, 2);
		go(sort, &left);
		go(sort, &right);
		wgwait(&done);
		merge(p, half);
	}
	wgdone(p->done);
}

void go_main(void)
{
	const long n = g0_argc > 1 ? atol(g0_argv[1]) : 8;
	struct waitgroup done = {0};
	struct part all = {
		calloc((size_t)n, sizeof *all.v), calloc((size_t)n, sizeof *all.v), n, &done};

	for (unsigned i = 0, x = 1; i < n; i++)
		all.v[i] = (x = x * 1664525 + 1013904223) >> 16;
	wgadd(&done, 1);
	sort(&all);
	for (long i = 1; i < n; i++)
		if (all.v[i - 1] > all.v[i])
			exit(1);
	free(all.v);
	free(all.spare);
	g0_printf("%ld numbers are in order\n", n);
}
