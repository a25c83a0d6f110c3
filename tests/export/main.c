/* SPDX-License-Identifier: MIT */
/* The tests of visualizer/export. */
#include "export_tests.h"

int main(void)
{
	return test_json() != 0;
}
