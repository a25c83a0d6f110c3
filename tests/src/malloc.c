/* SPDX-License-Identifier: MIT */
/* The runtime's own memory: what was used before is clear again. */
#include <string.h>

#include "runtime.h"
#include "test.h"

enum { BLOCKS = 8 };

static bool is_clear(const unsigned char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] != 0)
			return false;
	return true;
}

/* Of each size, among them some that are no power of two; the last byte is theirs as well. */
static void what_is_free_comes_back_clear(void)
{
	for (size_t n = 1; n <= 4096; n = n * 3 / 2 + 1) {
		unsigned char *p[BLOCKS];
		bool again = false;

		for (int i = 0; i < BLOCKS; i++) {
			p[i] = mallocz(n);
			CHECK(is_clear(p[i], n));
			memset(p[i], 0xa5, n);
		}
		for (int i = 0; i < BLOCKS; i++)
			for (int k = 0; k < i; k++)
				CHECK(p[i] >= p[k] + n || p[k] >= p[i] + n);
		mfree(p[0], n);
		for (int i = 0; i < BLOCKS && !again; i++) {
			unsigned char *q = mallocz(n);
			CHECK(is_clear(q, n));
			again = q == p[0];
		}
		CHECK(again);
		for (int i = 1; i < BLOCKS; i++) /* and nothing else is */
			CHECK(p[i][0] == 0xa5 && memcmp(p[i], p[i] + 1, n - 1) == 0);
	}
}

const struct test malloc_tests[] = {
	{"malloc: what is free comes back clear", what_is_free_comes_back_clear, true, "1"},
	{0},
};
