/* SPDX-License-Identifier: MIT */
/*
 * Recordings. What zstd packs, with a checksum, no mutation gets behind. So an input is a letter
 * and then mostly what the frames hold, which are packed here:
 *
 *   T    pieces between FRAME_ENDs, each a frame; with the seek table of a whole file
 *   C    the same without it, as of a file that was cut
 *   F    a file as it is
 */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/delta.h"
#include "model/moment.h"
#include "model/recfile.h"
#include "model/say.h"
#include "model/store.h"

static const char frame_end[] = {'\xf0', 'g', '0', '\n'};

/* ---- the file ---- */

static void add_header(struct bytes *file)
{
	char json[100];
	snprintf(json, sizeof json, "{\"format\":\"%s\",\"version\":%d}", RECFILE_FORMAT,
		RECFILE_VERSION);
	put_u32(file, SKIPPABLE_HEADER);
	put_u32(file, (uint32_t)strlen(json));
	put_raw(file, json, strlen(json));
}

/* Each piece as a frame; how long they are, as the seek table has it. */
static void add_frames(struct bytes *file, struct bytes *table, const uint8_t *p, size_t n)
{
	struct store *s = store_new();
	put_u32(table, (uint32_t)file->n);
	put_u32(table, 0);
	while (n) {
		const uint8_t *end = memmem(p, n, frame_end, sizeof frame_end);
		size_t len = end ? (size_t)(end - p) : n, before = file->n;
		frame_pack(s, p, len, file);
		put_u32(table, (uint32_t)(file->n - before));
		put_u32(table, (uint32_t)len);
		len += end ? sizeof frame_end : 0;
		p += len;
		n -= len;
	}
	store_free(s);
}

static void add_table(struct bytes *file, const struct bytes *table)
{
	put_u32(file, SKIPPABLE_SEEK);
	put_u32(file, (uint32_t)table->n + 9);
	put_raw(file, table->p, table->n);
	put_u32(file, (uint32_t)table->n / 8);
	put_u8(file, 0);
	put_u32(file, SEEK_TABLE);
}

/* ---- what is in it ---- */

static struct bytes all_of(const struct snapshot *s)
{
	const struct snapshot nothing = {.arch = s->arch};
	struct bytes b = {0};
	delta_all(&b, &nothing, s);
	put_sv(&b, s->last_m);
	return b;
}

static void look_at_ms(const struct recording *r, const struct snapshot *s)
{
	const struct moment at = {r, s};
	char name[600];
	for (int i = 0; i < s->nms && i < 8; i++) {
		struct answer a;
		moment_judge(&at, s->ms[i].id, &a);
		fuzz_require(a.verdict < VERDICT_COUNT && a.chain.n <= WALK_MAX);
		for (int k = 0; k < a.chain.n; k++) {
			code_symbolize(
				recording_code(r), a.chain.rec[k].ret, true, name, sizeof name);
			fuzz_shown(name, strlen(name));
		}
		moment_departure(&at, s->ms[i].id);
	}
	for (int i = 0; i < s->ndamage; i++)
		fuzz_shown(s->damage[i], strlen(s->damage[i]));
}

/* Of a step, not of what is before the first. */
static void look_at_step(const struct recording *r, int64_t step)
{
	int n;
	size_t len;
	bool whole;
	const struct word_write *w = recording_writes(r, step, &n);
	uint64_t addr = n ? w[n / 2].addr : 0;
	recording_m(r, step);
	recording_pc(r, step);
	recording_before(r, step);
	const struct event *e = recording_event(r, step);
	if (e)
		fuzz_shown(e->string, strlen(e->string));
	recording_output(r, step, &len);
	recording_written(r, step, &len);
	recording_text(r, step, &len);
	const char *text = recording_written_text(r, step, &len);
	fuzz_shown(text ? text : "", text ? len : 0);
	fuzz_require(recording_last_write(r, step, addr) <= step);
	recording_next_write(r, step, addr);
	fuzz_require(recording_prev_event(r, step, -1) < step);
	recording_next_event(r, step, recording_m(r, step));
	recording_nth_event(r, recording_count_events(r, step));
	recording_turns(r, step);
	char *tail = recording_schedule_tail(r, step, 40, &whole);
	fuzz_require(strlen(tail) <= 40);
	free(tail);
}

/* There, a step further and back: if nothing is lost, to the state that it was. */
static void go(const struct recording *r, int64_t step, bool sound)
{
	struct cursor *c = cursor_new(r);
	struct bytes was = all_of(cursor_seek(c, step));
	look_at_ms(r, cursor_seek(c, step));
	look_at_ms(r, cursor_seek(c, step + 1));
	struct bytes is = all_of(cursor_seek(c, step));
	fuzz_require(!sound || (was.n == is.n && memcmp(was.p, is.p, is.n) == 0));
	cursor_seek(c, step - 1);
	bytes_free(&is);
	is = all_of(cursor_seek(c, step));
	fuzz_require(!sound || (was.n == is.n && memcmp(was.p, is.p, is.n) == 0));
	bytes_free(&was);
	bytes_free(&is);
	cursor_free(c);
}

