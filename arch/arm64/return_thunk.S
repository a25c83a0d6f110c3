/* SPDX-License-Identifier: MIT */
/* Empty: no compiler for arm64 returns by anything but ret, so RESUMED (getg.h) asks for nothing there. */
#include "asm.h"
