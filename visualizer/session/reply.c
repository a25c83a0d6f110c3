/* SPDX-License-Identifier: MIT */
/* What the last action has to say. */
#include <stdarg.h>

#include "model/say.h"
#include "session.h"

void session_reply(struct session *s, bool error, const char *format, ...)
{
	va_list ap;
	va_start(ap, format);
	vsay(s->message, sizeof s->message, format, ap);
	va_end(ap);
	s->message_is_error = error;
}