static void look_at_code(const struct code *c)
{
	const char *text;
	size_t len;
	for (size_t i = 0; i < code_count(c) && i < 64; i++) {
		const struct code_line *l = code_nth(c, i);
		code_at(c, l->pc);
		code_ret(c, l->pc + l->len);
		code_next(c, l->pc);
		code_prev(c, l->pc);
		if (l->file)
			code_source_line(c, l->file, l->line, &len);
		fuzz_shown(l->text, strlen(l->text));
	}
	for (size_t i = 0; i < code_source_count(c) && i < 64; i++)
		code_source_nth(c, i, &text, &len);
}

static void look_at_schedule(const struct recording *r)
{
	struct schedule s = {0};
	char *text = recording_schedule_text(r), err[SENTENCE_MAX] = "";
	if (schedule_parse(&s, text, err, sizeof err) == 0)
		fuzz_require(schedule_steps(&s) == recording_last(r));
	schedule_clear(&s);
	free(text);
}

static void look_at(const struct recording *r)
{
	enum { PLACES = 3 };
	const char *sentence;
	char err[SENTENCE_MAX] = "";
	int64_t last = recording_last(r);
	bool sound = recording_verify(r, err, sizeof err);
	fuzz_sentence(err);
	recording_end(r, &sentence);
	fuzz_shown(sentence ? sentence : "", sentence ? strlen(sentence) : 0);
	for (int64_t i = 0; i <= PLACES && i <= last; i++) {
		int64_t step =
			last < PLACES ? i : last / PLACES * i + last % PLACES * (i == PLACES);
		go(r, step, sound);
		if (step > 0)
			look_at_step(r, step);
	}
	look_at_code(recording_code(r));
	if (sound)
		look_at_schedule(r);
	fuzz_require(recording_common(r, r) == last);
	struct recording *part = recording_excerpt(r, last / 3, last / 3 + last / 2);
	fuzz_require(!sound || recording_last(part) == last / 2);
	go(part, recording_last(part), sound);
	recording_free(part);
}

static void load(const struct bytes *file)
{
	char err[SENTENCE_MAX] = "";
	struct recording *r = recording_load(fuzz_file(file->p, file->n), err, sizeof err);
	fuzz_file_close();
	fuzz_sentence(err);
	fuzz_taken += r && !*err;
	struct recording *twin = r ? recording_take_twin(r) : NULL;
	if (r)
		look_at(r);
	if (twin) {
		look_at(twin);
		recording_common_schedule(r, twin);
		recording_beside(r, twin, recording_last(twin));
	}
	recording_free(twin);
	recording_free(r);
}

/* ---- other inputs ---- */

/* libFuzzer's, where that is. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t n, size_t most) __attribute__((weak));
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t n, size_t most, unsigned seed);

/* Frame number i, or the last: where it begins, and its length. */
static size_t find_frame(const uint8_t *data, size_t n, unsigned i, size_t *len)
{
	size_t from = 1;
	for (;; from += *len + sizeof frame_end) {
		const uint8_t *end = memmem(data + from, n - from, frame_end, sizeof frame_end);
		*len = end ? (size_t)(end - data) - from : n - from;
		if (!end || !i--)
			return from;
	}
}

static unsigned count_frames(const uint8_t *data, size_t n)
{
	unsigned frames = 1;
	for (const uint8_t *p = data, *end = data + n;
		(p = memmem(p, (size_t)(end - p), frame_end, sizeof frame_end));
		p += sizeof frame_end)
		frames++;
	return frames;
}

/*
 * Mostly in one frame, each as often as any: else what is told of code, and the text of a lesson,
 * would have nearly all of it.
 */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t n, size_t most, unsigned seed)
{
	if (n < 2 || *data == 'F' || seed % 4 == 0)
		return LLVMFuzzerMutate(data, n, most);
	size_t len, from = find_frame(data, n, seed / 4 % count_frames(data, n), &len);
	size_t behind = n - from - len;
	uint8_t *rest = malloc(behind + 1);
	memcpy(rest, data + from + len, behind);
	len = LLVMFuzzerMutate(data + from, len, most - from - behind);
	memcpy(data + from + len, rest, behind);
	free(rest);
	return from + len + behind;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct bytes file = {0}, table = {0};
	if (n == 0 || !memchr("TCF", *data, 3))
		return 0;
	if (*data == 'F') {
		put_raw(&file, data + 1, n - 1);
	} else {
		add_header(&file);
		add_frames(&file, &table, data + 1, n - 1);
	}
	if (*data == 'T')
		add_table(&file, &table);
	load(&file);
	bytes_free(&file);
	bytes_free(&table);
	return 0;
}
