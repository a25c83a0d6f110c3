/* SPDX-License-Identifier: MIT */
/*
 * Numbers that stand for what is longer: mixed word by word, so that what differs anywhere has
 * another number but for a chance of one in 2^64. Of use while the program runs, not in a file.
 */
#ifndef MODEL_MIX_H
#define MODEL_MIX_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * For each hash another one for each word, with the high bits stirred into the low ones. Small ones
 * of both do not lead to 0, nor does 0 to itself, where a series of zeros would change nothing.
 */
static inline uint64_t mix_word(uint64_t hash, uint64_t word)
{
	hash = ((hash ^ word) + 0x9e3779b97f4a7c15) * 0xd6e8feb86659fd93;
	return hash ^ hash >> 32;
}

static inline uint64_t mix_bytes(uint64_t hash, const void *p, size_t n)
{
	const uint8_t *b = p;
	uint64_t word = 0;
	hash = mix_word(hash, n);
	for (; n >= sizeof word; n -= sizeof word, b += sizeof word) {
		memcpy(&word, b, sizeof word);
		hash = mix_word(hash, word);
	}
	if (!n)
		return hash;
	word = 0;
	memcpy(&word, b, n);
	return mix_word(hash, word);
}

#endif
