/* SPDX-License-Identifier: MIT */
/*
 * Packed bytes: what deltas in memory and the recording file are made of. Numbers are
 * little-endian base 128, seven bits a byte (put_uv), signed ones zigzag (put_sv), so
 * that small ones are short on every machine. The reader never leaves its bytes: once
 * something is missing it is `bad` and everything further reads as 0.
 */
#ifndef MODEL_BYTES_H
#define MODEL_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bytes {
	uint8_t *p;
	size_t n, cap;
};

void bytes_free(struct bytes *b);

void put_raw(struct bytes *b, const void *p, size_t n);
void put_u8(struct bytes *b, uint8_t v);
void put_u32(struct bytes *b, uint32_t v); /* as four bytes */
void put_uv(struct bytes *b, uint64_t v);
void put_sv(struct bytes *b, int64_t v);
void put_blob(struct bytes *b, const void *p, size_t n); /* its length before it */
void put_text(struct bytes *b, const char *s);           /* as a blob */

struct reader {
	const uint8_t *p, *end;
	bool bad;
};

static inline struct reader reader_of(const void *p, size_t n)
{
	const uint8_t *from =
		p; /* NULL where there is nothing, to which even 0 must not be added */
	return (struct reader){.p = from, .end = n ? from + n : from};
}
static inline bool reader_done(const struct reader *r)
{
	return r->p == r->end;
}

uint8_t get_u8(struct reader *r);
uint32_t get_u32(struct reader *r);
uint64_t get_long_uv(struct reader *r); /* as get_uv, of any length */
/* Most numbers take a byte. */
static inline uint64_t get_uv(struct reader *r)
{
	return r->p != r->end && *r->p < 0x80 ? *r->p++ : get_long_uv(r);
}
static inline int64_t signed_of(uint64_t zigzag)
{
	return (int64_t)(zigzag >> 1 ^ (zigzag & 1 ? UINT64_MAX : 0));
}
int64_t get_sv(struct reader *r);
void get_uvs(struct reader *r, uint64_t n); /* so many, whatever they are */
/* A number in [lo, hi]; any other makes the reader bad and reads as lo. */
int64_t get_in(struct reader *r, int64_t lo, int64_t hi);
/* The n bytes that a blob's length promises, in place; NULL and n = 0 if they are not all there. */
const void *get_blob(struct reader *r, size_t *n);
/* A blob into buf as a string; bad where it does not fit or holds a 0. */
void get_text(struct reader *r, char *buf, size_t n);

#endif
