/* SPDX-License-Identifier: MIT */
/* What recfile*.c have in common. */
#ifndef MODEL_RECFILE_PARTS_H
#define MODEL_RECFILE_PARTS_H

#include "addrmap.h"
#include "recfile.h"
#include "recording_parts.h"
#include "strpool.h"

/* ---- recfile_json.c ---- */
/* The file's header, and a run's, as JSON onto `out`. */
void put_header_json(struct bytes *out);
void put_run_json(struct bytes *out, const struct recording *r);
/* What a header is of. */
enum header { HEADER_OURS, HEADER_LATER, HEADER_NONE };
/* LATER: of that version, in words, which this g0scope cannot read. */
enum header get_header_json(const void *p, size_t n, char *version, size_t nversion);
/* False: it is of no run, or of one that cannot be shown. */
bool get_run_json(const void *p, size_t n, struct recording *r);

/* ---- recfile_strings.c ---- */
struct string_writer {
	struct addrmap seen; /* STRING_SEEN + number, by pointer: equal ones are held once */
};
struct string_reader {
	struct strpool pool;
	const char **seen; /* in order of appearance */
	size_t n, cap;
};
/* NULL: none. */
void string_put(struct string_writer *w, const char *s, struct bytes *out);
const char *string_get(struct string_reader *sr, struct reader *in);
void string_writer_free(struct string_writer *w);
void string_reader_free(struct string_reader *sr);

/* ---- recfile_code.c ---- */
/* Those of a table that are said: they are numbered anew, in the order in which they are. */
struct numbered {
	struct addrmap numbers; /* from 1 on, by that in the table and 1 */
	int *all;               /* and back */
	size_t n, cap, told;
};

/* Code as it is said frame by frame: how far, and which strings have been. */
struct code_writer {
	size_t lines, sources;
	struct string_writer strings, names; /* names: those of variables, with their types */
	struct numbered types, functions;
};
/* Up to so many, but what `told` has as well, if it is not NULL. */
void put_code(struct code_writer *w, const struct code *c, size_t lines, size_t sources,
	const struct code *told, struct bytes *out);
void code_writer_free(struct code_writer *w);

struct code_reader {
	struct string_reader strings, names;
	int types_before; /* so many types the table has of others, void aside */
};
/* False if it is damaged; what is before that is known all the same. */
bool get_code(struct code_reader *cr, struct reader in, struct code *c);
void code_reader_free(struct code_reader *cr);

/* ---- recfile_vars.c ---- */
/* A line is said: if a function begins with it, put_functions has that, unless it had it. */
void put_function_later(struct code_writer *w, const struct code *c, const struct code_line *l);
/* What is to be said of variables, with types; and back, where in->bad says what cannot be. */
void put_functions(struct code_writer *w, const struct variables *vs, struct bytes *out);
void get_functions(struct code_reader *cr, struct reader *in, struct variables *vs);
void numbered_free(struct numbered *list);

/* ---- recfile_lesson.c ---- */
/* With the first so many of its stops. */
void put_lesson(struct bytes *out, const struct recording_lesson *l, int nstops);
bool get_lesson(struct reader in, struct recording *r);

/* ---- recfile_bookmarks.c ---- */
void put_bookmarks(struct bytes *out, const struct recording *r);
/* Of a recording whose steps are known. */
bool get_bookmarks(struct reader in, struct recording *r);

/* ---- recfile_index.c ---- */
/* What there is of a run, in frames by their number in the file. */
struct file_frames {
	int run, lesson, bookmarks, end; /* -1: none */
	int before; /* the index of the run before in the file; -1: it is the first */
	int *code;
	size_t ncode, code_cap;
	size_t lines, sources; /* how many the first of these tells: what was known at step 0 */
};
/* A chunk as the index has it; behind it is its place in the directory. */
struct chunk_frames {
	int key, text, steps;  /* text -1: none */
	size_t lines, sources; /* how many were told before it */
};
void put_index(struct bytes *out, const struct recording *r, const struct file_frames *ff,
	const struct chunk_frames *at);
/*
 * And back, into the directory of a recording whose store has nframes frames, those of the file in
 * their order. False: it says what cannot be.
 */
bool get_index(struct reader in, struct recording *r, struct file_frames *ff, int nframes);

#endif
