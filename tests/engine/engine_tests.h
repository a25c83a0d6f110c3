/* SPDX-License-Identifier: MIT */
/* What the files of this test binary share. */
#ifndef TESTS_ENGINE_TESTS_H
#define TESTS_ENGINE_TESTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/drive.h"
#include "engine/stepper.h"
#include "engine/timeline.h"
#include "model/say.h"

/* Each file's group; returns the number of failures. */
int test_file(void);
int test_corrupted(void);
int test_memory(void);
int test_stepper(void);
int test_ends(void);
int test_same(void);
int test_run(void);
int test_timeline(void);
int test_poison(void);
int test_unruly(void);
int test_damage(void);
int test_noteless(void);
int test_parting(void);
int test_sides(void);
int test_toy(void);
int test_ahead(void);
int test_witness(void);
int test_kept_machine(void);
int test_outside(void);
int test_frame_vars(void);
int test_frame_vars_emulated(void);
int test_waits(void);
int test_flight(void);

/*
 * The path of an example, or of tests/engine/programs/subject and damage, as it was built
 * beside this binary. In static memory, which the fourth call from now on overwrites.
 */
const char *built(const char *relative);
const char *example(const char *name);
const char *subject(void);
const char *damage(void);

/*
 * Open a program; fails the test if that cannot be. mode: the subject's argument; NULL: none.
 */
struct timeline *open_program(const char *program, const char *mode, const char *policy);
/* With so many Ps, and not two. */
struct timeline *open_on(int procs, const char *program, const char *mode, const char *policy);
/* Setup and teardown of a group: open_program's programs are on an emulated CPU in it. */
int on_emulated(void **state);
int on_real(void **state);
/*
 * A program under keep, with an argument (NULL: none), where every step executed, or asked for, is
 * counted, and none is beyond *most (NULL: any may be).
 */
struct timeline *open_counted(const char *program, const char *mark, const int64_t *most);
extern int64_t steps_asked;
/* A stepper of a program under keep, and its end; fails the test if it cannot be opened. */
struct stepper *open_stepper(const char *program, char *const *args, int procs, bool by_emulator);
void close_stepper(struct stepper *st);
/* splitmix64: another number each time, and the same ones in each run. */
uint64_t draw(uint64_t *state);
/* Go over to another policy, at the same step; fails the test if that cannot be. */
void switch_to(struct timeline *tl, const char *policy);
/* To the next step from there on where M0 goes on, though M1 could; which one that is. */
int64_t fork_of(struct timeline *tl, int64_t from);
/* Execute a step of M m at the end; fails the test if that cannot be. */
void step(struct timeline *tl, int m);
/* Step M m till it stands in function sym; fails the test after 20,000 steps. */
void step_to(struct timeline *tl, int m, const char *sym);
/* Step M m till it stands at an event; fails the test likewise. */
void step_to_event(struct timeline *tl, int m, const char *event);
/* How many processes, zombies aside, have this among their arguments. */
int running_with(const char *argument);
/* End them all. */
void kill_with(const char *argument);
/* The function that M m stands in; "" if none. */
const char *function_of(struct timeline *tl, int m);
/* All that the program wrote, as a string, in static memory. */
const char *output_of(const struct timeline *tl);
/*
 * Whether anything that is shown differs between two snapshots: the first difference in
 * words, NULL if none.
 */
const char *snapshots_differ(const struct snapshot *a, const struct snapshot *b);

#endif
