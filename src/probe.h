/* SPDX-License-Identifier: MIT */
/*
 * PROBE(event, args...): one nop where something happens, with a note in the file that tells
 * perf, bpftrace, gdb and g0scope where it is and where its arguments are. Names and arguments
 * are those of event.def.
 */
#ifndef PROBE_H
#define PROBE_H

#if __has_include(<sys/sdt.h>)
#include <sys/sdt.h>
#define PROBE_PICK(_0, _1, _2, _3, name, ...) name
#define PROBE(...) PROBE_PICK(__VA_ARGS__, PROBE3, PROBE2, PROBE1, PROBE0)(__VA_ARGS__)
#define PROBE0(e) DTRACE_PROBE(g0, e)
#define PROBE1(e, a) DTRACE_PROBE1(g0, e, a)
#define PROBE2(e, a, b) DTRACE_PROBE2(g0, e, a, b)
#define PROBE3(e, a, b, c) DTRACE_PROBE3(g0, e, a, b, c)
#else
#define PROBE(...) ((void)0)
#endif

#endif
