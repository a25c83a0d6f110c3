/* SPDX-License-Identifier: MIT */
/* The tests of visualizer/image. */
#include "image_tests.h"

int main(void)
{
	int failed = 0;
	failed += test_exclusives();
	failed += test_insn();
	failed += test_layout();
	failed += test_program();
	failed += test_sdt();
	return failed != 0;
}
