/* SPDX-License-Identifier: MIT */
/*
 * The compiler's unwind information (CFI) of a file, row by row: libdw reads it, the model
 * gets plain rules.
 */
#ifndef IMAGE_CFI_H
#define IMAGE_CFI_H

#include <elfutils/libdw.h>

#include "model/code.h"

struct isa;
struct cfi;

/* Never NULL; without unwind information no rule is known. elf must outlive it. */
struct cfi *cfi_new(Elf *elf, const struct isa *isa);
void cfi_free(struct cfi *c);
/*
 * The row in force at pc; known is false where there is none, or one that these rules cannot
 * say (an expression).
 */
struct cfi_rule cfi_at(struct cfi *c, uint64_t pc);

#endif
