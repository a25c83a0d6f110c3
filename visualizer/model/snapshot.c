/* SPDX-License-Identifier: MIT */
#include "snapshot.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static const struct arch_desc archs[] = {
	{
		.name = "amd64",
		.nregs = 18,
		.regs = {"rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp", "r8", "r9", "r10",
			"r11", "r12", "r13", "r14", "r15", "rip", "eflags"},
		.pc = 16,
		.sp = 7,
		.fp = 6,
		.lr = -1,
	},
	{
		.name = "arm64",
		.nregs = 34,
		.regs = {"x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11",
			"x12", "x13", "x14", "x15", "x16", "x17", "x18", "x19", "x20", "x21", "x22",
			"x23", "x24", "x25", "x26", "x27", "x28", "x29", "x30", "sp", "pc",
			"pstate"},
		.pc = 32,
		.sp = 31,
		.fp = 29,
		.lr = 30,
		.signature = 0x7full << 48,
	},
	{
		.name = "none",
		.sp = 1,
		.fp = 2,
		.lr = -1,
	},
};

const struct arch_desc *arch_by_name(const char *name)
{
	for (size_t i = 0; i < sizeof archs / sizeof archs[0]; i++)
		if (!strcmp(archs[i].name, name))
			return &archs[i];
	return NULL;
}

const char *status_name(enum g_status_model s)
{
	static const char *const names[] = {
		[GS_IDLE] = "idle",
		[GS_RUNNABLE] = "runnable",
		[GS_RUNNING] = "running",
		[GS_SYSCALL] = "syscall",
		[GS_WAITING] = "waiting",
		[GS_DEAD] = "dead",
	};
	return (size_t)s < sizeof names / sizeof names[0] ? names[s] : "unknown";
}

bool snap_is_stack(uint64_t lo, uint64_t hi)
{
	return lo % 8 == 0 && hi % 8 == 0 && lo <= hi && hi - lo <= SNAP_STACK_MAX;
}

static bool is_stack_sound(const struct snapshot *s, const struct stack_image *st)
{
	if (!snap_is_stack(st->lo, st->hi) || st->from % 8 || st->from < st->lo ||
		st->from > st->hi)
		return false;
	return st->kind != STACK_G || (st->id >= 0 && st->id < s->ngs);
}

bool snap_is_sound(const struct snapshot *s)
{
	if (s->nms > SNAP_MS_MAX || s->ngs > SNAP_GS_MAX || s->nps > SNAP_MS_MAX ||
		s->nstacks > SNAP_STACKS_MAX || s->ndamage > SNAP_DAMAGE_MAX)
		return false;
	for (int i = 0; i < s->nms; i++)
		if (s->ms[i].g0_stack < 0 || s->ms[i].g0_stack >= s->nstacks)
			return false;
	for (int i = 0; i < s->ngs; i++)
		if (s->gs[i].stack < 0 || s->gs[i].stack >= s->nstacks)
			return false;
	for (int i = 0; i < s->nstacks; i++)
		if (!is_stack_sound(s, &s->stacks[i]))
			return false;
	return waits_are_sound(&s->waits);
}

const struct m_state *snap_m(const struct snapshot *s, int m_id)
{
	for (int i = 0; i < s->nms; i++)
		if (s->ms[i].id == m_id)
			return &s->ms[i];
	return NULL;
}

const struct g_state *snap_g(const struct snapshot *s, int g_id)
{
	for (int i = 0; i < s->ngs; i++)
		if (s->gs[i].id == g_id)
			return &s->gs[i];
	return NULL;
}

int snap_stack_at(const struct snapshot *s, uint64_t addr)
{
	for (int i = 0; i < s->nstacks; i++)
		if (addr - s->stacks[i].lo < s->stacks[i].hi - s->stacks[i].lo)
			return i;
	return -1;
}

int snap_stack_of_sp(const struct snapshot *s, uint64_t sp)
{
	return snap_stack_at(s, sp - 1);
}

bool snap_read_in(const struct snapshot *s, int stack, uint64_t addr, uint64_t *word)
{
	assert(stack >= 0 && stack < s->nstacks);
	const struct stack_image *k = &s->stacks[stack];
	if (addr % 8 || addr < k->from || addr >= k->hi)
		return false;
	*word = k->words[(addr - k->from) / 8];
	return true;
}

bool snap_read(const struct snapshot *s, uint64_t addr, uint64_t *word)
{
	int stack = snap_stack_at(s, addr);
	return stack >= 0 && snap_read_in(s, stack, addr, word);
}

const struct m_state *snap_m_on(const struct snapshot *s, int stack)
{
	for (int i = 0; i < s->nms; i++)
		if (!s->ms[i].exited && snap_stack_of_sp(s, m_sp(s, &s->ms[i])) == stack)
			return &s->ms[i];
	return NULL;
}

int snap_owner(const struct snapshot *s, int stack)
{
	assert(stack >= 0 && stack < s->nstacks);
	const struct stack_image *k = &s->stacks[stack];
	return k->kind == STACK_G ? s->gs[k->id].m : k->id;
}

char *snap_stack_name(const struct snapshot *s, int stack, char *buf)
{
	const struct stack_image *st = stack < 0 ? NULL : &s->stacks[stack];
	if (!st)
		snprintf(buf, 16, "?");
	else if (st->kind == STACK_G)
		snprintf(buf, 16, "G%d", s->gs[st->id].id);
	else
		snprintf(buf, 16, st->kind == STACK_G0 ? "M%d.g0" : "M%d.gsignal", st->id);
	return buf;
}
