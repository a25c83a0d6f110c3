/* SPDX-License-Identifier: MIT */
/*
 * Signal handlers, which nobody has called: below them are the frames of what was interrupted, as
 * true as ever, but for that itself, to which no record leads.
 */
#include "model_tests.h"

static struct answer a;

#define CHAIN_IS(s, m, text) assert_string_equal(sim_chain(s, m, &a), text)

/* M0 runs G1, in red's body. */
static struct sim *in_red(void)
{
	struct sim *s = sim_new("clear");
	sim_enter(s, 0, "schedule");
	sim_gogo(s, 0, 1);
	sim_enter(s, 0, "worker");
	sim_enter(s, 0, "red");
	return s;
}

static void assert_missing(int interrupted, int callers)
{
	assert_int_equal(a.interrupted, interrupted);
	assert_int_equal(a.missing, callers);
	assert_true(a.truth.whole && !a.cut);
	for (int i = 0; i < a.chain.n; i++)
		assert_true(a.chain.rec[i].in_truth && !a.chain.rec[i].refuted);
}

static void in_a_body(void **state)
{
	(void)state;
	struct sim *s = in_red();
	sim_signal(s, 0, "blue");
	CHAIN_IS(s, 0, "blue sigreturn worker goexit_stub [top] VALID");
	assert_int_equal(a.truth.n, 5); /* with red */
	assert_true(a.truth.frame[2].interrupted && !a.truth.frame[2].is_ret);
	assert_missing(1, 0);
	sim_enter(s, 0, "repaint");
	CHAIN_IS(s, 0, "repaint blue sigreturn worker goexit_stub [top] VALID");
	assert_missing(1, 0);
	sim_free(s);
}

/* Its record is not there yet: its caller is missing too. */
static void in_a_prologue(void **state)
{
	(void)state;
	struct sim *s = in_red();
	sim_call(s, 0, "library");
	sim_signal(s, 0, "blue");
	CHAIN_IS(s, 0, "blue sigreturn worker goexit_stub [top] VALID");
	assert_int_equal(a.truth.n, 6); /* with library and red */
	assert_missing(1, 1);
	sim_free(s);
}

/* One that interrupts the handler of another, in its prologue too. */
static void nested(void **state)
{
	(void)state;
	struct sim *s = in_red();
	sim_signal(s, 0, "blue");
	sim_call(s, 0, "red");
	sim_signal(s, 0, "repaint");
	CHAIN_IS(s, 0, "repaint sigreturn sigreturn worker goexit_stub [top] VALID");
	assert_int_equal(a.truth.n, 8); /* repaint sigreturn red blue sigreturn red worker … */
	assert_missing(2, 1);
	sim_free(s);
}

/* At the root of a G there is no caller that could be missing. */
static void at_the_root(void **state)
{
	(void)state;
	struct sim *s = sim_new("clear");
	sim_signal(s, 0, "blue");
	CHAIN_IS(s, 0, "blue sigreturn [top] VALID");
	assert_missing(1, 0);
	sim_free(s);
}

/*
 * Between handler and what it has interrupted, in a recursion longer than a chain can be: one
 * record more agrees if none is missing, for what was interrupted stands where its callers do.
 */
static void in_a_long_recursion(void **state)
{
	(void)state;
	struct sim *s = in_red();
	for (int i = 0; i < WALK_MAX + 8; i++)
		sim_enter(s, 0, "red");
	sim_leave(s, 0);
	sim_signal(s, 0, "blue");
	sim_leave(s, 0);
	sim_chain(s, 0, &a);
	assert_true(a.truth.n == WALK_MAX && a.truth.frame[1].interrupted && a.chain.n == WALK_MAX);
	assert_int_equal(a.verdict, VERDICT_VALID);
	assert_int_equal(a.missing, 0);
	assert_int_equal(a.interrupted, 0);
	sim_free(s);
}

/* What is reported of the interrupted stack, and was never there, is as false as elsewhere. */
static void what_is_false_is_still_said(void **state)
{
	(void)state;
	struct sim *s = in_red();
	uint64_t worker = sim_m(s, 0)->regs[BP] + 32;
	sim_enter(s, 0, "repaint");
	sim_m(s, 0)->regs[BP] = worker;
	sim_m(s, 0)->regs[IP] = sim_addr("library") + BODY; /* which does not need it */
	sim_signal(s, 0, "blue");
	CHAIN_IS(s, 0, "blue sigreturn goexit_stub [top] NOFP");
	assert_true(a.chain.rec[0].in_truth && a.chain.rec[1].refuted);
	sim_free(s);
}

