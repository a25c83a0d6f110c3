/* SPDX-License-Identifier: MIT */
/*
 * Offsets that the assembly knows, in bytes. Read by the .S files and by C: the matching
 * _Static_assert(offsetof(...)) lines stand under the structs in src/runtime.h, so a field
 * that moves fails to compile.
 */
#ifndef ARCH_OFFSETS_H
#define ARCH_OFFSETS_H

/* struct gobuf: where a G that does not run goes on. */
#define GOBUF_SP 0
#define GOBUF_PC 8
#define GOBUF_BP 16
#define GOBUF_G  24

/* struct G. Its gobuf comes first, so &gp->sched == gp. */
#define G_SCHED_SP GOBUF_SP
#define G_SCHED_PC GOBUF_PC
#define G_SCHED_BP GOBUF_BP
#define G_M        32
#define G_STARTFN  64
#define G_STARTARG 72

/* struct M */
#define M_G0   0
#define M_CURG 8

#endif
