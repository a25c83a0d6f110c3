/* SPDX-License-Identifier: MIT */
/*
 * Every file that g0scope writes, and the one way to write it. A name may stand for anything:
 * what is no regular file (a device, a pipe, what /dev/stdout is) is written to as it is, a
 * symbolic link is followed, and a file that is there keeps its mode, its owner and its other
 * names. A whole file is there whole or not at all; a recording, which grows under its own name,
 * is not (recfile_save.c). Errors are sentences with the name in front, or errno where it says so.
 */
#ifndef MODEL_OUTFILE_H
#define MODEL_OUTFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* These bytes become what path names. False: err says why, and what was there is as it was. */
bool outfile_write(const char *path, const void *p, size_t n, char *err, size_t nerr);
/* The same as a file that was not there before. False: errno, EEXIST where there is something. */
bool outfile_new(const char *path, const void *p, size_t n);

/*
 * The same of what is too much to have at once: written bit by bit to a stream, it becomes what
 * path names when it ends. Whatever ends us before, nothing has become of it, and nothing is left.
 * What is no regular file is written to at once. NULL: err says why.
 */
struct outfile;
struct outfile *outfile_begin(const char *path, char *err, size_t nerr);
FILE *outfile_stream(struct outfile *o);
/* Closes and frees it. False: not all could be written, err says why, and the file is as it was. */
bool outfile_end(struct outfile *o, char *err, size_t nerr);

/*
 * Whether path can be written to, as far as that can be known without touching it: asked before
 * there is something to write.
 */
bool outfile_can(const char *path, char *err, size_t nerr);

/*
 * A file that begins with `head` and is to grow, by outfile_put. What a regular file held is gone,
 * and no other g0scope writes it meanwhile. A descriptor, or -1 and err.
 */
int outfile_grow(const char *path, const void *head, size_t n, char *err, size_t nerr);
/* All of it, or false and errno. A pipe that nobody reads any more is EPIPE and no signal. */
bool outfile_put(int fd, const void *p, size_t n);
/* The sentence for errno `why`. */
void outfile_complain(const char *path, int why, char *err, size_t nerr);

#endif
