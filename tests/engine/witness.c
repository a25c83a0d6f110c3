/* SPDX-License-Identifier: MIT */
/*
 * The real CPU as the witness: what the emulated machine makes of a program is what it makes of it,
 * register by register and word by word, after each step of a schedule.
 */
#include "engine_tests.h"

#include <capstone/capstone.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "machine/emulated.h"
#include "machine/machine.h"
#include "machine/ptrace.h"

#define IMAGE 0x400000ull
enum { STEPS = 12000, LONG_STEPS = 300000, MS = 4 };

/* ---- flags ---- */

/* Bits of EFLAGS that an instruction may leave undefined, and capstone's names for that. */
enum {
	CF = 1,
	PF = 4,
	AF = 0x10,
	ZF = 0x40,
	SF = 0x80,
	OF = 0x800,
	ALL = CF | PF | AF | ZF | SF | OF
};
#define SETS(F) (X86_EFLAGS_MODIFY_##F | X86_EFLAGS_RESET_##F | X86_EFLAGS_SET_##F)
static const struct {
	uint64_t bit, sets, leaves;
} flags[] = {
	{CF, SETS(CF), X86_EFLAGS_UNDEFINED_CF},
	{PF, SETS(PF), X86_EFLAGS_UNDEFINED_PF},
	{AF, SETS(AF), X86_EFLAGS_UNDEFINED_AF},
	{ZF, SETS(ZF), X86_EFLAGS_UNDEFINED_ZF},
	{SF, SETS(SF), X86_EFLAGS_UNDEFINED_SF},
	{OF, SETS(OF), X86_EFLAGS_UNDEFINED_OF},
};

/* Which flags of each M the processor need not have as another has them. */
struct undefined {
	csh capstone;
	uint64_t of[MS];
};

static void note_flags(struct undefined *u, const struct machine *mc, int m, uint64_t pc)
{
	uint8_t code[16];
	cs_insn *in;
	ssize_t n = mc->ops->read(mc, pc, code, sizeof code);
	if (n <= 0 || cs_disasm(u->capstone, code, (size_t)n, pc, 1, &in) != 1) {
		u->of[m] = ALL;
		return;
	}
	uint64_t does = in->detail->x86.eflags;
	bool leads_away = in->id == X86_INS_CALL || in->id == X86_INS_SYSCALL;
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
		if (does & flags[i].sets)
			u->of[m] &= ~flags[i].bit;
		if (does & flags[i].leaves || leads_away)
			u->of[m] |= flags[i].bit;
	}
	/* Capstone has that defined; AMD and Intel do not. */
	if (in->id == X86_INS_IMUL)
		u->of[m] |= SF;
	cs_free(in, 1);
}

/* ---- both machines ---- */

static void same_registers(const struct snapshot *real, const struct snapshot *is,
	const struct undefined *u, int64_t step)
{
	const char *const *names = real->arch->regs;
	for (int i = 0; i < real->nms; i++)
		/* One that has ended is seen at another place on its way out. */
		for (int r = 0; !real->ms[i].exited && r < real->arch->nregs; r++) {
			bool eflags = strcmp(names[r], "eflags") == 0;
			uint64_t mask = eflags ? ALL & ~u->of[real->ms[i].id] : UINT64_MAX;
			uint64_t was = real->ms[i].regs[r] & mask, now = is->ms[i].regs[r] & mask;
			if (was != now)
				fail_msg(
					"step %lld: M%d's %s is 0x%llx, and 0x%llx on the real CPU",
					(long long)step, real->ms[i].id, names[r],
					(unsigned long long)now, (unsigned long long)was);
		}
}

/* ---- memory ---- */

/* What libc and the runtime ask this computer, and what they make of it: others have another. */
static const char *const told[] = {
	"__x86_", "_dl_", "tunable_list", "st.", "threads.st", "asyncPreempt", "async_state"};

/*
 * Where that lies in a program, as nm has it. By way of a file: a machine's timer interrupts who
 * reads a pipe.
 */
enum { TOLD_MAX = 2048 };
struct told_at {
	uint64_t lo[TOLD_MAX], hi[TOLD_MAX];
	size_t n;
};

static struct told_at read_told(const char *program)
{
	struct told_at t = {0};
	char line[512], command[1024], name[400], kind, file[] = "/tmp/g0scope-nm-XXXXXX";
	unsigned long long at, size;
	close(mkstemp(file));
	snprintf(command, sizeof command, "nm -S '%s' >%s", program, file);
	assert_int_equal(system(command), 0);
	FILE *f = fopen(file, "r");
	assert_non_null(f);
	while (fgets(line, sizeof line, f) && t.n < TOLD_MAX) {
		if (sscanf(line, "%llx %llx %c %399s", &at, &size, &kind, name) != 4)
			continue;
		for (size_t i = 0; i < sizeof told / sizeof *told; i++)
			if (strncmp(name, told[i], strlen(told[i])) == 0)
				t.lo[t.n] = at, t.hi[t.n++] = at + size;
	}
	fclose(f);
	unlink(file);
	return t;
}

