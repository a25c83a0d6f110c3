/* SPDX-License-Identifier: MIT */
#ifndef TESTS_HOG_H
#define TESTS_HOG_H

#include <stdint.h>

/*
 * Fill all registers but SP from hog_in, do nothing until hog_stop, and copy them to hog_out.
 * Returns how many words these are. hog_lost counts what has changed meanwhile of flags, modes
 * and the x87 stack. In assembly (tests/<arch>/hog.S): only there no register is anybody's.
 */
int hog(void);
extern uint64_t hog_in[96], hog_out[96];
extern volatile uint32_t hog_stop, hog_lost;

#endif
