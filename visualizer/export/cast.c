/* SPDX-License-Identifier: MIT */
#include "cast.h"

/* One value a line. */
static void end_line(struct jsonw *j)
{
	fputc('\n', j->f);
	j->comma = false;
}

struct jsonw cast_begin(FILE *out, int cols, int rows, const char *title)
{
	struct jsonw j = {.f = out};
	json_open(&j, '{');
	json_key(&j, "version");
	json_int(&j, 2);
	json_key(&j, "width");
	json_int(&j, cols);
	json_key(&j, "height");
	json_int(&j, rows);
	json_key(&j, "title");
	json_str(&j, title);
	json_key(&j, "env");
	json_open(&j, '{');
	json_key(&j, "TERM");
	json_str(&j, "xterm-256color");
	json_close(&j, '}');
	json_close(&j, '}');
	end_line(&j);
	return j;
}

void cast_send(struct jsonw *j, int64_t ms, const void *bytes, size_t n)
{
	json_open(j, '[');
	json_thousandths(j, ms);
	json_str(j, "o");
	json_text(j, bytes, n);
	json_close(j, ']');
	end_line(j);
}
