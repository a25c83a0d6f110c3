/* SPDX-License-Identifier: MIT */
/*
 * As little as g0scope takes for a g0 program, for seeds.py: names, lines, a probe of each kind of
 * argument, the layout of a struct, told by a note or (WITHOUT_NOTE) by debug information alone. It
 * is never executed.
 */
#include <sys/sdt.h>

struct gobuf {
	unsigned long sp, pc, bp;
};
enum { Gidle, Gdead = 5 };
typedef struct G {
	struct gobuf sched;
	union {
		unsigned long goid;
		unsigned char bytes[8];
	};
} G;

G *allgs[2], *allm;
volatile enum { Grunning = 2 } status;

void mstart(int m);

__asm__(".globl runtime_text, runtime_etext\nruntime_text:");

void mstart(int m)
{
	G *gp = allgs[m & 1];
	DTRACE_PROBE1(g0, mstart, m);
	gp->goid = Gdead;
	DTRACE_PROBE2(g0, goready, gp->goid, &gp->sched);
	DTRACE_PROBE3(other, nobody, 1, 2, 3);
	status = Grunning + Gidle;
}

__asm__("runtime_etext: .byte 0");

#ifndef WITHOUT_NOTE
__asm__(".pushsection .note.g0.layout, \"a\", %note\n"
	".4byte 3, 2f - 1f, 3\n"
	".asciz \"g0\"\n"
	".balign 4\n"
	"1: .4byte 1\n"
	".4byte 1, 32; .8byte 0; .asciz \"G\"; .balign 4\n"
	".4byte 2, 8; .8byte 24; .asciz \"G.goid\"; .balign 4\n"
	".4byte 2, 8; .8byte 8; .asciz \"G.sched.pc\"; .balign 4\n"
	".4byte 3, 0; .8byte 5; .asciz \"Gdead\"; .balign 4\n"
	".4byte 4, 8; .8byte allgs - .; .asciz \"allgs\"; .balign 4\n"
	"2: .popsection");
#endif

void _start(void)
{
	mstart(0);
}
