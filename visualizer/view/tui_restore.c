/* SPDX-License-Identifier: MIT */
/*
 * Whatever ends g0scope, the terminal is put back and a sentence says what happened: a
 * signal from outside, be it which it may, a fault of g0scope's own, an abort in xalloc.
 * (SIGKILL leaves nobody to do it; the stepped program dies with it all the same, by
 * PTRACE_O_EXITKILL.) Ctrl-Z and fg are done by ncurses's own handler.
 *
 * A handler may call next to nothing. So what it will write is prepared while all is
 * well: the terminal's reset sequences through tputs, the modes by tcgetattr. It runs on
 * a stack of its own, since the stack may be what is broken. While that is not prepared,
 * or the terminal has been given back already, signals wait; a fault cannot.
 *
 * While the screen is ours, stderr is a file in memory: a library's warning or a
 * sanitizer's report must not be drawn over, nor lost. It is written out when the
 * terminal is back.
 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

#include "model/xalloc.h"
#include "tui.h"

enum { RESET_MAX = 512, ALT_STACK_SIZE = 64 * 1024 };

#define OWN_FAULT                                                                                  \
	" in g0scope itself, not in the program that it steps. The terminal is as it was.\n"       \
	"Please report it, with the keys that led here.\n"

/* Of these more can be said than their name. */
static const struct {
	int sig;
	const char *sentence;
} known[] = {
	{SIGINT, "g0scope: interrupted (SIGINT)\n"},
	{SIGTERM, "g0scope: told to end (SIGTERM); the program that it stepped has ended too\n"},
	{SIGHUP, "g0scope: the terminal has gone (SIGHUP)\n"},
	{SIGQUIT, "g0scope: told to end (SIGQUIT)\n"},
	{SIGSEGV, "g0scope: a fault (SIGSEGV)" OWN_FAULT},
	{SIGBUS, "g0scope: a fault (SIGBUS)" OWN_FAULT},
	{SIGFPE, "g0scope: a fault (SIGFPE)" OWN_FAULT},
	{SIGILL, "g0scope: a fault (SIGILL)" OWN_FAULT},
	{SIGABRT, "g0scope: an abort (SIGABRT)" OWN_FAULT},
};

static struct termios modes;
static char reset[RESET_MAX];
static volatile sig_atomic_t reset_len;
static int real_stderr = -1;
static struct sigaction old_actions[NSIG], old_cont;
static sigset_t outside; /* the signals that were blocked before us */
static stack_t alt_stack, old_stack;
static volatile sig_atomic_t interrupted;

/* ---- what handlers call: nothing but system calls ------------------------------------ */

static void write_all(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t k = write(fd, p, n);
		if (k < 0 && errno != EINTR)
			return;
		if (k > 0) {
			p += k;
			n -= (size_t)k;
		}
	}
}

/* Gives stderr back and writes to it what was held back meanwhile. */
static void release_stderr(void)
{
	char buf[4096];
	ssize_t n;
	int held = real_stderr < 0 ? -1 : dup(STDERR_FILENO);

	if (held < 0)
		return;
	dup2(real_stderr, STDERR_FILENO);
	lseek(held, 0, SEEK_SET);
	while ((n = read(held, buf, sizeof buf)) > 0)
		write_all(STDERR_FILENO, buf, (size_t)n);
	close(held);
	close(real_stderr);
	real_stderr = -1;
}

static void put(const char *words)
{
	write_all(STDERR_FILENO, words, strlen(words));
}

static void say_why(int sig)
{
	const char *name = sigabbrev_np(sig);
	char number[] = {(char)('0' + sig / 10), (char)('0' + sig % 10), 0};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (known[i].sig == sig) {
			put(known[i].sentence);
			return;
		}
	put("g0scope: ended by ");
	put(name ? "SIG" : "signal ");
	put(name ? name : number);
	put("; the program that it stepped has ended too\n");
}

/* Who was stopped and is told to end has no terminal: it is the shell's, and as it should be. */
static bool is_ours(void)
{
	return tcgetpgrp(STDIN_FILENO) == getpgrp();
}

/* All signals are blocked, so that another one, or the same again, waits for ever. */
static void on_fatal(int sig)
{
	sigset_t this;

	/* A key. But a second one, if nobody has looked at the first, is not. */
	if (sig == SIGINT && !interrupted) {
		interrupted = 1;
		return;
	}
	if (is_ours()) {
		/* Ctrl-S has stopped what is written, and us with it; only who stops can let go. */
		tcflow(STDOUT_FILENO, TCOOFF);
		tcflow(STDOUT_FILENO, TCOON);
		write_all(STDOUT_FILENO, reset, (size_t)reset_len);
		tcsetattr(STDIN_FILENO, TCSANOW, &modes);
	}
	release_stderr();
	say_why(sig);
	signal(sig, SIG_DFL);
	raise(sig);
	sigemptyset(&this);
	sigaddset(&this, sig);
	sigprocmask(SIG_UNBLOCK, &this, NULL);
}