/* Also where libc has the number of a thread: from 1 on, where there is one program alone. */
static bool may_differ(const struct told_at *t, uint64_t addr, uint64_t is)
{
	for (size_t i = 0; i < t->n; i++)
		if (addr + 8 > t->lo[i] && addr < t->hi[i])
			return true;
	return is > 0 && is <= MS + 1;
}

/* All from the program's first page on up to the end of its heap; in words. */
static uint64_t same_memory(
	const struct told_at *t, const struct machine *real, const struct machine *is)
{
	enum { WORDS = 512 };
	uint64_t was[WORDS], now[WORDS], addr = IMAGE;
	for (; real->ops->read(real, addr, was, sizeof was) == sizeof was; addr += sizeof was) {
		if (is->ops->read(is, addr, now, sizeof now) != sizeof now)
			fail_msg("there is no memory at 0x%llx", (unsigned long long)addr);
		for (uint64_t i = 0; i < WORDS; i++)
			if (was[i] != now[i] && !may_differ(t, addr + 8 * i, now[i]))
				fail_msg("0x%llx holds 0x%llx, and 0x%llx on the real CPU",
					(unsigned long long)(addr + 8 * i),
					(unsigned long long)now[i], (unsigned long long)was[i]);
	}
	return (addr - IMAGE) / 8;
}

/* A schedule by lot, on both. */
static int64_t step_both(
	const char *program, char *const *args, int procs, uint64_t seed, int64_t steps)
{
	struct undefined u = {0};
	struct told_at t = read_told(program);
	struct stepper *real = open_stepper(program, args, procs, false);
	struct stepper *is = open_stepper(program, args, procs, true);
	int64_t done = 0;
	cs_open(CS_ARCH_X86, CS_MODE_64, &u.capstone);
	cs_option(u.capstone, CS_OPT_DETAIL, CS_OPT_ON);
	for (int i = 0; i < MS; i++)
		u.of[i] = ALL;
	for (int64_t left = 0, m = 0; done < steps; left--) {
		struct step a, b;
		assert_in_range(stepper_state(real)->nms, 1, MS);
		if (left == 0) {
			m = (int)(draw(&seed) % (uint64_t)stepper_state(real)->nms);
			left = 1 + (int64_t)(draw(&seed) % 90);
			stepper_expect(is, &(struct turn){.m = (int)m, .n = left}, 1);
		}
		enum step_result of_real = stepper_step(real, (int)m, &a);
		enum step_result of_is = stepper_step(is, (int)m, &b);
		assert_int_equal(of_real, of_is);
		if (of_real == STEP_ASLEEP || of_real == STEP_NO_M)
			left = 1;
		if (of_real == STEP_ENDED)
			break;
		if (of_real != STEP_DONE)
			continue;
		done++;
		note_flags(&u, stepper_machine(is), (int)m, a.pc);
		same_registers(stepper_state(real), stepper_state(is), &u, done);
		assert_int_equal(a.nwrites, b.nwrites);
		if (a.nwrites)
			assert_memory_equal(
				a.writes, b.writes, (size_t)a.nwrites * sizeof *a.writes);
	}
	cs_close(&u.capstone);
	if (done == steps)
		assert_true(same_memory(&t, stepper_machine(real), stepper_machine(is)) > 100000);
	close_stepper(real);
	close_stepper(is);
	return done;
}

/* With an argument, and more that it does not look at, if there is one. */
static void both(const char *program, const char *arg, int procs)
{
	static char more[] = "more";
	char err[SENTENCE_MAX], copy[32], *args[100] = {copy};
	int64_t steps = getenv("G0SCOPE_LONG") ? LONG_STEPS : STEPS, done = 0;
	snprintf(copy, sizeof copy, "%s", arg ? arg : "");
	for (size_t i = 1; i < sizeof args / sizeof *args - 1; i++)
		args[i] = more;
	if (!emulated_is_there(err, sizeof err))
		skip();
	for (uint64_t seed = 1; seed <= 2; seed++)
		done += step_both(program, arg ? args : NULL, procs, seed, steps);
	assert_true(done > STEPS / 4);
}

static void test_busy(void **state)
{
	(void)state;
	both(built("tests/programs/busy"), NULL, 2);
}

static void test_red_blue(void **state)
{
	(void)state;
	both(example("02_red_blue"), "20", 3);
}

static void test_timers(void **state)
{
	(void)state;
	both(example("20_timer_wheel"), "20", 2);
}

static void test_channels(void **state)
{
	(void)state;
	both(example("10_sieve"), "20", 3);
}

static void test_callbacks(void **state)
{
	(void)state;
	both(example("06_callback"), NULL, 2);
}

static void test_pipes(void **state)
{
	(void)state;
	both(example("21_echo"), NULL, 3);
}

int test_witness(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_busy),
		cmocka_unit_test(test_red_blue),
		cmocka_unit_test(test_timers),
		cmocka_unit_test(test_channels),
		cmocka_unit_test(test_callbacks),
		cmocka_unit_test(test_pipes),
	};
	return cmocka_run_group_tests_name("witness", tests, NULL, NULL);
}
