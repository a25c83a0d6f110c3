/* SPDX-License-Identifier: MIT */
/* The toy machine of the model's tests, for recordings to export. */
#include "../model/sim.c"
