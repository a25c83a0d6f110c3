/* SPDX-License-Identifier: MIT */
#include "trace.h"

enum { PROCESS = 1 };

void trace_begin(struct trace *t, const char *phase, int64_t step, int m, const char *name)
{
	struct jsonw *j = &t->j;
	fputc('\n', j->f);
	json_open(j, '{');
	json_key(j, "ph");
	json_str(j, phase);
	json_key(j, "pid");
	json_int(j, PROCESS);
	json_key(j, "tid");
	json_int(j, m);
	json_key(j, "ts");
	if (t->ns)
		json_thousandths(j, t->ns[step]);
	else
		json_int(j, step);
	if (!name)
		return;
	json_key(j, "name");
	json_str(j, name);
}

void trace_end(struct trace *t)
{
	json_close(&t->j, '}');
}

void trace_category(struct trace *t, const char *category)
{
	json_key(&t->j, "cat");
	json_str(&t->j, category);
}

void trace_meta(struct trace *t, const char *what, int m, const char *name)
{
	trace_begin(t, "M", 0, m, what);
	json_key(&t->j, "args");
	json_open(&t->j, '{');
	json_key(&t->j, "name");
	json_str(&t->j, name);
	json_close(&t->j, '}');
	trace_end(t);
}
