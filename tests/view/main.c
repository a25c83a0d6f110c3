/* SPDX-License-Identifier: MIT */
/* The tests of visualizer/view. */
#include "view_tests.h"

int main(void)
{
	return (test_cells() + test_golden() + test_lessons() + test_ids() + test_shot() +
		       test_tell() + window_tests()) != 0;
}
