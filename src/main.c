/* SPDX-License-Identifier: MIT */
/* main.c - how it all begins: this file is the table of contents of the runtime. */
#include "os.h"
#include "runtime.h"

int g0_argc;
char **g0_argv;
bool mainstarted;
mcall_policy_fn *mcall_policy = mcall_clear;

/* The commands for gdb travel with the program: gdb finds them in this section. 4: Python text. */
__asm__(".pushsection .debug_gdb_scripts, \"MS\", %progbits, 1\n\t"
	".byte 4\n\t"
	".ascii \"g0-gdb.py\\n\"\n\t"
	".incbin \"src/g0-gdb.py\"\n\t"
	".byte 0\n\t"
	".popsection");

/* G1: the program. */
static void runtime_main(void *unused)
{
	(void)unused;
	mainstarted = true;
	go_main();
	PROBE(exit, 0);
	goexitprocess(0);
}

static void schedinit(void)
{
	M *m0;

	osinit();                   /* the handlers for a stack that is run over, and SIGPIPE */
	traceinit();                /* the flight recorder, if it is wanted */
	profinit();                 /* the sampler, if it is wanted */
	mcall_policy = env_mcall(); /* what mcall does with the frame pointer */
	sched.seed = env_seed();    /* in which order thieves try other Ps */
	stackinit(env_stack());     /* how large stacks are */
	poisoning = env_poison();   /* whether dead ones are filled */
	timeinit();                 /* whose clock counts */
	sysmoninit();               /* whether anything may go by the clock */
	preemptinit();              /* the handler by which a G is made to yield */
	procinit(env_procs());      /* the Ps */
	m0 = allocm(stackalloc());  /* this thread's M */
	setg(m0->g0);               /* this thread counts as its g0, for the next lines */
	acquirep(pidleget());       /* M0 gets P0 */
}

int main(int argc, char **argv)
{
	g0_argc = argc;
	g0_argv = argv;
	schedinit();
	newproc(runtime_main, NULL); /* G1, into P0's queue */
	mstart(getg());              /* M0 begins to schedule, on g0's stack */
	throw("main: mstart returned");
}
