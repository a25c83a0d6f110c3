/* SPDX-License-Identifier: MIT */
/* The command line: one table of commands and one of options, behind the parser and --help. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "export/export.h"
#include "view/view.h"

enum view_kind { VIEW_AUTO, VIEW_TUI, VIEW_SDL, VIEW_TEXT };

enum command {
	CMD_OPEN,
	CMD_RECORD,
	CMD_REPLAY,
	CMD_LESSONS,
	CMD_CHECK,
	CMD_DUMP,
	CMD_INFO,
	CMD_EXPORT,
	CMD_VERIFY,
	CMD_TRIM,
	CMD_DIFF,
	CMD_DOCTOR,
	CMD_COUNT
};

/* What export writes. */
enum export_format { FORMAT_NONE, FORMAT_TXT, FORMAT_CHROME, FORMAT_FOLDED, FORMAT_ASCIICAST };
/* How far it is from one picture to the next. */
enum grain { GRAIN_EVENT, GRAIN_LINE, GRAIN_INSN };

enum { OPTIONS_ENV_MAX = 32 };

struct options {
	enum command command;
	unsigned given; /* which options: bits, in the order of --help */
	char **names;   /* lesson, program or recording names; NULL-terminated */
	int nnames;
	struct run_options run;          /* mcall NULL, procs 0, seed 0 where not given */
	char *env[OPTIONS_ENV_MAX + 1];  /* what run.env points to */
	struct schedule turns;           /* what schedule points to */
	const struct schedule *schedule; /* NULL: not given */
	int64_t step;                    /* -1: not given */
	bool both;                       /* a lesson, on both architectures */
	int stop;                        /* a lesson's stop, from 1; 0: not given */
	int64_t limit;                   /* steps to execute at most; 0: not given */
	enum view_kind view;
	struct view_options look;
	bool json;
	struct export_more more; /* of dump */
	int64_t from, to;        /* -1: not given */
	const char *output;
	const char *twin; /* the policy that is recorded beside; NULL: not given */
	enum export_format format;
	enum grain grain;
};

/*
 * Parse into *o, which must stay where it is; or print what was wrong, or help or the version.
 * Returns -1 to go on, else the exit status (0 or 2). In either case options_free.
 */
int options_parse(struct options *o, int argc, char **argv);
/*
 * The first option given that says how a program is run; "": what follows -- ; NULL: none. A
 * recording has no use for it.
 */
const char *options_of_a_run(const struct options *o);
void options_free(struct options *o);

#endif
