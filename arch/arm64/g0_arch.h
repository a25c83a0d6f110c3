/* SPDX-License-Identifier: MIT */
/* arm64: what of g0.h is another on each architecture. Installed beside it. */
#ifndef G0_ARCH_H
#define G0_ARCH_H

/*
 * Call `function` as Go's compiler calls any: no register but FP and SP survives, so what the
 * caller needs later, and no more, it keeps on its stack. FP it has from there again, since under
 * cycle the call brings back a wrong one. The frame's address is asked for so that there is a
 * frame. x18 is nobody's (-ffixed-x18).
 */
/* clang-format off */
#define G0_CALL(function)                                                                          \
	do {                                                                                       \
		register void *g0_frame __asm__("x0") = __builtin_frame_address(0);                \
		__asm__ volatile("stp x29, x30, [sp, #-16]!\n\t"                                   \
				 "bl " function "\n\t"                                             \
				 "ldp x29, x30, [sp], #16"                                         \
				 : "+r"(g0_frame)                                                  \
				 :                                                                 \
				 : "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10",    \
				   "x11", "x12", "x13", "x14", "x15", "x16", "x17", "x19", "x20",  \
				   "x21", "x22", "x23", "x24", "x25", "x26", "x27", "x28", "x30",  \
				   "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9",     \
				   "v10", "v11", "v12", "v13", "v14", "v15", "v16", "v17", "v18",  \
				   "v19", "v20", "v21", "v22", "v23", "v24", "v25", "v26", "v27",  \
				   "v28", "v29", "v30", "v31" G0_SVE, "cc", "memory");             \
	} while (0)
#ifdef __ARM_FEATURE_SVE
#define G0_SVE                                                                                     \
	, "p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8", "p9", "p10", "p11", "p12",         \
	"p13", "p14", "p15"
#else
#define G0_SVE
#endif
/* clang-format on */

#endif
