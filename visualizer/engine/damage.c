/* SPDX-License-Identifier: MIT */
#include "damage.h"

#include <stdarg.h>
#include <stdio.h>

_Static_assert((int)SUBJECTS <= (int)SNAP_DAMAGE_MAX, "a sentence for each subject");

void damage_forget(struct damage *d, enum subject from, enum subject to)
{
	for (int i = from; i < (int)to; i++)
		d->about[i].n = 0;
}

void damage_add(struct damage *d, enum subject about, const char *format, ...)
{
	va_list ap;
	if (d->about[about].n++)
		return;
	va_start(ap, format);
	vsnprintf(d->about[about].first, sizeof d->about[about].first, format, ap);
	va_end(ap);
}

void damage_tell(const struct damage *d, struct snapshot *s)
{
	enum { MORE_LEN = 24 };
	s->ndamage = 0;
	for (int i = 0; i < SUBJECTS; i++) {
		if (!d->about[i].n)
			continue;
		char *to = s->damage[s->ndamage++];
		int n = snprintf(to, SNAP_DAMAGE_LEN - MORE_LEN, "%s", d->about[i].first);
		if (n > SNAP_DAMAGE_LEN - MORE_LEN - 1)
			n = SNAP_DAMAGE_LEN - MORE_LEN - 1;
		if (d->about[i].n >= DAMAGE_MANY)
			snprintf(to + n, MORE_LEN, " (and many more)");
		else if (d->about[i].n > 1)
			snprintf(to + n, MORE_LEN, " (and %d more)", d->about[i].n - 1);
	}
}
