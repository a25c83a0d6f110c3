/* SPDX-License-Identifier: MIT */
/* The tests of visualizer/image. */
#include "image_tests.h"

int main(void)
{
	return test_sdt() != 0;
}
