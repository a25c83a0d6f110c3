/* SPDX-License-Identifier: MIT */
#ifndef EMULATOR_TESTS_H
#define EMULATOR_TESTS_H

/* Each runs its tests and returns how many failed. */
int test_changes(void);
int test_engine(void);

#endif
