/* SPDX-License-Identifier: MIT */
#include "store.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "xalloc.h"

enum { LEVEL = 3 }; /* 2 bytes a step; the next ones cost more time than they save space */

struct packed_frame {
	uint8_t *p; /* NULL: in the file, from `at` on */
	uint64_t at;
	uint32_t packed;
};

struct store {
	struct packed_frame *frames;
	size_t n, cap;
	int fd; /* -1: there is no file */
	ZSTD_CCtx *pack;
	ZSTD_DCtx *unpack;
	struct bytes packed; /* being packed or unpacked */
	uint64_t size;
};

struct store *store_new(void)
{
	struct store *s = xcalloc(1, sizeof *s);
	s->fd = -1;
	return s;
}

void store_free(struct store *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n; i++)
		free(s->frames[i].p);
	free(s->frames);
	bytes_free(&s->packed);
	ZSTD_freeCCtx(s->pack);
	ZSTD_freeDCtx(s->unpack);
	if (s->fd >= 0)
		close(s->fd);
	free(s);
}

void store_set_file(struct store *s, int fd)
{
	assert(s->fd < 0);
	s->fd = fd;
}

bool store_has_file(const struct store *s)
{
	return s->fd >= 0;
}

bool store_is_file(const struct store *s, const char *path)
{
	struct stat ours, named;
	return s->fd >= 0 && fstat(s->fd, &ours) == 0 && stat(path, &named) == 0 &&
	       ours.st_dev == named.st_dev && ours.st_ino == named.st_ino;
}

static int add(struct store *s, struct packed_frame f)
{
	s->frames = xgrow(s->frames, &s->cap, s->n + 1, sizeof *s->frames);
	s->frames[s->n] = f;
	s->size += f.packed;
	return (int)s->n++;
}

void frame_pack(struct store *s, const void *p, size_t n, struct bytes *out)
{
	size_t room = ZSTD_compressBound(n);
	assert(n <= FRAME_MAX);
	if (!s->pack) {
		s->pack = ZSTD_createCCtx();
		ZSTD_CCtx_setParameter(s->pack, ZSTD_c_compressionLevel, LEVEL);
		ZSTD_CCtx_setParameter(s->pack, ZSTD_c_checksumFlag, 1);
	}
	out->p = xgrow(out->p, &out->cap, out->n + room, 1);
	size_t packed = ZSTD_compress2(s->pack, out->p + out->n, room, p, n);
	assert(!ZSTD_isError(packed)); /* there is room */
	out->n += packed;
}

size_t frame_size(const struct bytes *packed)
{
	unsigned long long size = ZSTD_getFrameContentSize(packed->p, packed->n);
	return size > FRAME_MAX ? 0 : (size_t)size; /* 0: unknown, or an error, as well */
}

int store_add(struct store *s, const void *p, size_t n)
{
	s->packed.n = 0;
	frame_pack(s, p, n, &s->packed);
	uint8_t *own = xmalloc(s->packed.n);
	memcpy(own, s->packed.p, s->packed.n);
	return add(s, (struct packed_frame){.p = own, .packed = (uint32_t)s->packed.n});
}

int store_add_filed(struct store *s, uint64_t at, uint32_t packed)
{
	return add(s, (struct packed_frame){.at = at, .packed = packed});
}

static struct packed_frame *frame_of(struct store *s, int frame)
{
	assert(frame >= 0 && (size_t)frame < s->n);
	return &s->frames[frame];
}

void store_moved(struct store *s, int frame, uint64_t at)
{
	struct packed_frame *f = frame_of(s, frame);
	assert(s->fd >= 0);
	free(f->p);
	f->p = NULL;
	f->at = at;
}

uint64_t store_size(const struct store *s)
{
	return s->size;
}

static bool read_at(int fd, uint8_t *to, size_t n, uint64_t at)
{
	while (n) {
		ssize_t got = pread(fd, to, n, (off_t)at);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		to += got;
		at += (uint64_t)got;
		n -= (size_t)got;
	}
	return true;
}

bool store_get_packed(struct store *s, int frame, struct bytes *out)
{
	const struct packed_frame *f = frame_of(s, frame);
	out->p = xgrow(out->p, &out->cap, out->n + f->packed, 1);
	if (f->p)
		memcpy(out->p + out->n, f->p, f->packed);
	else if (!read_at(s->fd, out->p + out->n, f->packed, f->at))
		return false;
	out->n += f->packed;
	return true;
}

/* What it says is its size is believed as far as FRAME_MAX; what is there decides. */
static bool unpack(struct store *s, const struct bytes *packed, struct bytes *out)
{
	size_t size = frame_size(packed);
	if (!s->unpack)
		s->unpack = ZSTD_createDCtx();
	out->p = xgrow(out->p, &out->cap, out->n + size + 1, 1);
	size_t got = ZSTD_decompressDCtx(s->unpack, out->p + out->n, size, packed->p, packed->n);
	if (ZSTD_isError(got) || got != size)
		return false;
	out->n += size;
	return true;
}

bool store_get(struct store *s, int frame, struct bytes *out)
{
	s->packed.n = 0;
	return store_get_packed(s, frame, &s->packed) && unpack(s, &s->packed, out);
}
