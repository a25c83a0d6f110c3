/* SPDX-License-Identifier: MIT */
/*
 * The runtime's tests: a table a file, and the harness (main.c) that runs each test in a
 * process of its own, under each policy where that matters. A test passes when its function
 * returns; CHECK ends the process otherwise.
 */
#ifndef TESTS_SRC_TEST_H
#define TESTS_SRC_TEST_H

#include <stdbool.h>
#include <stdint.h>

struct test {
	const char *name; /* NULL ends a table */
	void (*run)(void);
	bool once;         /* the policy makes no difference: run it under clear only */
	const char *procs; /* G0_PROCS */
};

extern const struct test harness_tests[], queue_tests[], sched_tests[], chan_tests[],
	switch_tests[], walk_tests[], end_tests[], select_tests[], sync_tests[], syscall_tests[],
	trace_tests[], prof_tests[], time_tests[], time_end_tests[], lockedm_tests[], cgo_tests[],
	preempt_tests[], preempt_calls_tests[], overflow_tests[], foreign_tests[], misuse_tests[],
	process_tests[], malloc_tests[], prof_hand_tests[], story_tests[], broken_tests[],
	idle_tests[], foreign_calls_tests[], thread_end_tests[], misuse_late_tests[], file_tests[],
	layout_tests[];
/* Programs that tests start and watch (run_end). */
extern const struct test ends[], time_ends[], lockedm_ends[], cgo_ends[], preempt_ends[],
	overflow_ends[], foreign_ends[], misuse_ends[], process_ends[], prof_hand_ends[],
	story_ends[], broken_ends[], foreign_calls_ends[], foreign_faults_ends[], thread_ends[],
	misuse_late_ends[], file_ends[];

#define CHECK(cond)                                                                                \
	do {                                                                                       \
		if (!(cond))                                                                       \
			test_failed(__FILE__, __LINE__, #cond);                                    \
	} while (0)
_Noreturn void test_failed(const char *file, int line, const char *what);

/*
 * How often to do something that takes n turns at full speed: fewer under valgrind, a sanitizer
 * or G0_TEST_TURNS.
 */
int64_t turns(int64_t n);
/* Whether a tool watches that has its own idea of what a bad access means. */
bool watched(void);
/* Whether the runtime is as programs have it: under no sanitizer, of any kind, nor valgrind. */
bool plain(void);

/* How a process ended: its exit status, or 128 + the signal; and what it wrote. */
struct ending {
	int status;
	char out[2048], err[2048];
};

/* Run one of those programs with "NAME=VALUE" in its environment (NULL: nothing). */
struct ending run_end(const char *name, const char *env);

/*
 * The name of the function that an address lies in, from this program's own symbol table; "?"
 * if in none.
 */
const char *symbol(uintptr_t pc);

#endif
