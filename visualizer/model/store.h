/* SPDX-License-Identifier: MIT */
/*
 * Frames: blocks of bytes, packed by zstd with a checksum each, which is all that a recording keeps
 * of its past. They lie in memory or in a file, and who asks for one does not see where. Frames
 * are only ever added.
 */
#ifndef MODEL_STORE_H
#define MODEL_STORE_H

#include "bytes.h"

/* No frame is larger than this when unpacked: what says so is damaged, or means harm. */
enum { FRAME_MAX = 1 << 26 };

struct store;
struct store *store_new(void);
void store_free(struct store *s);
/* The frames of a file, of which fd is owned from now on, are read from there. */
void store_set_file(struct store *s, int fd);
bool store_has_file(const struct store *s);
/* Whether that is the file. */
bool store_is_file(const struct store *s, const char *path);

/* n bytes, at most FRAME_MAX, as a frame is, onto `out`; and how many one is when unpacked. */
void frame_pack(struct store *s, const void *p, size_t n, struct bytes *out);
size_t frame_size(const struct bytes *packed);
/* Keep n bytes, at most FRAME_MAX, as a frame in memory; returns its number. */
int store_add(struct store *s, const void *p, size_t n);
/* One that lies in the file, `packed` bytes from `at` on. */
int store_add_filed(struct store *s, uint64_t at, uint32_t packed);
/* A frame is in the file now, from there on, and no longer in memory. */
void store_moved(struct store *s, int frame, uint64_t at);

/* The bytes of a frame onto `out`; false: it cannot be read, or is damaged. */
bool store_get(struct store *s, int frame, struct bytes *out);
/* The same as it lies there, packed. */
bool store_get_packed(struct store *s, int frame, struct bytes *out);
/* Bytes of all frames as they lie there. */
uint64_t store_size(const struct store *s);

#endif
