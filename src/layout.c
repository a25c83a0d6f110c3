/* SPDX-License-Identifier: MIT */
/*
 * layout.c - where things are in the runtime's structs, for whoever looks into a program from
 * outside: an ELF note, type 3 of the owner "g0", in the section .note.g0.layout. Its table is
 * layout.def, and the compiler fills it in, so that it cannot be wrong. Linkers keep notes when
 * they drop what nobody refers to, and strip keeps what is loaded.
 *
 * What the note holds, little-endian, each item at a multiple of 4: the version of this form (4
 * bytes), and then for each line of the table
 *
 *   kind    4 bytes  1 struct, 2 field, 3 constant, 4 variable
 *   size    4 bytes  of the struct, field or variable; 0 for a constant
 *   value   8 bytes  of a field, its offset in the struct; of a constant, its value; of a variable,
 *                    its address less that of this value; of a struct, 0
 *   name             "G", "G.sched.pc", "Gdead", "allgs"; and a 0 byte
 *
 * An address is told by its distance, so that the note needs no relocation when a program is
 * loaded: one that is position-independent can have it, too.
 */
#include "chan.h"
#include "timerheap.h"

enum { VERSION = 1, TYPE = 3 };
enum { IS_STRUCT = 1, IS_FIELD, IS_CONSTANT, IS_VARIABLE };

#define NOTE(text, ...)                                                                            \
	__asm__ volatile(".pushsection .note.g0.layout, \"a\", %%note\n\t" text                    \
			 "\n\t.balign 4\n\t.popsection"                                            \
			 :                                                                         \
			 : __VA_ARGS__)
#define LINE(kind, size, name, value, ...)                                                         \
	NOTE(".4byte %c0, %c1\n\t.8byte " value "\n\t.asciz \"" name "\"", "i"(kind), "i"(size),   \
		##__VA_ARGS__)

#define STRUCT(s) LINE(IS_STRUCT, sizeof(struct s), #s, "0");
#define FIELD(s, f)                                                                                \
	LINE(IS_FIELD, sizeof(((struct s *)NULL)->f), #s "." #f, "%c2", "i"(offsetof(struct s, f)));
#define CONSTANT(c) LINE(IS_CONSTANT, 0, #c, "%c2", "i"(c));
#define VARIABLE(v) LINE(IS_VARIABLE, sizeof v, #v, #v " - .");

/* Never called: only in a function does C tell assembly what it knows. */
static void __attribute__((used, noinline)) layoutnote(void)
{
	NOTE(".4byte 3, .Llayout_end - .Llayout, %c0\n\t"
	     ".asciz \"g0\"\n\t"
	     ".balign 4\n"
	     ".Llayout: .4byte %c1",
		"i"(TYPE), "i"(VERSION));
#include "layout.def"
	NOTE("\n.Llayout_end:", "i"(0));
}
