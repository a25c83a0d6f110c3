/* SPDX-License-Identifier: MIT */
#include "jsonw.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "model/text.h"

/* A comma if something stands before. */
static void next(struct jsonw *j)
{
	if (j->comma)
		fputc(',', j->f);
	j->comma = true;
}

void json_open(struct jsonw *j, char bracket)
{
	assert(bracket == '{' || bracket == '[');
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

void json_thousandths(struct jsonw *j, int64_t v)
{
	next(j);
	fprintf(j->f, "%" PRId64 ".%03d", v / 1000, (int)(v % 1000));
}

void json_hex(struct jsonw *j, uint64_t v)
{
	next(j);
	fprintf(j->f, "\"0x%" PRIx64 "\"", v);
}

/* As JSON writes a character that it or a terminal would take for something else. */
static void put_escaped(FILE *f, uint32_t ch)
{
	if (ch == '"' || ch == '\\')
		fprintf(f, "\\%c", (char)ch);
	else if (ch < 0x10000)
		fprintf(f, "\\u%04" PRIx32, ch);
	else
		fprintf(f, "\\u%04" PRIx32 "\\u%04" PRIx32, 0xd7c0 + (ch >> 10),
			0xdc00 + (ch & 0x3ff));
}

bool json_text(struct jsonw *j, const char *s, size_t n)
{
	bool exact = true;
	size_t plain = 0; /* where what stands for itself begins */
	next(j);
	fputc('"', j->f);
	for (size_t i = 0, len; i < n; i += len) {
		uint32_t ch = 0xfffd;
		len = utf8_next(s + i, n - i, &ch);
		exact = exact && len;
		if (len && ch != '"' && ch != '\\' && !utf8_is_hidden(ch))
			continue;
		fwrite(s + plain, 1, i - plain, j->f);
		put_escaped(j->f, len ? ch : 0xfffd);
		len += !len;
		plain = i + len;
	}
	fwrite(s + plain, 1, n - plain, j->f);
	fputc('"', j->f);
	return exact;
}

void json_bytes(struct jsonw *j, const char *s, size_t n)
{
	next(j);
	fputc('"', j->f);
	for (size_t i = 0; i < n; i++)
		fprintf(j->f, "%02x", (unsigned char)s[i]);
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