/* While we were stopped the terminal may have changed its size without telling us. */
static void on_cont(int sig)
{
	(void)sig;
	raise(SIGWINCH);
}

/* ---- preparation ---------------------------------------------------------------------- */

/* Whether a signal ends a process that does not say otherwise, and can be caught. */
static bool is_fatal(int sig)
{
	switch (sig) {
	case SIGKILL: return false;
	case SIGCHLD:
	case SIGURG:
	case SIGWINCH: return false; /* ignored */
	case SIGCONT:
	case SIGSTOP:
	case SIGTSTP:
	case SIGTTIN:
	case SIGTTOU: return false; /* it stops, or goes on */
	}
	return sig <= SIGSYS || sig >= SIGRTMIN; /* those between are libc's own */
}

/* What a fault raises comes from the instruction that is being executed, and cannot wait. */
static bool is_fault(int sig)
{
	return sig == SIGSEGV || sig == SIGBUS || sig == SIGFPE || sig == SIGILL ||
	       sig == SIGTRAP || sig == SIGSYS || sig == SIGABRT;
}

void restore_hold(void)
{
	sigset_t held;

	sigemptyset(&held);
	for (int sig = 1; sig <= SIGRTMAX; sig++)
		if (is_fatal(sig) && !is_fault(sig))
			sigaddset(&held, sig);
	sigprocmask(SIG_BLOCK, &held, NULL);
}

static int reset_putc(int ch)
{
	if (reset_len < RESET_MAX)
		reset[reset_len++] = (char)ch;
	return ch;
}

static void reset_add(const char *capability)
{
	const char *s = tigetstr(capability);

	if (s && s != (char *)-1)
		tputs(s, 1, reset_putc);
}

void restore_prepare(void)
{
	const char *cup = tigetstr("cup");

	restore_hold();
	reset_len = 0;
	reset_add("sgr0");
	reset_add("op");
	reset_add("rmkx");
	/* Where there is no second screen to leave, the shell goes on below ours. */
	tputs(tiparm(cup, LINES - 1, 0), 1, reset_putc);
	reset_add("el");
	reset_add("rmcup");
	reset_add("cnorm");
	reset_putc('\r');
	sigprocmask(SIG_SETMASK, &outside, NULL);
}

static void hold_stderr(void)
{
	int held = memfd_create("g0scope-stderr", MFD_CLOEXEC);

	if (held < 0)
		return;
	real_stderr = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);
	if (real_stderr >= 0)
		dup2(held, STDERR_FILENO);
	close(held);
}

void restore_arm(void)
{
	struct sigaction sa = {.sa_handler = on_fatal, .sa_flags = SA_ONSTACK};
	struct sigaction cont = {.sa_handler = on_cont, .sa_flags = SA_RESTART};

	assert(real_stderr < 0); /* armed once, or what is put back is our own */
	sigfillset(&sa.sa_mask);
	sigprocmask(SIG_SETMASK, NULL, &outside);
	restore_hold();
	tcgetattr(STDIN_FILENO, &modes);
	reset_len = 0;
	hold_stderr();
	alt_stack = (stack_t){.ss_sp = xmalloc(ALT_STACK_SIZE), .ss_size = ALT_STACK_SIZE};
	sigaltstack(&alt_stack, &old_stack);
	for (int sig = 1; sig <= SIGRTMAX; sig++) {
		if (!is_fatal(sig))
			continue;
		sigaction(sig, NULL, &old_actions[sig]);
		/* What nohup and the like have switched off stays off. */
		if (old_actions[sig].sa_handler != SIG_IGN)
			sigaction(sig, &sa, NULL);
	}
	sigaction(SIGCONT, &cont, &old_cont);
}

void restore_disarm(void)
{
	for (int sig = 1; sig <= SIGRTMAX; sig++)
		if (is_fatal(sig))
			sigaction(sig, &old_actions[sig], NULL);
	sigaction(SIGCONT, &old_cont, NULL);
	sigaltstack(&old_stack, NULL);
	free(alt_stack.ss_sp);
	release_stderr();
	sigprocmask(SIG_SETMASK, &outside, NULL);
}

bool restore_interrupted(void)
{
	bool was = interrupted;

	interrupted = 0;
	return was;
}
