/* SPDX-License-Identifier: MIT */
#include "frames.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/recfile.h"
#include "model/store.h"
#include "model_tests.h"

void frames_header(struct frames *f, const char *json)
{
	put_u32(&f->file, SKIPPABLE_HEADER);
	put_u32(&f->file, (uint32_t)strlen(json));
	put_raw(&f->file, json, strlen(json));
}

void frames_add(struct frames *f)
{
	struct store *s = store_new();
	frame_pack(s, f->b.p, f->b.n, &f->file);
	f->b.n = 0;
	store_free(s);
}

void frames_begin(struct frames *f)
{
	static const char run[] =
		"{\"program\":\"p\",\"arch\":\"amd64\",\"machine\":\"real\",\"policy\":\"keep\","
		"\"procs\":1,\"registers\":[\"rax\",\"rbx\",\"rcx\",\"rdx\",\"rsi\",\"rdi\","
		"\"rbp\",\"rsp\",\"r8\",\"r9\",\"r10\",\"r11\",\"r12\",\"r13\",\"r14\",\"r15\","
		"\"rip\",\"eflags\"],\"events\":[\"nobody knows it\",\"mstart\"]}";
	char header[100];
	*f = (struct frames){0};
	snprintf(header, sizeof header, "{\"format\":\"%s\",\"version\":%d}", RECFILE_FORMAT,
		RECFILE_VERSION);
	frames_header(f, header);
	put_u8(&f->b, FRAME_RUN);
	put_raw(&f->b, run, strlen(run));
	frames_add(f);
}

void frames_key(struct frames *f, struct bytes *delta)
{
	put_u8(&f->b, FRAME_KEY);
	put_uv(&f->b, 0);
	put_sv(&f->b, -1);
	put_blob(&f->b, delta->p, delta->n);
	put_uv(&f->b, 0);
	frames_add(f);
	delta->n = 0;
}

void frames_steps(struct frames *f, int64_t first, uint64_t n, struct bytes *rows)
{
	put_u8(&f->b, FRAME_STEPS);
	put_uv(&f->b, (uint64_t)first);
	put_uv(&f->b, n);
	put_blob(&f->b, rows->p, rows->n);
	put_uv(&f->b, 0);
	frames_add(f);
	rows->n = 0;
}

size_t frames_write(struct frames *f)
{
	size_t n = f->file.n;
	FILE *out = fopen(path, "wb");
	assert_non_null(out);
	assert_int_equal(fwrite(f->file.p, 1, n, out), n);
	fclose(out);
	bytes_free(&f->file);
	bytes_free(&f->b);
	return n;
}
