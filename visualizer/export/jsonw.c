/* SPDX-License-Identifier: MIT */
#include "jsonw.h"

#include <inttypes.h>
#include <string.h>

/* A comma if something stands before. */
static void next(struct jsonw *j)
{
	if (j->comma)
		fputc(',', j->f);
	j->comma = true;
}

void json_open(struct jsonw *j, char bracket)
{
	next(j);
	fputc(bracket, j->f);
	j->comma = false;
}

void json_close(struct jsonw *j, char bracket)
{
	fputc(bracket, j->f);
	j->comma = true;
}

void json_key(struct jsonw *j, const char *key)
{
	json_str(j, key);
	fputc(':', j->f);
	j->comma = false;
}

void json_null(struct jsonw *j)
{
	next(j);
	fputs("null", j->f);
}

void json_bool(struct jsonw *j, bool v)
{
	next(j);
	fputs(v ? "true" : "false", j->f);
}

void json_int(struct jsonw *j, int64_t v)
{
	next(j);
	fprintf(j->f, "%" PRId64, v);
}

void json_hex(struct jsonw *j, uint64_t v)
{
	next(j);
	fprintf(j->f, "\"0x%" PRIx64 "\"", v);
}

void json_text(struct jsonw *j, const char *s, size_t n)
{
	next(j);
	fputc('"', j->f);
	for (size_t i = 0; i < n; i++) {
		unsigned char c = s[i];
		if (c < 0x20)
			fprintf(j->f, "\\u%04x", c);
		else if (c == '"' || c == '\\')
			fprintf(j->f, "\\%c", c);
		else
			fputc(c, j->f);
	}
	fputc('"', j->f);
}

void json_str(struct jsonw *j, const char *s)
{
	if (s)
		json_text(j, s, strlen(s));
	else
		json_null(j);
}

void json_id(struct jsonw *j, int v, int none)
{
	if (v == none)
		json_null(j);
	else
		json_int(j, v);
}