/* Where the truth stops, what comes after on stacks of the same M is not refuted. */
static void what_is_not_known_is_not_refuted(void **state)
{
	(void)state;
	struct sim *s = in_red();
	uint64_t *regs = sim_m(s, 0)->regs, sp = regs[SP];
	sim_signal(s, 0, "blue");
	/* It has interrupted code that nobody knows. */
	assert_true(snapmem_write(&s->k, sp - 8, 0x9999));
	s->writes[s->nwrites++] = (struct word_write){sp - 8, sim_addr("red") + BODY, 0x9999};
	sim_enter(s, 0, "repaint");
	CHAIN_IS(s, 0, "repaint blue sigreturn worker goexit_stub [top] VALID");
	assert_true(a.truth.n == 4 && !a.truth.whole);
	assert_true(a.chain.rec[0].in_truth && a.chain.rec[1].in_truth);
	for (int i = 2; i < 4; i++)
		assert_false(a.chain.rec[i].in_truth || a.chain.rec[i].refuted);
	sim_free(s);
}

/* ---- with a link register, made by hand ---- */

/* What is where: code; the handler's frame and the kernel's on the signal stack; G1's stack. */
enum {
	HANDLER = 0x100,
	SIGRETURN = 0x200,
	IN_F = 0x300,
	F_BODY = 0x310,
	PREEMPT = 0x320,
	IN_MAIN = 0x400,
	AT_ROOT = 0x500,
	CALLS = 4
};
enum {
	SIGNALS = 0x10000,
	HERE = SIGNALS + 0x20,
	FRAME = HERE + 0x10,
	KERNELS = SIGNALS + 0x80,
	G1S = 0x20000,
	F_RECORD = G1S + 0x40,
	MAIN_RECORD = G1S + 0x60,
	TOP = 0x100
};
enum { SAVED_FP = 0x18, SAVED_LR = 0x20, SAVED_SP = 0x28, SAVED_PC = 0x30 };

static void add_code(struct code *c, uint64_t pc, const char *name, struct cfi_rule cfi)
{
	cfi.known = true;
	code_add(c, &(struct code_line){.pc = pc,
			    .len = CALLS,
			    .sym = name,
			    .sym_lo = pc,
			    .sym_hi = pc + 16,
			    .text = "",
			    .library = cfi.signal,
			    .cfi = cfi});
}

static struct code *arm64_code(const struct arch_desc *arch)
{
	const struct cfi_rule in_record = {.cfa_reg = (uint8_t)arch->fp,
		.cfa_off = 16,
		.ra = CFI_AT_CFA,
		.ra_off = -8,
		.fp = CFI_AT_CFA,
		.fp_off = -16};
	const struct cfi_rule at_entry = {
		.cfa_reg = (uint8_t)arch->sp, .ra = CFI_SAME, .fp = CFI_SAME};
	const struct cfi_rule returns = {.signal = true,
		.cfa_reg = (uint8_t)arch->sp,
		.cfa_off = SAVED_SP,
		.cfa_is_word = true,
		.ra = CFI_AT_BASE,
		.ra_off = SAVED_PC,
		.fp = CFI_AT_BASE,
		.fp_off = SAVED_FP,
		.lr_off = SAVED_LR};
	const struct cfi_rule put_there = {.signal = true,
		.cfa_reg = (uint8_t)arch->sp,
		.cfa_off = 16,
		.ra = CFI_AT_CFA,
		.ra_off = -16,
		.fp = CFI_SAME};
	const struct cfi_rule root = {
		.cfa_reg = (uint8_t)arch->sp, .ra = CFI_UNDEFINED, .fp = CFI_SAME};
	struct code *c = code_new();
	add_code(c, HANDLER, "handler", in_record);
	add_code(c, SIGRETURN, "sigreturn", returns);
	add_code(c, IN_F, "f", at_entry);
	add_code(c, F_BODY, "f", in_record);
	add_code(c, PREEMPT, "preempt", put_there);
	add_code(c, IN_MAIN, "main", in_record);
	add_code(c, IN_MAIN + CALLS, "main", in_record);
	add_code(c, AT_ROOT, "root", root);
	return c;
}

static void put(struct snapmem *k, uint64_t at, uint64_t word)
{
	assert_true(snapmem_write(k, at, word));
}

