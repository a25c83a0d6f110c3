/* SPDX-License-Identifier: MIT */
/*
 * What is typed in the last line (typing.c), and what is done with it (prompt.c).
 */
#ifndef SESSION_PROMPT_H
#define SESSION_PROMPT_H

#include "parts.h"

/* Whether something is typed for that action. */
bool prompt_is_for(enum action a);
void prompt_open(struct session *s, enum action a);
/* Such an action, with what was typed. */
void prompt_do(struct session *s, enum action a, const char *text);
/* typing.c: a key meanwhile. */
void typing_key(struct session *s, const char *key);

#endif
