/* SPDX-License-Identifier: MIT */
/*
 * Which registers an instruction may change: to read them all after each is a third of the time
 * that it takes. Only of the common ones is it known; of any other it is said that it may be all.
 */
#ifndef EMULATOR_CHANGES_H
#define EMULATOR_CHANGES_H

#include <stdint.h>

#define CHANGES_ANY UINT64_MAX

/*
 * By the GUEST_INSN bytes at code, of which the first are the instruction: bit i is register i of
 * arch_desc (model/snapshot.h). Never the pc. A bit more than the instruction changes is no fault.
 */
uint64_t changes_amd64(const uint8_t *code);
uint64_t changes_arm64(const uint8_t *code);

#endif
