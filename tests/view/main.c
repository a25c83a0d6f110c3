/* SPDX-License-Identifier: MIT */
/* The tests of visualizer/view. */
#include "view_tests.h"

int main(void)
{
	int failed = test_cells() + test_ansi() + test_golden() + test_lessons() + test_ids() +
		     test_shot() + test_tell() + window_tests();
	return failed != 0;
}
