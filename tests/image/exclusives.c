/* SPDX-License-Identifier: MIT */
/* Which instructions of arm64 begin a sequence that is executed as a whole, and how far it goes. */
#include "image_tests.h"

#include <string.h>

#include "image/isa.h"

enum {
	LDAXR = 0x885ffe81,       /* ldaxr w1, [x20] */
	STLXR = 0x8802fe80,       /* stlxr w2, w0, [x20] */
	LDAXRB = 0x085ffc20,      /* ldaxrb w0, [x1] */
	STLXRB = 0x0803fc20,      /* stlxrb w3, w0, [x1] */
	LDXP = 0xc87f8440,        /* ldaxp x0, x1, [x2] */
	STXP = 0xc8238440,        /* stlxp w3, x0, x1, [x2] */
	STXR_XZR = 0xc81f7c20,    /* stxr wzr, x0, [x1] */
	CASP = 0x48207c82,        /* casp x0, x1, x2, x3, [x4] */
	CASPA = 0x48607c82,       /* caspa x0, x1, x2, x3, [x4] */
	LDAR = 0xc8dffc20,        /* ldar x0, [x1] */
	STLR = 0xc89ffc20,        /* stlr x0, [x1] */
	CAS = 0xc8a07c41,         /* cas x0, x1, [x2] */
	CBNZ_12 = 0x35000061,     /* cbnz w1, .+12 */
	BEQ_12 = 0x54000060,      /* b.eq .+12 */
	BEQ_8 = 0x54000040,       /* b.eq .+8 */
	BEQ_BACK_4 = 0x54ffffe0,  /* b.eq .-4 */
	TBNZ_BACK_8 = 0x371fffc1, /* tbnz w1, #3, .-8 */
	ADD = 0x91000400,         /* add x0, x0, #1 */
	STR = 0xf9000062,         /* str x2, [x3] */
	RET = 0xd65f03c0,
	PC = 0x1000,
};

enum { MOST = 20 };

static struct insn decoded(const uint32_t *words, size_t n)
{
	struct insn in;
	char text[160];
	struct decoder *d = decoder_new(&isa_arm64);
	assert_non_null(d);
	decode(d, PC, (const uint8_t *)words, n * sizeof *words, &in, text, sizeof text);
	decoder_free(d);
	return in;
}

static void is_whole(const uint32_t *words, size_t n, uint64_t end, uint64_t out, int failed)
{
	struct insn in = decoded(words, n);
	assert_int_equal(in.whole.end, end ? PC + end : 0);
	assert_int_equal(in.whole.out, out ? PC + out : 0);
	assert_int_equal(in.whole.failed, failed);
}

#define WHOLE(end, out, failed, ...)                                                               \
	is_whole((const uint32_t[]){__VA_ARGS__},                                                  \
		sizeof(const uint32_t[]){__VA_ARGS__} / sizeof(uint32_t), end, out, failed)
#define NOT_WHOLE(...) WHOLE(0, 0, 0, __VA_ARGS__)

static void ends_behind_the_store(void **state)
{
	(void)state;
	WHOLE(8, 0, 2, LDAXR, STLXR, ADD);
	WHOLE(8, 0, 3, LDAXRB, STLXRB);
	WHOLE(8, 0, 3, LDXP, STXP);
	WHOLE(16, 0, 2, LDAXR, ADD, ADD, STLXR);
	/* Whether it has failed is thrown away. */
	WHOLE(8, 0, -1, LDAXR, STXR_XZR);
}

static void one_branch_leads_out(void **state)
{
	(void)state;
	WHOLE(12, 16, 2, LDAXR, CBNZ_12, STLXR);
	WHOLE(12, (uint64_t)-4, 2, LDAXR, TBNZ_BACK_8, STLXR);
	/* To where it ends anyway. */
	WHOLE(12, 0, 2, LDAXR, BEQ_8, STLXR);
}

static void others_are_none(void **state)
{
	(void)state;
	NOT_WHOLE(STLXR, LDAXR, STLXR);
	NOT_WHOLE(LDAR, STLR, STLXR);
	NOT_WHOLE(CAS, STLXR);
	NOT_WHOLE(CASPA, STLXR);
	/* No store, or none that is near; and memory that ends before. */
	NOT_WHOLE(LDAXR, CASP, STLR);
	NOT_WHOLE(LDAXR);
	/* Two ways out, one that is not known, one that leads into it. */
	NOT_WHOLE(LDAXR, CBNZ_12, BEQ_12, STLXR);
	NOT_WHOLE(LDAXR, RET, STLXR);
	NOT_WHOLE(LDAXR, BEQ_BACK_4, STLXR);
	NOT_WHOLE(LDAXR, BEQ_8, ADD, STLXR);
}

static void as_far_as_gdb_looks(void **state)
{
	uint32_t words[MOST];
	(void)state;
	for (int at = 1; at < MOST; at++) {
		for (int i = 0; i < MOST; i++)
			words[i] = ADD;
		words[0] = LDAXR;
		words[at] = STLXR;
		is_whole(words, MOST, at < 16 ? 4u * (unsigned)(at + 1) : 0, 0, at < 16 ? 2 : 0);
	}
}

static void what_else_it_writes_is_not_known(void **state)
{
	(void)state;
	assert_true(decoded((const uint32_t[]){LDAXR, STR, STLXR}, 3).opaque);
	assert_false(decoded((const uint32_t[]){LDAXR, ADD, STLXR}, 3).opaque);
	assert_false(decoded((const uint32_t[]){LDAXR, STR, ADD}, 3).opaque);
}

int test_exclusives(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ends_behind_the_store),
		cmocka_unit_test(one_branch_leads_out),
		cmocka_unit_test(others_are_none),
		cmocka_unit_test(as_far_as_gdb_looks),
		cmocka_unit_test(what_else_it_writes_is_not_known),
	};
	return cmocka_run_group_tests_name("exclusives", tests, NULL, NULL);
}
