/* SPDX-License-Identifier: MIT */
#include "sdt.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/event.h"
#include "model/xalloc.h"
#include "regname.h"

/* ---- arguments ---- */

/* A register's name at *s, which is moved behind it. */
static int take_reg(const struct isa *isa, const char **s, int *bytes)
{
	char name[16];
	size_t n = 0;
	*s += **s == '%';
	while (isalnum((unsigned char)(*s)[n]) && n < sizeof name - 1)
		n++;
	memcpy(name, *s, n);
	name[n] = '\0';
	*s += n;
	return n ? reg_by_name(isa, name, bytes) : -1;
}

static int64_t take_number(const char **s)
{
	char *end;
	int64_t v = strtoll(*s, &end, 0);
	*s = end;
	return v;
}

/* "(%base,%index,scale)", the displacement before it taken already. */
static bool parse_att_mem(const struct isa *isa, const char **s, struct probe_arg *out)
{
	out->kind = ARG_MEM;
	++*s;
	if (**s == '%' && (out->base = take_reg(isa, s, NULL)) < 0)
		return false;
	if (**s == ',') {
		++*s;
		if ((out->index = take_reg(isa, s, NULL)) < 0)
			return false;
		if (**s == ',') {
			++*s;
			out->scale = (int)take_number(s);
		}
	}
	return *(*s)++ == ')';
}

/* "[x0, 12]", "[x0, x1, lsl 3]", "[sp]". */
static bool parse_arm_mem(const struct isa *isa, const char **s, struct probe_arg *out)
{
	out->kind = ARG_MEM;
	++*s;
	if ((out->base = take_reg(isa, s, NULL)) < 0)
		return false;
	while (**s == ',' || **s == ' ' || **s == '#') {
		*s += strspn(*s, ", #");
		if (**s == '-' || isdigit((unsigned char)**s)) {
			out->disp = take_number(s);
		} else if (strncmp(*s, "lsl ", 4) == 0) {
			*s += 4;
			*s += **s == '#';
			int64_t shift = take_number(s);
			if (shift < 0 || shift > 4)
				return false;
			out->scale = 1 << shift;
		} else if ((out->index = take_reg(isa, s, NULL)) < 0) {
			return false;
		}
	}
	return *(*s)++ == ']';
}

const char *probe_arg_parse(const struct isa *isa, const char *s, struct probe_arg *out)
{
	*out = (struct probe_arg){.base = -1, .index = -1, .scale = 1};
	int64_t size = take_number(&s);
	if (*s++ != '@' || size == 0 || size < -8 || size > 8)
		return NULL;
	out->is_signed = size < 0;
	out->size = abs((int)size);
	bool ok = true;
	if (*s == '[') {
		ok = parse_arm_mem(isa, &s, out);
	} else if (*s == '$' || *s == '-' || *s == '(' || isdigit((unsigned char)*s)) {
		s += *s == '$';
		out->disp = *s == '(' ? 0 : take_number(&s);
		if (*s == '(')
			ok = parse_att_mem(isa, &s, out);
	} else {
		out->kind = ARG_REG;
		out->base = take_reg(isa, &s, NULL);
		ok = out->base >= 0;
	}
	return ok && (*s == ' ' || *s == '\0') ? s + strspn(s, " ") : NULL;
}

/* The lower `size` bytes of v. */
static int64_t cut(uint64_t v, int size, bool is_signed)
{
	int unused = 64 - 8 * size;
	return is_signed ? (int64_t)(v << unused) >> unused : (int64_t)(v << unused >> unused);
}

bool probe_arg_value(const struct probe_arg *a, const uint64_t *regs, probe_read_fn *read,
	void *ctx, int64_t *value)
{
	uint64_t v = (uint64_t)a->disp;
	assert(a->size > 0 && (size_t)a->size <= sizeof v);
	assert(a->base >= 0 || a->kind != ARG_REG);
	if (a->kind == ARG_REG) {
		v = regs[a->base];
	} else if (a->kind == ARG_MEM) {
		uint64_t at = v + (a->base < 0 ? 0 : regs[a->base]);
		at += a->index < 0 ? 0 : regs[a->index] * (uint64_t)a->scale;
		v = 0;
		if (!read(ctx, at, &v, (size_t)a->size))
			return false;
	}
	*value = cut(v, a->size, a->is_signed);
	return true;
}

/* ---- notes ---- */

/* The string at *s, which is moved behind it; NULL if it does not end before `end`. */
static const char *take_string(const char **s, const char *end)
{
	const char *string = *s;
	size_t n = strnlen(string, (size_t)(end - string));
	*s = string + n + 1;
	return string + n < end ? string : NULL;
}

/* A note: pc, base, semaphore, then "provider" "name" "arguments". */
static void add_note(
	struct probes *p, size_t *cap, const char *note, size_t n, const struct isa *isa)
{
	const char *end = note + n;
	struct probe probe = {0};
	if (n < 3 * 8)
		return;
	memcpy(&probe.pc, note, 8);
	note += 3 * 8;
	const char *provider = take_string(&note, end);
	const char *name = provider ? take_string(&note, end) : NULL;
	const char *args = name ? take_string(&note, end) : NULL;
	probe.event = args && strcmp(provider, "g0") == 0 ? event_by_name(name) : -1;
	if (probe.event < 0)
		return;
	while (args && *args && probe.nargs < SNAP_NARGS_MAX) {
		args = probe_arg_parse(isa, args, &probe.arg[probe.nargs]);
		probe.nargs += args != NULL;
	}
	p->probe = xgrow(p->probe, cap, p->n + 1, sizeof *p->probe);
	p->probe[p->n++] = probe;
}

static int by_pc(const void *a, const void *b)
{
	const struct probe *x = a, *y = b;
	return x->pc < y->pc ? -1 : x->pc > y->pc;
}

void probes_read(struct probes *p, const struct program *prog)
{
	*p = (struct probes){0};
	GElf_Shdr shdr;
	GElf_Nhdr nhdr;
	size_t name, desc, cap = 0;
	Elf_Scn *scn = program_section(prog, ".note.stapsdt", &shdr);
	Elf_Data *data = program_data(scn);
	for (size_t at = 0; data && (at = gelf_getnote(data, at, &nhdr, &name, &desc)) > 0;)
		add_note(p, &cap, (const char *)data->d_buf + desc, nhdr.n_descsz, prog->isa);
	if (p->n)
		qsort(p->probe, p->n, sizeof *p->probe, by_pc);
}

void probes_free(struct probes *p)
{
	free(p->probe);
	*p = (struct probes){0};
}

const struct probe *probe_at(const struct probes *p, uint64_t pc)
{
	struct probe key = {.pc = pc};
	return p->n ? bsearch(&key, p->probe, p->n, sizeof key, by_pc) : NULL;
}
