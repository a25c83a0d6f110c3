/* SPDX-License-Identifier: MIT */
/* arm64: the frame pointer that asmcgocall has C called with is g0's, as in Go to this day. */
#define C_FP(gp, g0) ((void)(gp), (g0)->sched.bp)
