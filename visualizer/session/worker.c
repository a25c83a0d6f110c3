/* SPDX-License-Identifier: MIT */
/* A thread that executes for a view: one thing at a time, and a descriptor says when it is done. */
#include "worker.h"

#include <assert.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "model/xalloc.h"

/* Whatever the limit on stacks was when we were started. SPARE_SIZE: for handlers of signals. */
enum { STACK_SIZE = 2 << 20, SPARE_SIZE = 64 << 10 };

struct worker {
	pthread_t thread;
	pthread_mutex_t lock; /* of fn, ctx and leaves */
	pthread_cond_t given;
	void (*fn)(void *ctx); /* NULL: nothing to do */
	void *ctx;
	bool leaves;
	bool busy; /* as the view knows it; its own */
	int done_fd;
	atomic_bool stopped;
	_Atomic int64_t told;
};

/* What is to be done next. False: nothing any more. */
static bool take(struct worker *w, void (**fn)(void *ctx), void **ctx)
{
	pthread_mutex_lock(&w->lock);
	while (!w->fn && !w->leaves)
		pthread_cond_wait(&w->given, &w->lock);
	*fn = w->fn;
	*ctx = w->ctx;
	w->fn = NULL;
	pthread_mutex_unlock(&w->lock);
	return *fn != NULL;
}

static void say_done(const struct worker *w)
{
	uint64_t one = 1;
	while (write(w->done_fd, &one, sizeof one) < 0)
		;
}

static void *work(void *of)
{
	struct worker *w = of;
	void (*fn)(void *ctx);
	void *ctx;
	/* A stack that is full has no room to say so, and to give the terminal back. */
	stack_t spare = {.ss_sp = xmalloc(SPARE_SIZE), .ss_size = SPARE_SIZE};
	sigaltstack(&spare, NULL);
	while (take(w, &fn, &ctx)) {
		fn(ctx);
		say_done(w);
	}
	sigaltstack(&(stack_t){.ss_flags = SS_DISABLE}, NULL);
	free(spare.ss_sp);
	return NULL;
}

/*
 * Signals are the view's, but for those that a fault of the thread itself is told by, and those
 * that ends its waits (machine/ptrace_tick.h). SIGCHLD it asks for: no other thread may take that.
 */
static int start(struct worker *w)
{
	static const int own[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGURG};
	sigset_t most, was;
	sigfillset(&most);
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		sigdelset(&most, own[i]);
	pthread_sigmask(SIG_SETMASK, &most, &was);
	pthread_attr_t attr;
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_SIZE);
	int error = pthread_create(&w->thread, &attr, work, w);
	pthread_attr_destroy(&attr);
	sigaddset(&was, SIGCHLD);
	pthread_sigmask(SIG_SETMASK, &was, NULL);
	return error;
}

struct worker *worker_new(void)
{
	struct worker *w = xcalloc(1, sizeof *w);
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->given, NULL);
	w->done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (w->done_fd >= 0 && start(w) == 0)
		return w;
	if (w->done_fd >= 0)
		close(w->done_fd);
	free(w);
	return NULL;
}

void worker_free(struct worker *w)
{
	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	w->leaves = true;
	pthread_cond_signal(&w->given);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	pthread_cond_destroy(&w->given);
	pthread_mutex_destroy(&w->lock);
	close(w->done_fd);
	free(w);
}

void worker_begin(struct worker *w, void (*fn)(void *ctx), void *ctx)
{
	assert(!w->busy);
	w->stopped = false;
	w->told = 0;
	w->busy = true;
	pthread_mutex_lock(&w->lock);
	assert(!w->fn && !w->leaves);
	w->fn = fn;
	w->ctx = ctx;
	pthread_cond_signal(&w->given);
	pthread_mutex_unlock(&w->lock);
}

static int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000) + t.tv_nsec / 1000000;
}

bool worker_wait(struct worker *w, int ms)
{
	struct pollfd done = {.fd = w->done_fd, .events = POLLIN};
	int64_t end = now_ms() + ms, left = ms;
	uint64_t n;
	int got = 0;
	/* After a signal, which has been seen to, it goes on. */
	while (w->busy && (got = poll(&done, 1, (int)left)) < 0)
		left = ms < 0 ? ms : end > now_ms() ? end - now_ms() : 0;
	if (got > 0 && read(w->done_fd, &n, sizeof n) == sizeof n)
		w->busy = false;
	return !w->busy;
}

void worker_do(struct worker *w, void (*fn)(void *ctx), void *ctx)
{
	worker_begin(w, fn, ctx);
	worker_wait(w, -1);
}

int worker_fd(const struct worker *w)
{
	return w->done_fd;
}

void worker_stop(struct worker *w)
{
	w->stopped = true;
}

bool worker_is_stopped(const struct worker *w)
{
	return w->stopped;
}

const atomic_bool *worker_stopped_flag(const struct worker *w)
{
	return &w->stopped;
}

void worker_tell(struct worker *w, int64_t steps)
{
	assert(pthread_equal(pthread_self(), w->thread));
	w->told = steps;
}

int64_t worker_told(const struct worker *w)
{
	return w->told;
}
