/* SPDX-License-Identifier: MIT */
#include "emulated_start.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "emulator/wire.h"
#include "given.h"
#include "model/say.h"
#include "model/xalloc.h"

/* Beside this program, or beside the folder that it is in, as tests are. */
bool emulated_path(char *path, size_t n)
{
	static const char *const from[] = {"", "/..", "/../.."};
	char here[2048];
	ssize_t len = readlink("/proc/self/exe", here, sizeof here - 1);
	here[len > 0 ? len : 0] = '\0';
	char *slash = strrchr(here, '/');
	if (slash)
		*slash = '\0';
	for (size_t i = 0; i < sizeof from / sizeof *from; i++) {
		snprintf(path, n, "%s%s/g0scope-emulator", here, from[i]);
		if (access(path, X_OK) == 0)
			return true;
	}
	return false;
}

/* ---- the child ---- */

enum { SOCKET_FD = 250, MEMORY_FD = 251 };

/* What it is given, under the numbers that it is told of. */
static bool hand_in(int input, int program, int memory, int socket)
{
	int nothing = open("/dev/null", O_RDWR);
	struct rlimit files;
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	return dup2(input, 0) >= 0 && dup2(nothing, 1) >= 0 && dup2(nothing, 2) >= 0 &&
	       dup2(socket, SOCKET_FD) >= 0 && dup2(memory, MEMORY_FD) >= 0 &&
	       dup2(program, PROGRAM_FD) >= 0;
}

/*
 * Become the emulator, or say why not in the memory that both have. What it has to say to anybody
 * it says there, too.
 */
_Noreturn static void become(struct wire *w, bool handed_in, char **command)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	given_no_terminal();
	if (handed_in)
		execv(*command, command);
	/* A number beyond the limit is not "bad". */
	int why = errno == EBADF ? EMFILE : errno;
	say(w->error, sizeof w->error, "g0scope-emulator cannot be started: %s; %s", strerror(why),
		given_remedy(why));
	_exit(127);
}

static size_t length(char *const *list)
{
	size_t n = 0;
	while (list[n])
		n++;
	return n;
}

/*
 * The emulator's own arguments, to be freed, as its main.c has them; the strings are ours. The
 * program's environment is among them: it is nothing that the emulator's libc should go by.
 */
enum { SERVE_LENGTH = 48 };
static char **command(char *path, char *serve, char *const *argv, char *const *envp)
{
	size_t nenv = length(envp), nargs = length(argv);
	char **list = xcalloc(3 + nenv + nargs + 1, sizeof *list);
	snprintf(serve, SERVE_LENGTH, "--serve=%d,%d,%zu", SOCKET_FD, MEMORY_FD, nenv);
	list[0] = path;
	list[1] = serve;
	/* The name that the real CPU's kernel has for it, too. */
	list[2] = (char *)"/dev/fd/255";
	memcpy(list + 3, envp, nenv * sizeof *list);
	memcpy(list + 3 + nenv, argv, nargs * sizeof *list);
	return list;
}

/* ---- begin and end ---- */

/* Memory for both, of which next to nothing is ever touched. */
static int make_memory(struct emulated_process *p)
{
	int fd = memfd_create("g0scope", MFD_CLOEXEC);
	if (fd < 0 || ftruncate(fd, (off_t)WIRE_SIZE) != 0)
		return fd;
	void *at = mmap(NULL, WIRE_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, fd, 0);
	p->memory = at == MAP_FAILED ? NULL : at;
	return fd;
}

static bool start(struct emulated_process *p, const struct run_options *o, int program, int input,
	char *err, size_t nerr)
{
	char path[4096], serve[SERVE_LENGTH], buf[GIVEN_ENVIRONMENT];
	const struct timeval moment = {.tv_sec = 1};
	int ends[2] = {-1, -1}, memory = make_memory(p);
	bool found = emulated_path(path, sizeof path);
	if (!found || !p->memory ||
		socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
		if (found)
			say(err, nerr, "no emulator for it: %s; %s", strerror(errno),
				given_remedy(errno));
		else
			say(err, nerr, "no emulator for it: it is not built");
		close(memory);
		return false;
	}
	char **argv = given_arguments(o), **envp = given_environment(o, buf);
	char **become_by = command(path, serve, argv, envp);
	int pid = fork();
	if (pid == 0)
		become(p->memory, hand_in(input, program, memory, ends[1]), become_by);
	if (pid < 0)
		say(err, nerr, "no new process: %s; %s", strerror(errno), given_remedy(errno));
	free(become_by);
	free(argv);
	free(envp);
	close(ends[1]);
	close(memory);
	setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &moment, sizeof moment);
	p->pid = pid > 0 ? pid : 0;
	p->socket = ends[0];
	return pid > 0;
}

