/* SPDX-License-Identifier: MIT */
/*
 * ring - Gs in a circle, each with a channel to the next. A number goes around; each G adds
 * one.
 *
 * The argument is the number of Gs; without one, 5. Try 10000, or a million: most of a G that
 * waits is its stack, and of that only the pages it has touched.
 */
#include <stdlib.h>

#include "g0.h"

struct link {
	struct chan *in, *out;
};

static void add_one(void *arg)
{
	struct link *l = arg;
	int n;

	chanrecv(l->in, &n);
	n++;
	chansend(l->out, &n);
}

void go_main(void)
{
	const int gs = g0_argc > 1 ? atoi(g0_argv[1]) : 5;
	struct chan *first = makechan(sizeof(int), 0), *last = first;
	struct link *links = calloc((size_t)gs, sizeof *links);
	int n = 0;

	if (links == NULL)
		exit(1);
	for (int i = 0; i < gs; i++) {
		links[i] = (struct link){last, makechan(sizeof n, 0)};
		last = links[i].out;
		go(add_one, &links[i]);
	}
	chansend(first, &n);
	chanrecv(last, &n);
	free(links);
	g0_printf("%d Gs have added %d\n", gs, n);
}
