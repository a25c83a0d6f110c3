/* SPDX-License-Identifier: MIT */
/*
 * The guest: a program, its memory, its threads, and the little of a kernel that they see. One
 * engine executes whichever thread is put on it; a thread that is not is a context, kept aside.
 *
 *   guest ─▶ cpu      executes instructions of one thread, and says why it stopped ─▶ engine
 *     ├────▶ sleep    threads in system calls, and who wakes them
 *     ├────▶ calls    what a system call does: calls_memory, calls_thread, calls_file, calls_time
 *     ├────▶ robust   locks of a thread that ends
 *     ├────▶ signals  handlers, their frames on the stack, and the way back
 *     ├────▶ kept     all of it as it was, to be there again ─▶ versions, of memory
 *     ├────▶ space    memory
 *     ├────▶ undo     what a failed instruction has written of it
 *     └────▶ isa      all that is another on another architecture: isa_amd64, isa_arm64 ─▶ changes
 *
 * Nothing here looks at the clock, the process id or the random numbers of this system: the same
 * program, run in the same order of threads, does the same.
 */
#ifndef EMULATOR_GUEST_H
#define EMULATOR_GUEST_H

#include "space.h"
#include "undo.h"

enum { GUEST_NREGS_MAX = 34, GUEST_ARGS = 6, GUEST_SIGNALS = 64, GUEST_PIPES = 64 };
enum { GUEST_FDS = 3 + 2 * GUEST_PIPES };

struct guest_isa;

/* Where in the kernel a thread sleeps. */
enum sleeps_in { AWAKE, IN_FUTEX, IN_SLEEP, IN_READ, IN_WRITE, IN_INPUT };

/* Signals that were sent and not taken yet, in their order. */
enum { GUEST_WAITING = 64 };
struct waiting {
	int n;
	struct {
		uint8_t number;
		int8_t code;
	} all[GUEST_WAITING];
};

/* A stack for handlers, as the kernel has it; size 0: none. */
struct alt_stack {
	uint64_t lo;
	int32_t flags, pad;
	uint64_t size;
};

/* The last thing that could not be done, as the CPU tells a kernel. */
struct guest_fault {
	uint64_t trap, error, address;
};

struct guest_thread {
	int id; /* as the program knows it: gettid */
	bool gone;
	uc_context *context; /* its registers, while it is not on the engine */
	uint64_t clear_tid;  /* 0, or where a 0 is written when it ends */
	uint64_t robust;     /* 0, or where the list of its locks is: robust.h */

	enum sleeps_in sleeps;
	bool woken; /* it has not come out of its system call yet, with this result */
	bool again; /* or rather makes the call once more */
	int64_t result;
	uint64_t wakes_at; /* the time at which it wakes by itself; NEVER */
	uint64_t rest;     /* IN_SLEEP: where what is left of the time goes, if it must hear of a
			    * signal; 0: nowhere */
	uint64_t futex;    /* IN_FUTEX: the word */
	uint32_t bits;     /* and which wakers it hears */
	int pipe;          /* IN_READ, IN_WRITE; -1: it writes to 1 or 2 */
	uint64_t written;  /* by the system call that it is in, to where not all went at once */
	uint64_t number;   /* of the system call that it is in, and what it was given */
	uint64_t args[GUEST_ARGS];
	uint64_t order; /* when it fell asleep: who did first is woken first */

	uint64_t mask; /* signals that it does not take now: bit n - 1 is signal n */
	struct waiting waiting;
	struct alt_stack alt;
	struct guest_fault fault;
	bool began;        /* it has been in the program's own code: serve.c */
	uint64_t first_sp; /* where it was born */
};
#define NEVER UINT64_MAX

/* A signal, as it is told to a handler. */
struct guest_signal {
	int number, code;
	uint64_t address; /* that could not be touched or executed; else 0 */
	uint8_t access;   /* how it was to be touched: PAGE_READ, PAGE_WRITE, PAGE_EXEC */
};

/* What the program has asked to be done at a signal. */
struct sigaction_of {
	uint64_t handler, flags, restorer, mask;
};

/* What a descriptor stands for, by its number. */
struct guest_fd {
	enum { FD_CLOSED, FD_INPUT, FD_OUTPUT, FD_READS, FD_WRITES } is;
	int n;          /* FD_OUTPUT: 1 or 2; FD_READS, FD_WRITES: the pipe */
	bool nonblocks; /* who would have to sleep is told so */
};

