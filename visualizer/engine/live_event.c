/* SPDX-License-Identifier: MIT */
#include "live_event.h"
#include "model/event.h"
#include "model/say.h"

#include <stdio.h>
#include <string.h>

static bool read_memory(void *ctx, uint64_t addr, void *to, size_t n)
{
	return memory_fetch(ctx, addr, to, n);
}

bool event_argument(const struct probe *probe, int i, const uint64_t *regs,
	const struct memory *mem, int64_t *value)
{
	*value = 0;
	return i < probe->nargs &&
	       probe_arg_value(&probe->arg[i], regs, read_memory, (void *)mem, value);
}

/* Whether the i-th of the names in `args`, a blank between, is this one. */
static bool argument_is(const char *args, int i, const char *name)
{
	for (; i > 0 && args; i--)
		args = strchr(args, ' ') ? strchr(args, ' ') + 1 : NULL;
	size_t n = strlen(name);
	return args && strncmp(args, name, n) == 0 && (args[n] == ' ' || args[n] == '\0');
}

static void read_text(const struct memory *mem, uint64_t addr, char *to, size_t n)
{
	size_t i = 0;
	while (i < n - 1 && memory_fetch(mem, addr + i, to + i, 1) && to[i])
		i++;
	to[i] = '\0';
}

/* An argument in words, by what its name says it is. */
static void argument_text(const struct event_info *info, int i, int64_t value,
	const struct memory *mem, const struct code *code, char *to, size_t n)
{
	if (argument_is(info->args, i, "old") || argument_is(info->args, i, "new"))
		snprintf(to, n, "%s", status_name((enum g_status_model)value));
	else if (argument_is(info->args, i, "fn"))
		code_symbolize(code, (uint64_t)value, false, to, n);
	else if (argument_is(info->args, i, "reason"))
		read_text(mem, (uint64_t)value, to, n);
	else
		snprintf(to, n, "%lld", (long long)value);
}

/* The sentence, {i} replaced. */
static void write_sentence(struct event *e, const struct event_info *info, const struct memory *mem,
	const struct code *code)
{
	char text[SENTENCE_MAX];
	size_t n = 0;
	for (const char *s = info->sentence; *s && n < sizeof text - 1;) {
		int i = s[1] - '0';
		if (s[0] == '{' && i >= 0 && i < SNAP_NARGS_MAX && s[2] == '}') {
			argument_text(info, i, e->arg[i], mem, code, text + n, sizeof text - n);
			n += strlen(text + n);
			s += 3;
		} else {
			text[n++] = *s++;
		}
	}
	text[n] = '\0';
	say(e->text, sizeof e->text, "%s", text);
}

void event_read(struct event *e, const struct probe *probe, const uint64_t *regs,
	const struct memory *mem, const struct code *code)
{
	const struct event_info *info = event_info(probe->event);
	memset(e, 0, sizeof *e);
	e->id = probe->event;
	e->nargs = probe->nargs;
	for (int i = 0; i < probe->nargs; i++)
		event_argument(probe, i, regs, mem, &e->arg[i]);
	write_sentence(e, info, mem, code);
}