/*
 * Whether an answer may still come, that has not come since then. What is asked for is bounded, by
 * some seconds; with a sanitizer in it, and beside other load, it has taken a minute. One that is
 * stuck is ended, so that it is not waited for again.
 */
static bool may_come(struct emulated_process *p, time_t since)
{
	enum { PATIENCE_S = 600, IN_A_HURRY_S = 10 };
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	bool hurry = p->hurry && *p->hurry;
	if (now.tv_sec - since <= (hurry ? IN_A_HURRY_S : PATIENCE_S))
		return true;
	kill(p->pid, SIGKILL);
	p->was_silent = true;
	return false;
}

/* The socket has it that nothing is waited for longer than a moment. */
static bool is_done(struct emulated_process *p)
{
	char byte;
	struct timespec since = {0};
	ssize_t n = read(p->socket, &byte, 1);
	if (n < 0)
		clock_gettime(CLOCK_MONOTONIC, &since);
	while (n < 0 && (errno == EINTR || errno == EAGAIN) && may_come(p, since.tv_sec))
		n = read(p->socket, &byte, 1);
	return n == 1;
}

/* Why there is no guest. */
static const char *why_not(const struct emulated_process *p, struct wire *w)
{
	w->error[sizeof w->error - 1] = '\0';
	if (*w->error)
		return w->error;
	if (p->was_silent)
		return "g0scope-emulator does not answer";
	if (w->version && w->version != WIRE_VERSION)
		return "g0scope-emulator is of another version; build it anew";
	return "g0scope-emulator has ended before it began; it may be allowed too little memory "
	       "(ulimit -d, -v), or not be what it is called: build it anew";
}

bool emulated_begin(
	struct emulated_process *p, const struct run_options *o, int fd, char *err, size_t nerr)
{
	*p = (struct emulated_process){.socket = -1, .hurry = o->hurry};
	int input = given_input(o, err, nerr);
	if (input < 0)
		return false;
	bool ok = start(p, o, fd, input, err, nerr);
	close(input);
	if (!ok)
		return false;
	struct wire *w = p->memory;
	ok = is_done(p);
	if (ok && !*w->error && w->version == WIRE_VERSION)
		return true;
	say(err, nerr, "cannot emulate %s: %s", o->program, why_not(p, w));
	return false;
}

bool emulated_answers(char *err, size_t nerr)
{
	/* Any program will do: it has begun to answer if it says that this is none for it. */
	static const atomic_bool hurry = true;
	const struct run_options o = {.program = "/proc/self/exe", .input = "/dev/null"};
	struct emulated_process p = {.socket = -1, .hurry = &hurry};
	int fd = open(o.program, O_RDONLY | O_CLOEXEC), input = given_input(&o, err, nerr);
	bool ok = input >= 0 && start(&p, &o, fd, input, err, nerr);
	close(fd);
	close(input);
	if (ok) {
		struct wire *w = p.memory;
		ok = is_done(&p) && w->version == WIRE_VERSION;
		if (!ok)
			say(err, nerr, "%s%s", why_not(&p, w),
				p.was_silent ? "; build it anew" : "");
	}
	emulated_end(&p);
	return ok;
}

bool emulated_ask(struct emulated_process *p, const void *request, size_t n)
{
	return send(p->socket, request, n, MSG_NOSIGNAL) == (ssize_t)n && is_done(p);
}

void emulated_end(struct emulated_process *p)
{
	if (p->socket >= 0)
		close(p->socket);
	if (p->pid > 0) {
		kill(p->pid, SIGKILL);
		waitpid(p->pid, NULL, 0);
	}
	if (p->memory)
		munmap(p->memory, WIRE_SIZE);
}
