/* SPDX-License-Identifier: MIT */
#include "live_end.h"
#include "model/say.h"

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

/* What the kernel adds to some signals; of an address that can be none it does not say which. */
static void say_address(const siginfo_t *info, char *to, size_t n)
{
	*to = '\0';
	if (info->si_signo != SIGSEGV && info->si_signo != SIGBUS)
		return;
	if (info->si_code == SI_KERNEL)
		snprintf(to, n, ", by an address that no memory can have");
	else if (info->si_code > 0)
		snprintf(to, n, ", touching 0x%llx", (unsigned long long)(uintptr_t)info->si_addr);
}

/* "M1 was killed by SIGSEGV at work+0x10, touching 0x0". */
static void crashed(const struct live *lv, int signal, char *sentence, size_t n)
{
	const struct process *p = &lv->process;
	char name[32], at[SENTENCE_MAX], who[16], address[64];
	const struct thread *t = p->last_signalled;
	signal_name(signal, name, sizeof name);
	if (!t || p->last_signal.si_signo != signal) {
		say(sentence, n, "the program was killed by %s, %s", name,
			signal == SIGSYS ? "for a system call that its seccomp filter forbids"
					 : "from outside");
		return;
	}
	if (m_of(lv, t) >= 0)
		snprintf(who, sizeof who, "M%d", m_of(lv, t));
	else
		snprintf(who, sizeof who, "a thread");
	code_symbolize(image_table(lv->image), machine_pc(&t->raw), false, at, sizeof at);
	say_address(&p->last_signal, address, sizeof address);
	say(sentence, n, "%s was killed by %s at %s%s", who, name, at, address);
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

enum run_end end_of(const struct live *lv, char *sentence, size_t n)
{
	const struct process *p = &lv->process;
	if (!p->over && !all_asleep(p))
		return RUN_GOES_ON;
	if (!p->over) {
		say(sentence, n, "all Ms are asleep, and nobody is left who could wake one");
		return RUN_STUCK;
	}
	if (p->replaced) {
		say(sentence, n,
			"the program became another one (execve), which cannot be followed");
		return RUN_CRASHED;
	}
	if (WIFSIGNALED(p->status)) {
		crashed(lv, WTERMSIG(p->status), sentence, n);
		return RUN_CRASHED;
	}
	say(sentence, n, "the program ended with status %d", WEXITSTATUS(p->status));
	return RUN_EXITED;
}
