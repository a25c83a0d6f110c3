/* SPDX-License-Identifier: MIT */
/*
 * What a program inherits from whoever starts it, and that decides where its words lie: made the
 * same for every run, or, where that is not allowed, said.
 */
#ifndef ENGINE_LIVE_INHERIT_H
#define ENGINE_LIVE_INHERIT_H

#include <stddef.h>

/*
 * The number by which the program is executed, whatever file it is: a descriptor that must be
 * allowed.
 */
enum { PROGRAM_FD = 255 };

/* In the child, before it becomes the program: as far as it is allowed. */
void inherit_fix(void);
/* Of the process that it has become: what does not hold, as a sentence in buf; "" if all does. */
void inherit_note(int pid, char *buf, size_t n);
/* Why it could not become the program, from the error number, and what to do. */
const char *inherit_remedy(int why);

#endif
