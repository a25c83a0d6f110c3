/* SPDX-License-Identifier: MIT */
/*
 * What the fuzz targets have in common. Each is a file here, with a LLVMFuzzerTestOneInput that
 * gives its input to one reader and looks at all that comes of it. clang's libFuzzer makes inputs,
 * and corpus.c calls it with those of tests/fuzz/corpus/TARGET.
 *
 * What a target holds of a result it says by fuzz_require, which ends the process like any fault.
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
/* How many inputs were no mistake, but what the reader is for. */
extern unsigned fuzz_taken;

#define fuzz_require(what) fuzz_require_at(__FILE__, __LINE__, (what), #what)
void fuzz_require_at(const char *file, int line, bool ok, const char *what);

/* A file of these bytes, in memory alone: its path; it is gone after fuzz_file_close. */
const char *fuzz_file(const void *p, size_t n);
void fuzz_file_close(void);

/* That what is shown of a text steers no terminal, and is shown as it is if it is shown again. */
void fuzz_shown(const char *s, size_t n);
/* That a sentence does not, as it is; NULL is none. */
void fuzz_sentence(const char *s);

#endif
