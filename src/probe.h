/* SPDX-License-Identifier: MIT */
/*
 * PROBE(event, args...): one nop where something happens, with a note in the file that tells
 * perf, bpftrace, gdb and g0scope where it is and where its arguments are. Names and arguments
 * are those of event.def.
 *
 * For the flight recorder (trace.c), the nop is as long as a jump, and a table (struct probe)
 * says where it would have to jump to for the event to be recorded: with G0_TRACE, all of them
 * are made into such jumps before the first G runs. So a probe that nobody looks at tests
 * nothing, and who steps the program sees the same instructions as ever. A flag tested at each
 * would have been simpler, and cost a load and a branch on every path of the scheduler. What
 * records (trace.h) is in line, out of the way: a call would have the compiler keep values in
 * other registers, and add a frame.
 *
 * The id of a G is given as GOID(gp), that of an M or a P as ID(mp): it lies in its struct, and the
 * note says to look for it there. Any other argument the compiler loads into a register first,
 * mostly for nobody; on the way from one G to the next there would be a dozen such loads.
 */
#ifndef PROBE_H
#define PROBE_H

#include <stdbool.h>
#include <stdint.h>

#include "patch.h" /* arch/<arch>/patch.h: PROBE_NOP, patchjump */

/* The ids of events: EV_mstart and so on. */
enum event_id {
#define EVENT(name, nargs, args, sentence) EV_##name,
#include "event.def"
#undef EVENT
	NEVENTS
};

/* A probe's nop, and the code that records its event. */
struct probe {
	uintptr_t nop, record;
};

/* GOID and ID are no macros, but what these two make of x has a meaning for them alone. */
#define PROBE_IS_GOID(gp) ~, "m", (gp)->goid
#define PROBE_IS_ID(mp) ~, "m", (mp)->id
#define PROBE_CONSTRAINT(x) PROBE_CHOOSE(PROBE_SECOND, PROBE_IS_##x, "nor", x, ~)
#define PROBE_VALUE(x) PROBE_CHOOSE(PROBE_THIRD, PROBE_IS_##x, "nor", x, ~)
#define PROBE_CHOOSE(which, ...) which(__VA_ARGS__)
#define PROBE_SECOND(_0, constraint, ...) constraint
#define PROBE_THIRD(_0, constraint, value, ...) (value)

#if __has_include(<sys/sdt.h>)
#include <sys/sdt.h>
#undef _SDT_NOP
#define _SDT_NOP PROBE_NOP
#define PROBE_ASM(e, n) STAP_PROBE_ASM(g0, e, PROBE_ARGS##n)
/* size@where, as sys/sdt.h has it, which knows one constraint for all; - is for a signed one. */
/* clang-format off */
#define PROBE_ARGS0
#define PROBE_ARGS1 %n[size1]@%[arg1]
#define PROBE_ARGS2 PROBE_ARGS1 %n[size2]@%[arg2]
#define PROBE_ARGS3 PROBE_ARGS2 %n[size3]@%[arg3]
#define PROBE_SIGN(x) _Generic((x), int32_t: 1, int64_t: 1, default: -1)
/* clang-format on */
#define PROBE_OPERANDS(n, ...) PROBE_OPERANDS##n(__VA_ARGS__)
#define PROBE_OPERANDS0(...)
#define PROBE_OPERANDS1(x) PROBE_OPERAND(1, x)
#define PROBE_OPERANDS2(x, y) PROBE_OPERANDS1(x), PROBE_OPERAND(2, y)
#define PROBE_OPERANDS3(x, y, z) PROBE_OPERANDS2(x, y), PROBE_OPERAND(3, z)
#define PROBE_OPERAND(i, x)                                                                        \
	[size##i] "n"(PROBE_SIGN(PROBE_VALUE(x)) * (int)sizeof(PROBE_VALUE(x))),                   \
		[arg##i] PROBE_CONSTRAINT(x)(PROBE_VALUE(x))
#else
#define PROBE_STRING(x) #x
#define PROBE_EXPANDED(x) PROBE_STRING(x)
#define PROBE_ASM(e, n) "990: " PROBE_EXPANDED(PROBE_NOP) "\n"
#define PROBE_OPERANDS(n, ...)
#endif

/* Whether the nop has been made into the jump. */
#define PROBE_ON(e, n, ...)                                                                        \
	({                                                                                         \
		__label__ record;                                                                  \
		bool on = true;                                                                    \
		__asm__ goto(PROBE_ASM(e, n) ".pushsection g0_probes, \"a\"\n\t"                   \
					     ".balign 8\n\t"                                       \
					     ".8byte 990b, %l[record]\n\t"                         \
					     ".popsection"                                         \
			     :                                                                     \
			     : PROBE_OPERANDS(n, ##__VA_ARGS__)                                    \
			     :                                                                     \
			     : record);                                                            \
		on = false;                                                                        \
	record:                                                                                    \
		on;                                                                                \
	})

#define PROBE_IF(e, n, a, b, c, ...)                                                               \
	do {                                                                                       \
		if (__builtin_expect(PROBE_ON(e, n, ##__VA_ARGS__), 0))                            \
			traceevent(EV_##e, (uint64_t)PROBE_VALUE(a), (uint64_t)PROBE_VALUE(b),     \
				(uint64_t)PROBE_VALUE(c));                                         \
	} while (0)
#define PROBE_PICK(_0, _1, _2, _3, name, ...) name
#define PROBE(...) PROBE_PICK(__VA_ARGS__, PROBE3, PROBE2, PROBE1, PROBE0)(__VA_ARGS__)
#define PROBE0(e) PROBE_IF(e, 0, 0, 0, 0)
#define PROBE1(e, a) PROBE_IF(e, 1, a, 0, 0, a)
#define PROBE2(e, a, b) PROBE_IF(e, 2, a, b, 0, a, b)
#define PROBE3(e, a, b, c) PROBE_IF(e, 3, a, b, c, a, b, c)

#endif