/* The bytes in a pipe, and whether it has an end to read, and one to write. */
struct guest_pipe {
	bool open[2];
	uint8_t *bytes;
	size_t n;
};

/* Why the engine stopped. */
enum stopped {
	NOT_STOPPED,
	STOPPED_COUNT,  /* it has executed as many as it should */
	STOPPED_CALL,   /* at a system call */
	STOPPED_SIGNAL, /* an instruction cannot be executed: signal, code and address say why */
};

struct guest {
	const struct guest_isa *isa;
	struct space space;
	struct guest_thread **threads;
	size_t nthreads, threads_cap;
	struct guest_thread *on; /* whose registers the engine has */
	uint64_t executed;       /* instructions, of all threads */
	uint64_t slept;          /* nanoseconds by which the time has jumped */
	uint64_t orders;         /* counts those that fell asleep */

	/* NULL: nobody. Asked before each instruction but the first whether to stop; told of each
	 * write before it happens. */
	struct guest_watch {
		bool (*is_there)(void *ctx, uint64_t pc);
		void (*wrote)(void *ctx, uint64_t addr, uint64_t n);
		void *ctx;
	} watch;

	/* What the engine is at; for cpu.c and its hooks. */
	int64_t left, first;
	int64_t accesses; /* to memory; when there are none left it stops as at the count */
	uint64_t last_pc;
	enum stopped stopped;
	bool is_refused; /* the engine is behind the instruction, and should be at it */
	struct guest_signal signal;
	struct undo undo;

	char *program;      /* where its file is; NULL: nowhere any more */
	uc_context *unused; /* registers as they are before there is a thread */
	struct mapping *heap, *arena;
	uint64_t below; /* nothing has been given away between here and the heap, but at hints */
	uint64_t heap_lo, heap_end;
	uint64_t trampoline; /* arm64: where a handler returns to */
	uint64_t random;
	uint64_t key; /* where libc's malloc has its secret, which is no secret here; 0: nowhere */
	struct sigaction_of actions[GUEST_SIGNALS + 1];
	struct waiting waiting; /* signals that no thread takes now */
	struct guest_fd fds[GUEST_FDS];
	struct guest_pipe pipes[GUEST_PIPES];

	/* All that was read of our own input, and how much of it the program has. */
	struct guest_input {
		uint8_t *bytes;
		size_t n, cap;
	} input;
	size_t input_at;

	/* Where goes what it writes to 1 and 2. */
	/* How many bytes it has taken, 0 where it will take more later; or -errno. */
	int64_t (*output)(void *ctx, int fd, const void *bytes, size_t n);
	void *output_ctx;

	bool ended;
	int status;     /* of exit_group, if ended_by is 0 */
	int ended_by;   /* the signal that ended it */
	char lacks[80]; /* what it asked for that is not here: see guest_lacks; "": all is */
};

/*
 * Load a program, with arguments and environment, up to its first instruction. Its memory lies in
 * a file that others look into, from there on; fd 0: in none. NULL, with a sentence in err, if it
 * cannot be executed here.
 */
struct guest *guest_open(const char *path, char *const *argv, char *const *envp, int fd,
	uint64_t from, char *err, size_t nerr);
void guest_close(struct guest *g);

/*
 * The program has asked for what is not here, as these words say. The first is kept, for what comes
 * later most often comes of it; and whether there was any other.
 */
void guest_lacks(struct guest *g, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A thread that was woken, and is on, comes out of its system call; or sleeps once more. */
void guest_come_out(struct guest *g, struct guest_thread *t);
/* Nanoseconds of the guest's clock: one an instruction, and what it has slept when all slept. */
static inline uint64_t guest_now(const struct guest *g)
{
	return g->executed + g->slept;
}
/*
 * Execute up to n instructions of a thread that is awake, fewer if it falls asleep, ends, comes
 * out of a system call or begins with a signal. How many.
 */
int64_t guest_run(struct guest *g, struct guest_thread *t, int64_t n);
/* All threads sleep: let the time go on to when the first wakes. False: none ever will. */
bool guest_wait(struct guest *g);

#endif
