/* SPDX-License-Identifier: MIT */
/*
 * sieve - the prime sieve: a chain of Gs, one for each prime, that lets no multiple of it pass.
 * What comes out at the end is the next prime, and gets a G of its own.
 *
 * The argument is the number to go up to; without one, 7.
 *
 * Watch: each number walks down the chain from G to G, by goready through runnext. When the
 * numbers end, the close of the first channel does the same.
 */
#include <stdlib.h>

#include "g0.h"

struct filter {
	int prime;
	struct chan *in, *out;
};

static int limit = 7;

static void generate(void *out)
{
	for (int n = 2; n <= limit; n++)
		chansend(out, &n);
	chanclose(out);
}

/* Passes on what is no multiple of its prime. */
static void filter(void *arg)
{
	struct filter *f = arg;
	int n;

	while (chanrecv(f->in, &n))
		if (n % f->prime != 0)
			chansend(f->out, &n);
	chanclose(f->out);
	chanfree(f->in);
	free(f);
}

/* A filter behind in; returns what it passes on. */
static struct chan *addfilter(struct chan *in, int prime)
{
	struct filter *f = malloc(sizeof *f);

	if (f == NULL)
		exit(1);
	*f = (struct filter){prime, in, makechan(sizeof(int), 0)};
	in = f->out;
	go(filter, f);
	return in;
}

void go_main(void)
{
	struct chan *in = makechan(sizeof(int), 0);
	int prime;

	if (g0_argc > 1)
		limit = atoi(g0_argv[1]);
	go(generate, in);
	while (chanrecv(in, &prime)) {
		g0_printf("%d\n", prime);
		in = addfilter(in, prime);
	}
	chanfree(in);
}
