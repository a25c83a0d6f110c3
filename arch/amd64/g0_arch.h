/* SPDX-License-Identifier: MIT */
/* amd64: what of g0.h is another on each architecture. Installed beside it. */
#ifndef G0_ARCH_H
#define G0_ARCH_H

/*
 * Call `function` as Go's compiler calls any: no register but BP and SP survives, so what the
 * caller needs later, and no more, it keeps on its stack. BP it has from there again, since under
 * cycle the call brings back a wrong one. The frame's address is asked for so that there is a
 * frame. Nothing may lie below SP (-mno-red-zone), and SP need not be a multiple of 16.
 */
/* clang-format off */
#define G0_CALL(function)                                                                          \
	do {                                                                                       \
		void *g0_frame = __builtin_frame_address(0);                                       \
		__asm__ volatile("push %%rbp\n\t"                                                  \
				 "call " function "\n\t"                                           \
				 "pop %%rbp"                                                       \
				 : "+a"(g0_frame)                                                  \
				 :                                                                 \
				 : "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11",    \
				   "r12", "r13", "r14", "r15",                                     \
				   "st", "st(1)", "st(2)", "st(3)", "st(4)", "st(5)", "st(6)",     \
				   "st(7)", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5",        \
				   "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12",      \
				   "xmm13", "xmm14", "xmm15" G0_AVX512, "cc", "memory");           \
	} while (0)
#ifdef __AVX512F__
#define G0_AVX512                                                                                  \
	, "xmm16", "xmm17", "xmm18", "xmm19", "xmm20", "xmm21", "xmm22", "xmm23", "xmm24",         \
	"xmm25", "xmm26", "xmm27", "xmm28", "xmm29", "xmm30", "xmm31", "k1", "k2", "k3", "k4",     \
	"k5", "k6", "k7"
#else
#define G0_AVX512
#endif
/* clang-format on */

#endif
