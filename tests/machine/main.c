/* SPDX-License-Identifier: MIT */
/* The tests of visualizer/machine. */
#include "machine_tests.h"

int main(void)
{
	return (test_cpu() + test_tick() + test_wrote()) != 0;
}
