/* SPDX-License-Identifier: MIT */
/* The tests of visualizer/scene. */
#include "scene_tests.h"

int main(void)
{
	int failed = test_layout() + test_place() + test_outside() + test_absent() + test_lesson() +
		     test_prose() + test_story() + test_toy();
	return failed != 0;
}
