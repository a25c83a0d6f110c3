/* SPDX-License-Identifier: MIT */
/* The tests of visualizer/session. */
#include "session_tests.h"

int main(void)
{
	return (test_actions() + test_prompts() + test_travel() + test_worker()) != 0;
}
