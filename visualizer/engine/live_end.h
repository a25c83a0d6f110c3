/* SPDX-License-Identifier: MIT */
/* How a live run ended, said in a sentence for people. */
#ifndef ENGINE_LIVE_END_H
#define ENGINE_LIVE_END_H

#include "live_parts.h"

/* RUN_GOES_ON if it has not; else the sentence is written. */
enum run_end end_of(const struct live *lv, char *sentence, size_t n);

#endif
