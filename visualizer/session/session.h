/* SPDX-License-Identifier: MIT */
/*
 * A session: one user, one program or recording, perhaps a lesson, and where they look. Every
 * view feeds it keys and draws the scene built from it; it knows no view.
 */
#ifndef SESSION_SESSION_H
#define SESSION_SESSION_H

#include "lesson/lesson.h"
#include "model/say.h"
#include "page.h"

enum action {
#define ACTION(id, keys, group, rank, hint, help) ACT_##id,
#include "action.def"
#undef ACTION
	ACT_COUNT
};

struct action_info {
	const char *id, *keys, *group;
	int rank;         /* in the key bar; 0: not there */
	const char *hint; /* there */
	const char *help;
};
extern const struct action_info actions[ACT_COUNT];

/*
 * What a user wants done. A key is an action by itself; a place on the screen, a wheel or a number
 * is one that is about something, or so often.
 */
struct act {
	enum action action;
	int id;           /* CHOOSE_M: which M; -1: it is not said which */
	int64_t count;    /* GOTO: to which step; SCROLL_*: how many rows; -1: it is not said */
	const char *text; /* what was typed for it; NULL: nothing was, it may be asked for */
};

/* Actions that something is typed for: prompt.def. The last one is ACT_COUNT's. */
struct prompt_info {
	enum action action;
	const char *before; /* what stands before what is typed */
	const char *what;   /* and may be typed */
};
const struct prompt_info *prompt_of(enum action a);

/* A forward, until its back: how, and which M was looked at, from where to where (travel.c). */
struct went {
	int way;
	int from_m, to_m;
	int64_t from;
	struct visit to;
};

/* A word that writes were looked for of, and where that led. */
struct word_sought {
	uint64_t addr;
	struct visit at;
};

struct session {
	struct timeline *tl;     /* owned */
	struct lesson *lesson;   /* owned; NULL: none */
	struct telling *telling; /* owned; NULL: none */
	int focus_m;             /* chosen; see session_m */
	enum page page;
	int scroll; /* rows, per stack */
	int pane;   /* which part is shown where not all fits; counts on after the last */
	bool show_registers;
	bool prompting;
	enum action asks;           /* what for, then */
	char prompt[256];           /* what has been typed of it */
	char message[SENTENCE_MAX]; /* what the last action has to say; "" nothing */
	bool message_is_error;
	char unmet[SENTENCE_MAX]; /* what is not as the lesson expects it here; "" nothing */
	bool quit;
	int run_limit;          /* steps after which a key no longer waits for an event or a line */
	int help_page;          /* counts on after the last, as pane */
	enum action done;       /* the last one; ACT_COUNT: none since a key that is none */
	struct run_options run; /* as the program was started; two strings owned */
	char *recording;        /* owned: the file that was opened; NULL: none was */
	struct went *went;      /* owned */
	int nwent;
	size_t went_cap;
	struct word_sought word;
	struct cond *until;  /* owned: what was looked for last; NULL: a word, or nothing yet */
	uint64_t typed_word; /* 0: none */
	uint64_t lot_seed;   /* of the turns drawn next */
	/* Writes what is shown to a file, in that format. False: err says why. NULL: nobody can. */
	bool (*export_as)(
		struct session *s, const char *format, const char *path, char *err, size_t nerr);
};

/*
 * name: lesson, program or recording. overrides: fields that are set (all but program) win over
 * the lesson's; NULL: none. schedule: what to execute at once, NULL nothing; where the program ends
 * before it does, the session is at that end, and its message says so. NULL on failure, with a
 * sentence in err.
 */
struct session *session_open(const char *name, const struct run_options *overrides,
	const struct schedule *schedule, char *err, size_t nerr);
/* The same of a recording, whatever its name. */
struct session *session_replay(
	const char *path, const struct schedule *schedule, char *err, size_t nerr);
/* Execute what a schedule says, from where the session stands. False: err says why. */
bool session_follow(struct session *s, const struct schedule *schedule, char *err, size_t nerr);
/*
 * Whether the program has ended, so that what was to be followed (a schedule, a lesson) could not
 * be; then words says so.
 */
bool session_cut_off(const struct session *s, char *words, size_t n);
/*
 * Look whether all holds that the lesson expects of the stop whose step the cursor is at. False:
 * unmet says what does not. Whoever goes anywhere but by an action has to ask for it.
 */
bool session_check(struct session *s);
/* A session on a timeline, which it owns from now on; lesson NULL or owned too. */
struct session *session_new(struct timeline *tl, struct lesson *lesson);
void session_close(struct session *s);
/*
 * Whether what a path names, by whichever of its names, is what the session comes from: recording,
 * lesson, program, its sources, or what it reads. It must not be written over.
 */
bool session_reads(const struct session *s, const char *path);

/*
 * To a lesson's stop, from 0, executing what is needed the first time. Under another policy
 * than the lesson's the stops are found under the lesson's own first and are the same steps.
 * False: err says why.
 */
bool session_goto_stop(struct session *s, int stop, char *err, size_t nerr);
/* Run along the same schedule under another policy, to the same step. False: err says why. */
bool session_set_policy(struct session *s, const char *policy, char *err, size_t nerr);

/*
 * Whether what is shown at the cursor, or at a step before it, is another than it was when the same
 * schedule was run before. The sentence that says so and where; "" if not.
 */
bool session_parted(const struct session *s, char *words, size_t n);

/*
 * A key by name: "Right", "PageDown", "Space", "C-l", "F1", "é"; anything unknown is answered
 * with a hint at help.
 */
void session_key(struct session *s, const char *key);
/* Whether a key only types: of what it does nothing is executed, and it takes no time. */
bool session_key_types(const struct session *s, const char *key);
/* The action whose key it is, by the table; ACT_COUNT: none's. */
enum action session_key_action(const char *key);
/*
 * What a view does to a session is this and nothing else; a key comes to one of these, too. (Those
 * above are for whoever goes through one without a user.)
 */
void session_act(struct session *s, struct act act);
/* The same of an action by itself. */
void session_do(struct session *s, enum action a);
/* What has come of an action that is the view's to do, such as SCREENSHOT: the message. */
void session_reply(struct session *s, bool error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The M looked at: the chosen one, or at a step where that is not there yet the first there is. */
int session_m(const struct session *s);

#endif
