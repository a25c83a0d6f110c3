/* SPDX-License-Identifier: MIT */
/* The tests of visualizer/export. */
#include "export_tests.h"

int main(void)
{
	int failed = test_json();
	failed += test_json_vars();
	failed += test_folded();
	failed += test_chrome();
	failed += test_cast();
	return failed != 0;
}
