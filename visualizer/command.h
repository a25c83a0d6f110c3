/* SPDX-License-Identifier: MIT */
/* What the files of the commands share. */
#ifndef COMMAND_H
#define COMMAND_H

#include "model/say.h"
#include "options.h"

/* Say why it failed. Returns the exit status. */
int fail(const char *err);
/* The same where what an option names is one of the files that it comes from. */
int fail_over_itself(const char *option, const char *path);
/* The same of standard output, which did not take it all: errno says why, and is told at last. */
int fail_output(void);
/* Whether a recording that ends at step `last` has the one asked for; if not, it says so. */
bool has_step(const struct options *o, int64_t last);
/* " under keep"; "": under what is not known. Returns buf. */
char *under_words(const struct recording_info *info, char *buf, size_t n);
/* " (emulated arm64)", behind the name of what is executed; "": a real CPU does. Returns buf. */
char *emulated_words(const struct recording_info *info, char *buf, size_t n);
/* What is damaged at the end of a recording, a sentence a line. */
void print_damage(const struct recording *r, FILE *out);
/* NULL: the reason has been printed. What a damaged file has lost is said as well. */
struct recording *load_recording(const char *path);
/* g0scope info, verify, trim, diff. They return the exit status. */
int info(const struct options *o);
int verify(const struct options *o);
int trim(const struct options *o);
int diff(const struct options *o);
/* g0scope record. Returns the exit status; a signal that has ended it ends g0scope here. */
int record(const struct options *o);
/*
 * What export writes as asciicast: the pictures from where the session stands, which they move.
 * False: not all could be written, and errno says why.
 */
bool export_asciicast(const struct options *o, struct session *s, FILE *out);
/* For session.export_as. */
bool export_shown(struct session *s, const char *format, const char *path, char *err, size_t nerr);
/* g0scope export. Returns the exit status. */
int export_recording(const struct options *o);
/* g0scope doctor. Returns the exit status. */
int doctor(const struct options *o);

#endif
