/* SPDX-License-Identifier: MIT */
/* A program's file into memory, and what the kernel puts on its first stack. */
#ifndef EMULATOR_LOAD_H
#define EMULATOR_LOAD_H

#include "guest.h"

/* A file that is executed, held while it is loaded. */
struct image_file {
	const uint8_t *bytes;
	size_t n;
};

bool load_open(struct image_file *f, const char *path, char *err, size_t nerr);
void load_close(struct image_file *f);

/* The architecture of the file; NULL: err says why it cannot be executed here. */
const struct guest_isa *load_isa(const struct image_file *f, char *err, size_t nerr);
/*
 * Its segments into memory; then arguments, environment and the rest on the stack of the thread
 * that is on, which is left at the first instruction.
 */
bool load_segments(struct guest *g, const struct image_file *f, char *err, size_t nerr);
bool load_stack(struct guest *g, const struct image_file *f, const char *path, char *const *argv,
	char *const *envp, char *err, size_t nerr);

#endif
