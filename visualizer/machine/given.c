/* SPDX-License-Identifier: MIT */
#include "given.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "model/policy.h"
#include "model/say.h"
#include "model/xalloc.h"

/*
 * Arguments, environment and the file's name lie above the first thread's stack, so that their size
 * decides where it begins. The same run is to have the same words on any shell, in any directory
 * and under any policy: the program is called by its bare name, and gets an environment that is as
 * large each time.
 */
char **given_arguments(const struct run_options *o)
{
	const char *slash = strrchr(o->program, '/');
	size_t n = 0;
	while (o->args && o->args[n])
		n++;
	char **argv = xcalloc(n + 2, sizeof *argv);
	argv[0] = (char *)(slash ? slash + 1 : o->program);
	for (size_t i = 0; i < n; i++)
		argv[i + 1] = o->args[i];
	return argv;
}

enum { OURS = 8 };

/*
 * What libc is not to use of a CPU that has it: the first that there were of each architecture have
 * none of it, and nor does the emulated one. So libc does the same on each.
 */
#define NEWER_FEATURES                                                                             \
	"-AVX_Fast_Unaligned_Load,-AVX,-AVX2,-AVX512F,-AVX512VL,-AVX512BW,-AVX512CD,-AVX512DQ,"    \
	"-BMI1,-BMI2,-ERMS,-FMA,-FMA4,-FSRM,-LZCNT,-MOVBE,-POPCNT,-RTM,-SSE4_1,-SSE4_2,-SSSE3,"    \
	"-XSAVE,-XSAVEC"

/*
 * What the runtime is told, in buf, and then nothing that matters up to the size; and whatever the
 * user adds. libc is told to keep no restartable sequences: the kernel would write the number of
 * the CPU into each thread's stack, and that is another in another run.
 */
char **given_environment(const struct run_options *o, char *buf)
{
	enum { LONGEST_POLICY = 8 };
	const char *policy = o->mcall ? o->mcall : policy_names[0];
	size_t n = 0, used = 0;
	while (o->env && o->env[n])
		n++;
	char **envp = xcalloc(OURS + n + 1, sizeof *envp), **to = envp;
	memset(buf, '.', GIVEN_ENVIRONMENT);
	/* First of all: libc keeps where it lies, which is to be the same under each policy. */
	*to++ = buf;
	used += sprintf(buf, "GLIBC_TUNABLES=glibc.pthread.rseq=0:"
			     "glibc.cpu.hwcaps=" NEWER_FEATURES) +
		1;
	*to++ = buf + used;
	used += sprintf(buf + used, "G0_MCALL=%s", policy) + 1;
	/*
	 * All that follows lies where it does under any policy: who looks for a name leaves pieces
	 * of others in vectors, by how they are aligned, and a signal writes those to a stack.
	 */
	*to++ = buf + used;
	used += sprintf(buf + used, "G0_PAD=%.*s", LONGEST_POLICY - (int)strlen(policy),
			"........") +
		1;
	*to++ = buf + used;
	used += sprintf(buf + used, "G0_PROCS=%d", o->procs > 0 ? o->procs : 2) + 1;
	*to++ = buf + used;
	used += sprintf(buf + used, "G0_SEED=%llu", (unsigned long long)o->seed) + 1;
	*to++ = buf + used;
	used += sprintf(buf + used, "G0_STEPPED=1") + 1;
	if (o->poison) {
		*to++ = buf + used;
		used += sprintf(buf + used, "G0_POISON=1") + 1;
	}
	*to++ = buf + used;
	assert(used + sizeof "G0_FILL=" <= GIVEN_ENVIRONMENT);
	memcpy(buf + used, "G0_FILL=", 8);
	buf[GIVEN_ENVIRONMENT - 1] = '\0';
	for (size_t i = 0; i < n; i++)
		*to++ = o->env[i];
	return envp;
}

void given_no_terminal(void)
{
	int error = errno;
	setpgid(0, 0);
	int tty = open("/dev/tty", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (tty >= 0) {
		ioctl(tty, TIOCNOTTY);
		close(tty);
	}
	errno = error;
}

static void on_time(int signal)
{
	(void)signal;
}

/*
 * A FIFO opens when somebody opens it to write; who does not come in time is not waited for. The
 * signal, which by default does nothing, is this thread's: another may be a view's.
 */
static int open_in_time(const char *path, int seconds)
{
	struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGURG};
	struct sigaction came = {.sa_handler = on_time}, was;
	struct itimerspec once = {.it_value = {.tv_sec = seconds}}, left;
	timer_t timer;
	int fd, why;
	event._sigev_un._tid = gettid();
	if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0)
		return -1;
	sigaction(SIGURG, &came, &was);
	timer_settime(timer, 0, &once, NULL);
	do {
		fd = open(path, O_RDONLY | O_CLOEXEC);
		why = errno;
		timer_gettime(timer, &left);
	} while (fd < 0 && why == EINTR && (left.it_value.tv_sec || left.it_value.tv_nsec));
	timer_delete(timer);
	sigaction(SIGURG, &was, NULL);
	errno = why;
	return fd;
}

/*
 * What the program reads: as given, or what we were. A file is opened once more, so that each run
 * begins where we did. The terminal is ours, and nobody could say what came from it another time.
 */
int given_input(const struct run_options *o, char *err, size_t nerr)
{
	enum { WATCHED_S = 3 }; /* where a user waits */
	struct stat st;
	int fd = -1;
	if (o->input) {
		fd = open_in_time(o->input, o->wait_s ? o->wait_s : WATCHED_S);
	} else if (isatty(0) || fstat(0, &st) != 0) {
		fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	} else {
		if (S_ISREG(st.st_mode))
			fd = open("/proc/self/fd/0", O_RDONLY | O_CLOEXEC);
		if (fd >= 0)
			lseek(fd, lseek(0, 0, SEEK_CUR), SEEK_SET);
		else
			fd = fcntl(0, F_DUPFD_CLOEXEC, 0);
	}
	if (fd < 0 && errno == EINTR)
		say(err, nerr,
			"nobody writes to %s, which is to be the program's input; have it "
			"opened before, or wait longer with --wait",
			o->input);
	else if (fd < 0)
		say(err, nerr, "cannot read %s, which is to be the program's input: %s",
			o->input ? o->input : "/dev/null", strerror(errno));
	return fd;
}

const char *given_remedy(int why)
{
	switch (why) {
	case EMFILE: return "256 open files are needed; raise the limit (ulimit -n)";
	case E2BIG:
		return "its arguments are too long for the limit on stacks; raise that (ulimit -s)";
	case ENOMEM: return "raise the limits on memory and on stacks (ulimit -v, ulimit -s)";
	case EFBIG: return "files may not be that large here; raise the limit (ulimit -f)";
	case EAGAIN:
		return "end some processes, or raise the limit on how many (ulimit -u; in a "
		       "container, --pids-limit)";
	default: return "is it complete, and built for this machine?";
	}
}
