/* SPDX-License-Identifier: MIT */
/*
 * The recording file, as recfile_save.c writes and recfile_load.c reads it. Little-endian
 * and packed (bytes.h):
 *
 *   magic, version
 *   blob: header, code, source files, how many steps, the state at step 0
 *   blob, one for each step: M, pc, delta, writes, event, output
 *   blob: how the run ended
 *
 * Only what engines report is in it; what a recording derives from that (history,
 * keyframes, indexes) is derived again when it is loaded, by recording_add. A blob has
 * its length in front: a file cut short is whole up to its last whole blob.
 */
#ifndef MODEL_RECFILE_H
#define MODEL_RECFILE_H

#define RECFILE_MAGIC "g0scope recording\n"

enum { RECFILE_VERSION = 4 };

/*
 * How a string begins: none; not seen before and follows; or this plus the number of one
 * seen before.
 */
enum { STRING_NONE, STRING_NEW, STRING_SEEN };

#endif
