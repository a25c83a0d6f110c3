/* SPDX-License-Identifier: MIT */
#include "ptrace_start.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "given.h"
#include "ptrace_arch.h"
#include "ptrace_inherit.h"
#include "model/say.h"
#include "model/xalloc.h"

/* ---- the child ---- */

/* Ends of the pipes between us: what it writes, the word to go, and why it could not. */
struct pipes {
	int output[2], go[2], error[2];
};

/* In the child: become the program, or say why not through the error pipe. */
_Noreturn static void become(
	int fd, int input, char **argv, char **envp, struct pipes *p, int parent)
{
	char go;
	/* Until the tracer has seized us it cannot take us along when it is killed. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	given_no_terminal();
	dup2(input, 0);
	dup2(p->output[1], 1);
	dup2(p->output[1], 2);
	if (read(p->go[0], &go, 1) != 1)
		_exit(1);
	inherit_fix();
	/* By its descriptor: the kernel then calls it /dev/fd/255, wherever it is. */
	if (fd != PROGRAM_FD)
		fd = dup3(fd, PROGRAM_FD, O_CLOEXEC);
	if (fd >= 0)
		fexecve(fd, argv, envp);
	/* A number beyond the limit is not "bad". */
	int why = errno == EBADF ? EMFILE : errno;
	if (write(p->error[1], &why, sizeof why) < 0)
		_exit(126);
	_exit(127);
}

/* ---- the tracer ---- */

static const char *remedy(void)
{
	char scope = '0';
	int fd = open("/proc/sys/kernel/yama/ptrace_scope", O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		if (read(fd, &scope, 1) != 1)
			scope = '0';
		close(fd);
	}
	if (scope == '3')
		return "kernel.yama.ptrace_scope is 3, which holds until the next boot";
	if (scope == '2')
		return "let it: sudo sysctl kernel.yama.ptrace_scope=1";
	return "in a container, start that with --cap-add=SYS_PTRACE (old ones: "
	       "--security-opt seccomp=unconfined too)";
}

/* Seize the child, which waits for the word to go. */
static bool seize(int pid, const char *program, char *err, size_t nerr)
{
	long options = PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE |
		       PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACEVFORKDONE |
		       PTRACE_O_TRACEEXEC;
	if (ptrace(PTRACE_SEIZE, pid, NULL, options) == 0)
		return true;
	say(err, nerr,
		"cannot step %s: this system does not allow ptrace (%s); %s; a recording can be "
		"replayed without",
		program, strerror(errno), remedy());
	return false;
}

/* Whether it stops in time, by whatever it has been made to. */
static bool stops(int pid)
{
	enum { TRIES = 200 }; /* a hundredth of a second each */
	int status = 0, got = 0;
	for (int i = 0; i < TRIES && (got = waitpid(pid, &status, __WALL | WNOHANG)) == 0; i++)
		usleep(10000);
	return got == pid && WIFSTOPPED(status);
}

/* One instruction of a process that does nothing but execute some. */
static bool steps(int pid)
{
	machine_regs regs;
	return ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) == 0 && stops(pid) &&
	       ptrace(PTRACE_SINGLESTEP, pid, NULL, NULL) == 0 && stops(pid) &&
	       machine_get_regs(pid, &regs);
}

bool start_is_allowed(char *err, size_t nerr)
{
	int parent = getpid(), pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (volatile int i = 0; getppid() == parent; i++)
			;
		_exit(1);
	}
	bool seized = pid > 0 && ptrace(PTRACE_SEIZE, pid, NULL, 0) == 0;
	int why = errno;
	bool ok = seized && steps(pid);
	if (pid < 0)
		say(err, nerr, "no new process: %s; %s", strerror(why), given_remedy(why));
	else if (!seized)
		say(err, nerr, "this system does not allow ptrace (%s); %s", strerror(why),
			remedy());
	else if (!ok)
		say(err, nerr,
			"this system has ptrace, but a process is not stepped by it; is it "
			"emulated itself?");
	if (pid > 0) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, __WALL);
	}
	return ok;
}

/* Let it execute the program, up to before the first instruction. */
static bool await_exec(int pid, struct pipes *p, const char *program, char *err, size_t nerr)
{
	int status, why = 0;
	if (write(p->go[1], "", 1) != 1)
		return false;
	while (waitpid(pid, &status, __WALL) < 0 && errno == EINTR)
		;
	if (WIFSTOPPED(status) && status >> 16 == PTRACE_EVENT_EXEC)
		return true;
	if (read(p->error[0], &why, sizeof why) == sizeof why)
		say(err, nerr, "cannot run %s: %s; %s", program, strerror(why), given_remedy(why));
	else
		say(err, nerr, "%s ended before it began; run it by itself to see why", program);
	return false;
}

