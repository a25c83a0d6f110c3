/* SPDX-License-Identifier: MIT */
/*
 * The recording file, as recfile_save.c writes and recfile_load.c reads it: docs/recording.md.
 *
 *   header      a skippable frame with JSON: format, version
 *   frames      zstd, a letter and what it says each; those of a chunk come when it is full
 *     R run       JSON: program, policy, …; what follows is of it
 *     C code      what has come to be known of the program's code and variables, and source files
 *     K key, S steps, T text    a chunk: the state before it, its steps, what they wrote
 *     L lesson    its text, and where its stops are
 *     B bookmarks
 *     E end       how the run ended, or why it was not followed further
 *     I index     what chunks there are
 *     R … I       perhaps another run, of the same program along the same schedule
 *   seek table  a skippable frame: how long each frame is; so zstd's own tools can seek as well
 *
 * It is only ever added to. A file that was cut short, or is still being written, is whole up to
 * its last whole chunk; without an index one is made of what is there.
 */
#ifndef MODEL_RECFILE_H
#define MODEL_RECFILE_H

#include <stdint.h>

/* Files of another version than this are refused; of another minor one they are read. */
enum { RECFILE_VERSION = 12, RECFILE_MINOR = 0 };
#define RECFILE_FORMAT "g0scope recording"

enum {
	FRAME_RUN = 'R',
	FRAME_CODE = 'C',
	FRAME_KEY = 'K',
	FRAME_STEPS = 'S',
	FRAME_TEXT = 'T',
	FRAME_LESSON = 'L',
	FRAME_BOOKMARKS = 'B',
	FRAME_END = 'E',
	FRAME_INDEX = 'I',
};

/* Magic numbers of zstd: a skippable frame, the one that is a seek table, and the end of that. */
#define SKIPPABLE_HEADER UINT32_C(0x184d2a50)
#define SKIPPABLE_SEEK UINT32_C(0x184d2a5e)
#define SEEK_TABLE UINT32_C(0x8f92eab1)

/*
 * How a string begins: none; not seen before and follows; or this plus the number of one
 * seen before.
 */
enum { STRING_NONE, STRING_NEW, STRING_SEEN };

#endif
