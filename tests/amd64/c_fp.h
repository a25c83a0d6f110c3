/* SPDX-License-Identifier: MIT */
/* amd64: the frame pointer that asmcgocall has C called with is that of its own record. */
#define C_FP(gp, g0) ((void)(g0), (gp)->sched.sp)
