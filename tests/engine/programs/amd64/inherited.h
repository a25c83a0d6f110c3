/* SPDX-License-Identifier: MIT */
/* amd64: the register of inherited.c; the path chooses, arm64/inherited.h is the twin. */
#ifndef TESTS_INHERITED_H
#define TESTS_INHERITED_H

/* In which no call passes anything. */
#define PASSES_NOTHING "r11"

#endif
