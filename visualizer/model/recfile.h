/* SPDX-License-Identifier: MIT */
/*
 * The recording file, as recfile_save.c writes and recfile_load.c reads it. Little-endian
 * and packed (bytes.h):
 *
 *   magic, version
 *   blob: header, and the state at step 0
 *   blob, as often as there is something to say: which of these it is, and
 *     CODE   what has come to be known of the program's code, and source files
 *     STEP   the next step: M, pc, what came before it from outside, delta, writes, event, output
 *     END    how the run ended, or why it was not followed further; the last one
 *
 * It is written as the run goes on, from the front to the end. A blob has its length in front:
 * a file that was cut short, or is still being written, is whole up to its last whole blob.
 *
 * Only what engines report is in it; what a recording derives from that (history,
 * keyframes, indexes) is derived again when it is loaded, by recording_add.
 */
#ifndef MODEL_RECFILE_H
#define MODEL_RECFILE_H

#define RECFILE_MAGIC "g0scope recording\n"

enum { RECFILE_VERSION = 10 };

enum { BLOB_CODE, BLOB_STEP, BLOB_END };

/*
 * How a string begins: none; not seen before and follows; or this plus the number of one
 * seen before.
 */
enum { STRING_NONE, STRING_NEW, STRING_SEEN };

#endif
