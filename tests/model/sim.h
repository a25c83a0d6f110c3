/* SPDX-License-Identifier: MIT */
/*
 * A toy machine for the tests: amd64 enough to run prologues, epilogues, mcall and gogo
 * one instruction at a time, on stacks of its own, with unwind information as exact as
 * that of the real .S files. Every instruction goes into a recording, and whatever the
 * test wants to hold at every step is asked after it.
 *
 * All functions look the same: 16 bytes, the offsets below. They may do several calls
 * from the one call instruction.
 */
#ifndef TESTS_MODEL_SIM_H
#define TESTS_MODEL_SIM_H

#include "model/recording.h"
#include "model/snapmem.h"

/* Offsets of a plain function's instructions. */
enum { PUSH_BP = 0, MOV_BP = 1, SUB_SP = 4, CALL = 8, BODY = 13, LEAVE = 14, RET = 15 };
/* Of mcall_<policy> (and systemstack) after its prologue, and of gogo. */
enum { SAVE = 4, TAKE_G0 = 8, POLICY = 12, CALL_FN = 13, ROOT = 15 };
enum { LOAD_SP = 4, LOAD_BP = 8, JUMP = 12 };

enum { AX = 0, BP = 6, SP = 7, IP = 16 };

struct sim {
	struct snapmem k; /* the state now; the engine's view */
	struct code *code;
	struct recording *r; /* owns the code */
	struct cursor *cursor;
	const char *policy; /* "clear", "keep", "g0bp", "cycle" */
	struct word_write writes[4];
	int nwrites;
	void (*after)(struct sim *s, int m); /* called after every step of an M; may be NULL */
};

/*
 * M0 and M1 at mstart on their g0s with FP 0, G1 and G2 runnable, about to start in worker.
 * The recording is at step 0.
 */
struct sim *sim_new(const char *policy);
void sim_free(struct sim *s);

/* One instruction of an M, whatever stands at its pc. */
void sim_exec(struct sim *s, int m);
/* From a function's body: call another, up to its first instruction; or up to its body. */
void sim_call(struct sim *s, int m, const char *fn);
void sim_enter(struct sim *s, int m, const char *fn);
/* From the body back to the caller's body. */
void sim_leave(struct sim *s, int m);
/* From a G's body: mcall, up to fn's body on g0. */
void sim_mcall(struct sim *s, int m, const char *fn);
/* Wherever the M is, a signal comes, up to its handler's body. */
void sim_signal(struct sim *s, int m, const char *handler);
/* From a body on g0: execute and gogo, up to the first instruction after gogo. */
void sim_gogo(struct sim *s, int m, int g);
/* One step that changes a G's status and owner (-1: none). */
void sim_status(struct sim *s, int m, int g, enum g_status_model status, int owner);

/* Hold the stack that an address lies in down to it. */
void sim_hold(struct snapmem *k, uint64_t addr);

struct m_state *sim_m(struct sim *s, int m);
struct g_state *sim_g(struct sim *s, int g);
uint64_t sim_addr(const char *fn);
/* The chain of an M now, as "schedule gosched_m mcall_keep [foreign] …", judged. Static buffer. */
const char *sim_chain(struct sim *s, int m, struct answer *a);
/* The recording's view of the last step. */
const struct snapshot *sim_seen(struct sim *s);
void sim_judge(struct sim *s, int m, struct answer *a);
/* moment_departure at a step; valid until another state is looked at. */
const struct departure_chain *sim_departed(struct sim *s, int64_t step, int m);

#endif
