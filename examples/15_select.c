/* SPDX-License-Identifier: MIT */
/*
 * select - whichever comes first: numbers from two Gs, one of them with a channel that has room
 * for some; each closes its channel when it is done.
 *
 * Watch: G1 stands in the queues of both channels at once. Whoever takes it out of one, the
 * other does not get it any more.
 */
#include "g0.h"

enum { EACH = 3 };

static struct chan *odd, *even;

static void send_odd(void *arg)
{
	(void)arg;
	for (int n = 1; n < 2 * EACH; n += 2)
		chansend(odd, &n);
	chanclose(odd);
}

static void send_even(void *arg)
{
	(void)arg;
	for (int n = 2; n <= 2 * EACH; n += 2)
		chansend(even, &n);
	chanclose(even);
}

void go_main(void)
{
	int n, sum = 0, open = 2;
	struct scase cases[2] = {{.elem = &n}, {.elem = &n}};

	cases[0].c = odd = makechan(sizeof n, 0);
	cases[1].c = even = makechan(sizeof n, 2);
	go(send_odd, NULL);
	go(send_even, NULL);
	while (open > 0) {
		int i = selectgo(cases, 2, true);
		if (cases[i].ok)
			sum += n;
		else
			cases[i].c = NULL, open--; /* no longer asked */
	}
	chanfree(odd);
	chanfree(even);
	g0_printf("the sum is %d\n", sum);
}
