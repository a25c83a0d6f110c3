/* SPDX-License-Identifier: MIT */
/* The tests of visualizer/model. */
#include "model_tests.h"

int main(void)
{
	int failed = 0;

	failed += test_snapshot();
	failed += test_schedule();
	failed += test_code();
	failed += test_walk();
	failed += test_truth();
	failed += test_verdict();
	failed += test_history();
	failed += test_delta();
	failed += test_recording();
	failed += test_recfile();
	failed += test_hostile();
	failed += test_text();
	return failed != 0;
}
