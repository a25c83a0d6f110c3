/* SPDX-License-Identifier: MIT */
/* waitgroup.c - a counter, and Gs that wait until it is 0. */
#include "runtime.h"

/* The lock is what makes it safe to free the counter right after wgwait: see unlock. */
void wgadd(struct waitgroup *wg, int32_t n)
{
	struct gqueue waiters = {0};
	int64_t sum;

	if (wg == NULL)
		throw("wgadd: wg is NULL");
	lock(&wg->lock);
	sum = (int64_t)wg->n + n;
	if (sum < 0 || sum > INT32_MAX) {
		eprint("g0: %d and %d\n", wg->n, n);
		throw(sum < 0 ? "wgadd: the counter is negative"
			      : "wgadd: the counter is too large");
	}
	wg->n = (int32_t)sum;
	if (sum == 0) {
		waiters = wg->waiters;
		wg->waiters = (struct gqueue){0};
	}
	unlock(&wg->lock);
	goreadyall(&waiters);
	preemptlook();
}

void wgdone(struct waitgroup *wg)
{
	wgadd(wg, -1);
}

void wgwait(struct waitgroup *wg)
{
	if (wg == NULL)
		throw("wgwait: wg is NULL");
	lock(&wg->lock);
	if (wg->n != 0) {
		gqueueput(&wg->waiters, getg());
		gopark(parkunlock, &wg->lock, "waitgroup wait");
		return;
	}
	unlock(&wg->lock);
	preemptlook();
}
