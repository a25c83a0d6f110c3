/* SPDX-License-Identifier: MIT */
/* The tests of visualizer/grid. */
#include "grid_tests.h"

int main(void)
{
	int failed = test_layout() + test_place() + test_outside() + test_absent() + test_lesson() +
		     test_toy();
	return failed != 0;
}