/* M0 in a handler that has interrupted somebody at pc, with these registers: n frames in all. */
static void judge_on_arm64(uint64_t pc, uint64_t sp, uint64_t fp, uint64_t lr, int n)
{
	const struct arch_desc *arch = arch_by_name("arm64");
	struct code *c = arm64_code(arch);
	struct snapmem k;
	snapmem_init(&k, arch);
	snapmem_resize(&k, 1, 1, 0, 3);
	snapmem_set_stack(&k, 0, STACK_G0, 0, 0x1000, 0x1100);
	snapmem_set_stack(&k, 1, STACK_G, 0, G1S, G1S + TOP);
	snapmem_set_stack(&k, 2, STACK_SIGNAL, 0, SIGNALS, SIGNALS + TOP);
	snapmem_hold(&k, 1, G1S);
	snapmem_hold(&k, 2, SIGNALS);
	k.s.gs[0] = (struct g_state){.id = 1, .status = GS_RUNNING, .m = 0, .stack = 1};
	k.s.ms[0] = (struct m_state){.curg = 1, .departure = NO_DEPARTURE};
	k.s.ms[0].regs[arch->pc] = HANDLER;
	k.s.ms[0].regs[arch->sp] = k.s.ms[0].regs[arch->fp] = HERE;
	put(&k, HERE, KERNELS), put(&k, HERE + 8, SIGRETURN);
	put(&k, KERNELS, fp), put(&k, KERNELS + 8, lr);
	put(&k, FRAME + SAVED_FP, fp), put(&k, FRAME + SAVED_LR, lr);
	put(&k, FRAME + SAVED_SP, sp), put(&k, FRAME + SAVED_PC, pc);
	put(&k, F_RECORD, MAIN_RECORD), put(&k, F_RECORD + 8, IN_MAIN + CALLS);
	put(&k, F_RECORD - 16, IN_F);
	put(&k, MAIN_RECORD, 0), put(&k, MAIN_RECORD + 8, AT_ROOT + CALLS);
	judge(&k.s, c, NULL, 0, &a);
	char name[16];
	assert_string_equal(snap_stack_name(&k.s, 2, name), "M0.gsignal");
	assert_true(a.truth.whole && a.truth.n == n && a.truth.frame[2].interrupted);
	snapmem_free(&k);
	code_free(c);
}

/*
 * The kernel's record for the handler has the link register: of a function without a record its
 * caller, and else once more what its record has, or what has long returned.
 */
static void the_link_register_counts(void **state)
{
	(void)state;
	judge_on_arm64(IN_F, F_RECORD, MAIN_RECORD, IN_MAIN + CALLS, 5);
	assert_int_equal(a.verdict, VERDICT_VALID);
	assert_int_equal(a.chain.n, 3);
	assert_int_equal(a.chain.rec[1].link, LINK_OWN);
	assert_missing(1, 0);
	judge_on_arm64(F_BODY, F_RECORD, F_RECORD, IN_MAIN + CALLS, 5);
	assert_int_equal(a.verdict, VERDICT_MISLEADING);
	judge_on_arm64(F_BODY, F_RECORD, F_RECORD, F_BODY + CALLS, 5);
	assert_int_equal(a.verdict, VERDICT_MISLEADING);
}

/* Or itself, where it stands right behind a call. */
static void behind_a_call(void **state)
{
	(void)state;
	judge_on_arm64(IN_MAIN + CALLS, MAIN_RECORD, MAIN_RECORD, IN_MAIN + CALLS, 4);
	assert_int_equal(a.verdict, VERDICT_VALID);
	assert_missing(0, 0);
	assert_false(a.chain.rec[1].is_ret);
}

/*
 * The handler has put a call between two instructions of f: f's link register is what it was, and
 * the kernel's record has f's caller still.
 */
static void a_call_put_there(void **state)
{
	(void)state;
	judge_on_arm64(PREEMPT, F_RECORD - 16, MAIN_RECORD, IN_MAIN + CALLS, 6);
	assert_int_equal(a.verdict, VERDICT_VALID);
	assert_int_equal(a.chain.n, 3);
	assert_true(a.truth.frame[3].pc == IN_F && a.truth.frame[4].pc == IN_MAIN + CALLS);
	assert_missing(2, 0);
}

int test_signal(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_a_body),
		cmocka_unit_test(in_a_prologue),
		cmocka_unit_test(nested),
		cmocka_unit_test(at_the_root),
		cmocka_unit_test(in_a_long_recursion),
		cmocka_unit_test(what_is_false_is_still_said),
		cmocka_unit_test(what_is_not_known_is_not_refuted),
		cmocka_unit_test(the_link_register_counts),
		cmocka_unit_test(behind_a_call),
		cmocka_unit_test(a_call_put_there),
	};
	return cmocka_run_group_tests_name("signal", tests, NULL, NULL);
}
