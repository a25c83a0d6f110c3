/* SPDX-License-Identifier: MIT */
/* From the mode of a kernel, in which the engine begins, to that of a program. */
#ifndef EMULATOR_USER_H
#define EMULATOR_USER_H

#include "guest.h"

/* Before there are hooks. False: the engine would not. */
bool user_enter(struct guest *g);

#endif
