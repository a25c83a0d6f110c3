/* SPDX-License-Identifier: MIT */
#include "frame_vars.h"

#include <assert.h>

static const struct true_frame *frame_of(const struct frame_at *at)
{
	assert(at->i >= 0 && at->i < at->truth->n);
	return &at->truth->frame[at->i];
}

/* Where it is: of one that has called, in the call. */
static uint64_t pc_of(const struct true_frame *f)
{
	return f->is_ret ? f->pc - 1 : f->pc;
}

size_t frame_vars(const struct frame_at *at, struct var_seen *seen, size_t max)
{
	return code_vars_at(at->code, pc_of(frame_of(at)), seen, max);
}

static bool read_stacks(void *ctx, uint64_t addr, void *to, size_t n)
{
	const struct frame_at *at = ctx;
	uint8_t *bytes = to;
	uint64_t word = 0;
	for (size_t i = 0; i < n; i++, addr++) {
		if ((i == 0 || addr % 8 == 0) && !snap_read(at->s, addr & ~UINT64_C(7), &word))
			return false;
		bytes[i] = (uint8_t)(word >> 8 * (addr % 8));
	}
	return true;
}

/* Of code that is known: nobody is asked for a name. */
static bool name_function(void *ctx, uint64_t addr, char *name, size_t n)
{
	const struct frame_at *at = ctx;
	const struct code_line *l = code_known(at->code, addr);
	if (!l || !l->sym)
		return false;
	code_symbol(l, addr, false, name, n);
	return true;
}

/* What is known of it. regs: room for those of one that has called, as far as they are. */
static struct var_frame known_of(const struct frame_at *at, uint64_t *regs)
{
	const struct true_frame *f = frame_of(at);
	struct var_frame frame = {
		.pc = pc_of(f), .regs = at->m->regs, .has_cfa = f->cfa != 0, .cfa = f->cfa};
	frame.known = (UINT64_C(1) << at->s->arch->nregs) - 1;
	if (at->i > 0) {
		regs[at->s->arch->fp] = f->fp;
		frame.regs = regs;
		frame.known = UINT64_C(1) << at->s->arch->fp;
	}
	return frame;
}

struct var_location frame_var_place(const struct frame_at *at, const struct variable *var)
{
	uint64_t regs[SNAP_NREGS_MAX] = {0};
	struct var_frame frame = known_of(at, regs);
	return var_locate(var, &frame);
}

char *frame_var_words(
	const struct frame_at *at, const struct variable *var, int depth, char *buf, size_t n)
{
	struct frame_at where = *at;
	uint64_t regs[SNAP_NREGS_MAX] = {0};
	struct var_frame frame = known_of(at, regs);
	struct value v = {
		.read = read_stacks, .function = name_function, .ctx = &where, .depth = depth};
	return var_format(variables_types(code_variables(at->code)), var, &frame, v, buf, n);
}