/* Where the pairs lie that the kernel tells a program: behind its arguments and environment. */
static off_t find_auxv(int mem, off_t at)
{
	uint64_t word;
	for (int ends = 0; ends < 2; ends += word == 0)
		if (pread(mem, &word, sizeof word, at += sizeof word) != sizeof word)
			return -1;
	return at + (off_t)sizeof word;
}

/* Those that a program is to be told: how many, and how many others there were. */
static size_t choose_auxv(int mem, off_t at, Elf64_auxv_t *aux, size_t max, size_t *others)
{
	size_t n = 0;
	*others = 0;
	for (; n < max && pread(mem, &aux[n], sizeof *aux, at) == sizeof *aux; at += sizeof *aux) {
		if (aux[n].a_type == AT_RANDOM &&
			pwrite(mem, "sixteen, always.", 16, (off_t)aux[n].a_un.a_val) < 0)
			break;
		if (aux[n].a_type == AT_NULL)
			return n + 1;
		bool told = machine_tells(&aux[n].a_type, &aux[n].a_un.a_val);
		*(told ? &n : others) += 1;
	}
	return 0;
}

/* What lies from SP up to the pairs goes up by as much as they have become fewer. */
static bool move_up(int pid, int mem, machine_regs *regs, off_t auxv, size_t by)
{
	off_t sp = (off_t)machine_sp(regs);
	size_t n = (size_t)(auxv - sp);
	char *block = xmalloc(n);
	bool ok = pread(mem, block, n, sp) == (ssize_t)n &&
		  pwrite(mem, block, n, sp + (off_t)by) == (ssize_t)n;
	machine_set_sp(regs, (uint64_t)sp + by);
	free(block);
	return ok && machine_set_regs(pid, regs);
}

/*
 * Among what the kernel tells are 16 random bytes (libc's stack canary is made of them): always the
 * same ones. And what is another on another computer, or under another kernel.
 */
static void fix_auxv(int pid)
{
	enum { MAX = 64 };
	char path[64];
	Elf64_auxv_t aux[MAX];
	machine_regs regs = {0};
	size_t others = 0;
	snprintf(path, sizeof path, "/proc/%d/mem", pid);
	int mem = open(path, O_RDWR | O_CLOEXEC);
	machine_get_regs(pid, &regs);
	off_t at = find_auxv(mem, (off_t)machine_sp(&regs));
	size_t n = at < 0 ? 0 : choose_auxv(mem, at, aux, MAX, &others);
	off_t by = (off_t)(others * sizeof *aux);
	bool ok = n && (!others || move_up(pid, mem, &regs, at, (size_t)by));
	if (ok && pwrite(mem, aux, n * sizeof *aux, at + by) < 0)
		kill(pid, SIGKILL); /* it would be told nonsense */
	close(mem);
}

static void close_pipes(struct pipes *p)
{
	close(p->output[1]);
	close(p->go[0]);
	close(p->go[1]);
	close(p->error[0]);
	close(p->error[1]);
}

static bool open_pipes(struct pipes *p, char *err, size_t nerr)
{
	if (pipe2(p->output, O_CLOEXEC) == 0 && pipe2(p->go, O_CLOEXEC) == 0 &&
		pipe2(p->error, O_CLOEXEC) == 0)
		return true;
	say(err, nerr, "no pipe to the program: %s; %s", strerror(errno), given_remedy(errno));
	return false;
}

/* Fork; the child waits for the word to go. -1, with a sentence in err. */
static int fork_child(
	const struct run_options *o, int fd, int input, struct pipes *p, char *err, size_t nerr)
{
	int parent = getpid();
	char buf[GIVEN_ENVIRONMENT], **argv = given_arguments(o),
				     **envp = given_environment(o, buf);
	int pid = fork();
	if (pid == 0)
		become(fd, input, argv, envp, p, parent);
	if (pid < 0)
		say(err, nerr, "no new process: %s; %s", strerror(errno), given_remedy(errno));
	free(argv);
	free(envp);
	return pid;
}

int start_traced(
	const struct run_options *o, int fd, int *output_fd, bool *denied, char *err, size_t nerr)
{
	struct pipes p;
	*denied = false;
	int input = given_input(o, err, nerr);
	if (input < 0 || !open_pipes(&p, err, nerr)) {
		close(input);
		return -1;
	}
	int pid = fork_child(o, fd, input, &p, err, nerr);
	close(input);
	bool ok = pid > 0 && seize(pid, o->program, err, nerr);
	*denied = pid > 0 && !ok;
	/* The child has its own ends by now; ours would keep the error pipe open. */
	close(p.error[1]);
	p.error[1] = -1;
	ok = ok && await_exec(pid, &p, o->program, err, nerr);
	close_pipes(&p);
	if (!ok) {
		if (pid > 0) {
			kill(pid, SIGKILL);
			waitpid(pid, NULL, __WALL);
		}
		close(p.output[0]);
		return -1;
	}
	fix_auxv(pid);
	fcntl(p.output[0], F_SETFL, O_NONBLOCK);
	*output_fd = p.output[0];
	return pid;
}
