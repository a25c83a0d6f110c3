/* SPDX-License-Identifier: MIT */
/* arm64: the register of inherited.c; the path chooses, amd64/inherited.h is the twin. */
#ifndef TESTS_INHERITED_H
#define TESTS_INHERITED_H

/* In which no call passes anything. */
#define PASSES_NOTHING "x10"

#endif
