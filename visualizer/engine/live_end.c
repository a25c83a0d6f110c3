/* SPDX-License-Identifier: MIT */
#include "live_end.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

static const char *signal_name(int signal, char *buf, size_t n)
{
	const char *abbreviation = sigabbrev_np(signal);
	snprintf(buf, n, abbreviation ? "SIG%s" : "signal %s%d", abbreviation ? abbreviation : "",
		signal);
	return buf;
}

static bool has_address(int signal)
{
	return signal == SIGSEGV || signal == SIGBUS || signal == SIGILL || signal == SIGFPE;
}

/* "M1 was killed by SIGSEGV at work+0x10 (it touched address 0x0)". */
static void crashed(
	const struct process *p, const struct code *code, int signal, char *sentence, size_t n)
{
	char name[32], at[128], who[16];
	const struct thread *t = p->last_signalled;
	signal_name(signal, name, sizeof name);
	if (!t || p->last_signal.si_signo != signal) {
		snprintf(sentence, n, "the program was killed by %s, from outside", name);
		return;
	}
	if (t->m >= 0)
		snprintf(who, sizeof who, "M%d", t->m);
	else
		snprintf(who, sizeof who, "a thread");
	code_symbolize(code, machine_pc(&t->raw), false, at, sizeof at);
	int used = snprintf(sentence, n, "%s was killed by %s at %s", who, name, at);
	if (has_address(signal) && used > 0 && (size_t)used < n)
		snprintf(sentence + used, n - (size_t)used, "%s0x%llx",
			signal == SIGSEGV || signal == SIGBUS ? ", touching " : ", at ",
			(unsigned long long)(uintptr_t)p->last_signal.si_addr);
}

/* Whether nobody can go on, and nobody is left to wake another. */
static bool all_asleep(const struct process *p)
{
	for (size_t i = 0; i < p->nthreads; i++) {
		const struct thread *t = p->threads[i];
		if (t->state == HELD || (t->state == ASLEEP && t->restless))
			return false;
	}
	return true;
}

enum run_end end_of(const struct process *p, const struct code *code, char *sentence, size_t n)
{
	if (!p->over && !all_asleep(p))
		return RUN_GOES_ON;
	if (!p->over) {
		snprintf(sentence, n, "all Ms are asleep, and nobody is left who could wake one");
		return RUN_STUCK;
	}
	if (p->replaced) {
		snprintf(sentence, n,
			"the program became another one (execve), which cannot be followed");
		return RUN_CRASHED;
	}
	if (WIFSIGNALED(p->status)) {
		crashed(p, code, WTERMSIG(p->status), sentence, n);
		return RUN_CRASHED;
	}
	snprintf(sentence, n, "the program ended with status %d", WEXITSTATUS(p->status));
	return RUN_EXITED;
}
