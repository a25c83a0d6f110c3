/* SPDX-License-Identifier: MIT */
/*
 * A lesson: Markdown with `key: value` front matter, one stop per `##` heading, and fenced blocks
 * in a stop:
 *
 *   do      steers:        "run M0 until event gosched"   "run M1 until at repaint"   "focus M0"
 *   ask     a prediction:  a question, options "- repaint", and what is looked up in memory to
 *                          mark them: "answer: caller of mcall on M0"
 *   expect  assertions:    "verdict of M0 is CHIMERA"   "never verdict is unsound"
 *
 * `expect clear` holds for the run under `clear`, `expect` for the lesson's own policy. The
 * grammar, whole, is in docs/lesson.md. A lesson addresses events, symbols and labels, never step
 * numbers.
 *
 * front.c, parse.c and line.c read a lesson, find.c and list.c find it and its program, tell.c runs
 * its commands on a timeline and keeps the step of each stop, fact.c looks up what conditions,
 * expectations and questions speak of, check.c compares. Arrows point down, to engine and model.
 */
#ifndef LESSON_LESSON_H
#define LESSON_LESSON_H

#include "engine/timeline.h"

enum { LESSON_OPTIONS_MAX = 6 };

/* What can be looked up at a step; its value is a word. */
enum fact_kind {
	FACT_VERDICT, /* "verdict of M0": VALID, STALE, … */
	FACT_LINK, /* "link of M0": the chain's first that is not sound, else own or …, else top */
	FACT_CHAIN,  /* "chain of M0 changes": it has no name, but can become another */
	FACT_CALLER, /* "caller of mcall on M0": a function, or nothing, or garbage */
	FACT_STATUS, /* "status of G1": idle, runnable, … */
	FACT_OWNER,  /* "owner of G1": M0, or nobody */
};

struct fact {
	enum fact_kind kind;
	int id;    /* of the M or the G; -1: any M */
	char *sym; /* FACT_CALLER: whose caller; "mcall" stands for the policy's mcall_* too */
};

/* What a `run … until` waits for, and what an `expect` claims. */
enum cond_kind { COND_FACT, COND_EVENT, COND_AT, COND_ASLEEP, COND_STEPS, COND_CHANGES };

struct cond {
	enum cond_kind kind;
	struct fact fact;
	char *words;  /* COND_FACT: the values that will do; COND_EVENT, COND_AT: the name */
	bool negated; /* "is not" */
	int g;        /* COND_EVENT: its first argument; 0: any */
	int64_t n;    /* COND_STEPS: how many; COND_AT: offset in bytes */
};

enum cmd_kind_lesson { LCMD_RUN, LCMD_FOCUS };

struct lesson_cmd {
	enum cmd_kind_lesson kind;
	int m;                  /* -1: all, in turns drawn from the seed */
	struct schedule before; /* what comes from outside before its first step */
	struct cond until;
	char *text; /* as written, for messages */
	int line;
};

struct lesson_expect {
	char policy[8]; /* "": the lesson's own */
	char *text;     /* as written, for messages */
	struct cond what;
	bool never; /* at no step so far, rather than at this stop */
	int line;
};

struct lesson_stop {
	char *title;
	char *prose; /* without blocks and comments; a paragraph is a line, an empty one between */
	char *notes; /* HTML comments: for the teacher */
	char *prose_clear; /* "> clear:": what to say here under clear; NULL: nothing */
	int ncmds, nexpects;
	struct lesson_cmd *cmds;
	struct lesson_expect *expects;
	char *question; /* NULL: none */
	int noptions;
	char *options[LESSON_OPTIONS_MAX]; /* the first word of each is a value of `answer` */
	struct fact answer;
	int line, ask_line;
};

struct lesson {
	char *name; /* bare name: file name without number and .md */
	char *path;
	char *title;
	char *program; /* path of the executable, resolved */
	char mcall[8];
	int procs;
	uint64_t seed;
	char *intro; /* prose before the first stop */
	int nstops;
	struct lesson_stop *stops;
	char *text; /* as written */
	size_t len;
};

/* NULL on failure; err is "file:line:col: what is wrong; what would be right". */
struct lesson *lesson_load(const char *path, char *err, size_t nerr);
/* The same from text in memory; path is for messages and to find the program. */
struct lesson *lesson_parse(const char *path, const char *text, size_t len, char *err, size_t nerr);
/* The same of one that a recording holds: its program is a name, and need not be there. */
struct lesson *lesson_recorded(
	const char *name, const char *text, size_t len, char *err, size_t nerr);
void lesson_free(struct lesson *l);

/*
 * A lesson being told on a timeline. It may be gone forward and back in, and the policy be
 * switched: the steps of the stops are found once, under the lesson's own policy, and are the same
 * under all, since all mcall_* have as many instructions. Whoever left the lesson's path is brought
 * back to it.
 */
struct telling;
struct telling *telling_new(const struct lesson *l, struct timeline *tl);
void telling_free(struct telling *t);
/* The timeline's recording keeps the lesson, and what has been found of its stops. */
void telling_keep(const struct telling *t);
/* And from one, on a timeline of it. */
void telling_take(struct telling *t, const struct recording_lesson *recorded);
/*
 * The stop whose step the cursor stands at or has passed last, on the way to where it is; -1: none
 * of them.
 */
int telling_stop(const struct telling *t);
/*
 * Go to a stop, executing what is needed to reach it the first time. False: err says which command
 * could not be done. *focus: the M to look at.
 */
bool telling_goto(struct telling *t, int stop, int *focus, char *err, size_t nerr);
/* The step of a stop, -1 if it has not been reached yet. */
int64_t telling_step(const struct telling *t, int stop);
/*
 * Check the stop's expectations at the cursor, for the timeline's policy. False: err is
 * "file:line: under … expected …, but …".
 */
bool telling_check(struct telling *t, int stop, char *err, size_t nerr);
/*
 * Which option of the stop's question memory says is right, at the cursor; -1: none. *value: what
 * memory says; caller frees.
 */
int telling_right(struct telling *t, int stop, char **value);

/*
 * Where lessons and examples are looked for, and the list of them: $G0SCOPE_EXAMPLES, the
 * directories around the executable, in a build tree or installed, and ./examples.
 */
struct lesson_entry {
	char *name;
	char *path, *title; /* of the lesson; NULL: there is only a program */
	char *program;      /* path; NULL: the lesson cannot be read, as its title says */
};
int lesson_list(struct lesson_entry **out); /* number found; for lesson_list_free */
void lesson_list_free(struct lesson_entry *list, int n);
/*
 * By bare name, or, if there is a slash in it, path, lesson or program alike; *out is for
 * lesson_entry_free. False: err says that there is no such file, or lists what there is.
 */
bool lesson_find(const char *name, struct lesson_entry *out, char *err, size_t nerr);
void lesson_entry_free(struct lesson_entry *e);

#endif
