/* SPDX-License-Identifier: MIT */
/*
 * What is known of a program's code, as a recording file has it. Of what is read every index is
 * held against what it points into.
 */
#include <string.h>

#include "recfile_parts.h"

/* ---- to bytes ---- */

void code_writer_free(struct code_writer *w)
{
	string_writer_free(&w->strings);
	string_writer_free(&w->names);
	numbered_free(&w->types);
	numbered_free(&w->functions);
}

static void put_cfi(struct bytes *b, const struct cfi_rule *cfi)
{
	put_u8(b, cfi->known | cfi->cfa_is_word << 1 | cfi->signal << 2);
	if (!cfi->known)
		return;
	put_u8(b, cfi->cfa_reg);
	put_sv(b, cfi->cfa_off);
	put_u8(b, cfi->ra);
	put_u8(b, cfi->fp);
	put_sv(b, cfi->ra_off);
	put_sv(b, cfi->fp_off);
	put_sv(b, cfi->lr_off);
}

static void put_line(struct code_writer *w, const struct code_line *l, struct bytes *out)
{
	put_uv(out, l->pc);
	put_uv(out, l->len);
	string_put(&w->strings, l->sym, out);
	put_uv(out, l->sym_lo);
	put_uv(out, l->sym_hi);
	string_put(&w->strings, l->file, out);
	put_sv(out, l->line);
	string_put(&w->strings, l->text, out);
	put_u8(out, l->library | l->is_call << 1 | l->is_ret << 2);
	put_cfi(out, &l->cfi);
}

static bool has_source(const struct code *c, const char *file)
{
	const char *text;
	size_t len;
	for (size_t i = 0; c && i < code_source_count(c); i++)
		if (strcmp(code_source_nth(c, i, &text, &len), file) == 0)
			return true;
	return false;
}

static void put_source(struct code_writer *w, const struct code *c, size_t i, struct bytes *out)
{
	const char *text;
	size_t len;
	string_put(&w->strings, code_source_nth(c, i, &text, &len), out);
	put_blob(out, text, len);
}

void put_code(struct code_writer *w, const struct code *c, size_t lines, size_t sources,
	const struct code *told, struct bytes *out)
{
	struct bytes said = {0};
	uint64_t n = 0;
	put_u8(out, FRAME_CODE);
	for (; w->lines < lines; w->lines++) {
		const struct code_line *l = code_nth(c, w->lines);
		if (told && code_known(told, l->pc))
			continue;
		put_line(w, l, &said);
		put_function_later(w, c, l);
		n++;
	}
	put_uv(out, n);
	put_raw(out, said.p, said.n);
	said.n = 0;
	for (n = 0; w->sources < sources; w->sources++) {
		const char *text;
		size_t len;
		if (has_source(told, code_source_nth(c, w->sources, &text, &len)))
			continue;
		put_source(w, c, w->sources, &said);
		n++;
	}
	put_uv(out, n);
	put_raw(out, said.p, said.n);
	put_functions(w, code_variables(c), out);
	bytes_free(&said);
}

/* ---- from bytes ---- */

void code_reader_free(struct code_reader *cr)
{
	string_reader_free(&cr->strings);
	string_reader_free(&cr->names);
}

static struct cfi_rule get_cfi(struct reader *in)
{
	uint8_t flags = get_u8(in);
	struct cfi_rule cfi = {.known = flags & 1, .cfa_is_word = flags & 2, .signal = flags & 4};
	if (!cfi.known)
		return cfi;
	cfi.cfa_reg = get_u8(in);
	cfi.cfa_off = get_in(in, INT32_MIN, INT32_MAX);
	cfi.ra = get_u8(in);
	cfi.fp = get_u8(in);
	cfi.ra_off = get_in(in, INT32_MIN, INT32_MAX);
	cfi.fp_off = get_in(in, INT32_MIN, INT32_MAX);
	cfi.lr_off = get_in(in, INT32_MIN, INT32_MAX);
	return cfi;
}

bool get_code(struct code_reader *cr, struct reader in, struct code *c)
{
	for (uint64_t n = get_uv(&in); n-- && !in.bad;) {
		struct code_line line = {.pc = get_uv(&in)};
		line.len = (uint32_t)get_uv(&in);
		line.sym = string_get(&cr->strings, &in);
		line.sym_lo = get_uv(&in);
		line.sym_hi = get_uv(&in);
		line.file = string_get(&cr->strings, &in);
		line.line = (int)get_in(&in, 0, INT32_MAX);
		line.text = string_get(&cr->strings, &in);
		uint8_t flags = get_u8(&in);
		line.library = flags & 1;
		line.is_call = flags & 2;
		line.is_ret = flags & 4;
		line.cfi = get_cfi(&in);
		if (!in.bad)
			code_add(c, &line);
	}
	for (uint64_t n = get_uv(&in); n-- && !in.bad;) {
		size_t len;
		const char *file = string_get(&cr->strings, &in), *text = get_blob(&in, &len);
		if (!in.bad && file && text)
			code_add_source(c, file, text, len);
	}
	/* Files of minor version 0 have no more. */
	if (!in.bad && !reader_done(&in))
		get_functions(cr, &in, code_variables(c));
	return !in.bad;
}
