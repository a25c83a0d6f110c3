/* SPDX-License-Identifier: MIT */
/*
 * Writing JSON: the commas and the quotes. Values come after a key in an object, one
 * after the other in an array.
 */
#ifndef EXPORT_JSONW_H
#define EXPORT_JSONW_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct jsonw {
	FILE *f;
	bool comma; /* what comes next is not the first of its kind */
};

void json_open(struct jsonw *j, char bracket);  /* { or [ */
void json_close(struct jsonw *j, char bracket); /* } or ] */
void json_key(struct jsonw *j, const char *key);
void json_null(struct jsonw *j);
void json_bool(struct jsonw *j, bool v);
void json_int(struct jsonw *j, int64_t v);
void json_thousandths(struct jsonw *j, int64_t v); /* 12500: 12.500 */
void json_hex(
	struct jsonw *j, uint64_t v); /* "0x401a3c": a JSON number may lose digits on its way */
void json_str(struct jsonw *j, const char *s); /* NULL: null */
/*
 * Any bytes, 0 among them. What is no UTF-8 is U+FFFD, one for each byte: then it returns false,
 * since the text does not say what they were.
 */
bool json_text(struct jsonw *j, const char *s, size_t n);
void json_bytes(struct jsonw *j, const char *s, size_t n); /* "61ff": two digits each */
/* v, or null if it is the one that means none. */
void json_id(struct jsonw *j, int v, int none);

#endif
