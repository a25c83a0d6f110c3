/* SPDX-License-Identifier: MIT */
/*
 * hog - G1 spins until it is told to stop, and calls nothing. G2, which will tell it, waits for
 * an M.
 *
 * With one P (G0_PROCS=1) the program ends because G1 is preempted: after 10 ms sysmon sends M0 a
 * signal, and the handler has G1 call asyncPreempt between two instructions of spin. Stepped, there
 * is no sysmon: it takes a second M, or a signal that the schedule sends (!M0).
 *
 * Watch: at full speed, the events preemptone and gopreempt (G0_TRACE=FILE); stepped, who has G2.
 */
#include <stdatomic.h>

#include "g0.h"

static _Atomic bool told;

static void tell(void *unused)
{
	(void)unused;
	told = true;
}

static void spin(void)
{
	while (!told)
		;
}

void go_main(void)
{
	go(tell, NULL);
	spin();
	g0_puts("G1 has been told to stop\n");
}
