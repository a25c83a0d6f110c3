/* SPDX-License-Identifier: MIT */
/* The tests of visualizer/emulator that need its functions; tests/emulator.py has the program. */
#include "emulator_tests.h"

int main(void)
{
	return (test_changes() + test_engine()) != 0;
}
