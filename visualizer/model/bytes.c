/* SPDX-License-Identifier: MIT */
#include "bytes.h"

#include <stdlib.h>
#include <string.h>

#include "xalloc.h"

void bytes_free(struct bytes *b)
{
	free(b->p);
	*b = (struct bytes){0};
}

void put_raw(struct bytes *b, const void *p, size_t n)
{
	if (!n)
		return;
	b->p = xgrow(b->p, &b->cap, b->n + n, 1);
	memcpy(b->p + b->n, p, n);
	b->n += n;
}

void put_u8(struct bytes *b, uint8_t v)
{
	b->p = xgrow(b->p, &b->cap, b->n + 1, 1);
	b->p[b->n++] = v;
}

void put_u32(struct bytes *b, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		put_u8(b, (uint8_t)(v >> 8 * i));
}

void put_uv(struct bytes *b, uint64_t v)
{
	b->p = xgrow(b->p, &b->cap, b->n + 10, 1);
	for (; v >= 0x80; v >>= 7)
		b->p[b->n++] = (uint8_t)v | 0x80;
	b->p[b->n++] = (uint8_t)v;
}

void put_sv(struct bytes *b, int64_t v)
{
	put_uv(b, ((uint64_t)v << 1) ^ (v < 0 ? UINT64_MAX : 0));
}

void put_blob(struct bytes *b, const void *p, size_t n)
{
	put_uv(b, n);
	put_raw(b, p, n);
}

void put_text(struct bytes *b, const char *s)
{
	put_blob(b, s, strlen(s));
}

/* Nothing further can be read. */
static void spoil(struct reader *r)
{
	r->bad = true;
	r->p = r->end;
}

uint8_t get_u8(struct reader *r)
{
	if (r->p == r->end) {
		spoil(r);
		return 0;
	}
	return *r->p++;
}

uint32_t get_u32(struct reader *r)
{
	uint32_t v = 0;
	for (int i = 0; i < 4; i++)
		v |= (uint32_t)get_u8(r) << 8 * i;
	return v;
}

uint64_t get_long_uv(struct reader *r)
{
	uint64_t v = 0;
	const uint8_t *p = r->p;
	for (int shift = 0; shift < 64 && p != r->end; shift += 7) {
		uint8_t byte = *p++;
		v |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80) {
			r->p = p;
			return v;
		}
	}
	spoil(r);
	return 0;
}

void get_uvs(struct reader *r, uint64_t n)
{
	while (n-- && !r->bad)
		get_uv(r);
}

int64_t get_sv(struct reader *r)
{
	return signed_of(get_uv(r));
}

int64_t get_in(struct reader *r, int64_t lo, int64_t hi)
{
	int64_t v = get_sv(r);
	if (v >= lo && v <= hi)
		return v;
	spoil(r);
	return lo;
}

const void *get_blob(struct reader *r, size_t *n)
{
	uint64_t want = get_uv(r);
	*n = 0;
	if (want > (size_t)(r->end - r->p))
		spoil(r);
	if (r->bad)
		return NULL;
	const void *p = r->p;
	r->p += want;
	*n = want;
	return p;
}

void get_text(struct reader *r, char *buf, size_t n)
{
	size_t len;
	const void *p = get_blob(r, &len);
	buf[0] = 0;
	if (!p || !len)
		return;
	if (len >= n || memchr(p, 0, len)) {
		spoil(r);
		return;
	}
	memcpy(buf, p, len);
	buf[len] = 0;
}
