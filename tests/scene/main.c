/* SPDX-License-Identifier: MIT */
/* The tests of visualizer/scene. */
#include "scene_tests.h"

int main(void)
{
	int failed = test_things() + test_prose() + test_story();
	return failed != 0;
}
