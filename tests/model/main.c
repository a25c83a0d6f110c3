/* SPDX-License-Identifier: MIT */
/* The tests of visualizer/model. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model_tests.h"

#define TEMPLATE "/tmp/g0-model-XXXXXX"

char path[sizeof TEMPLATE];

int make_path(void **state)
{
	(void)state;
	strcpy(path, TEMPLATE);
	int fd = mkstemp(path);
	return fd < 0 || close(fd);
}

int remove_path(void **state)
{
	(void)state;
	return remove(path);
}

int main(void)
{
	int failed = 0;

	failed += test_snapshot();
	failed += test_schedule();
	failed += test_code();
	failed += test_event();
	failed += test_walk();
	failed += test_truth();
	failed += test_verdict();
	failed += test_library();
	failed += test_signal();
	failed += test_in_use();
	failed += test_history();
	failed += test_delta();
	failed += test_recording();
	failed += test_outfile();
	failed += test_outstream();
	failed += test_recfile();
	failed += test_bookmarks();
	failed += test_hostile();
	failed += test_text();
	failed += test_parting();
	failed += test_indexes();
	failed += test_common();
	failed += test_say();
	failed += test_types();
	failed += test_values();
	failed += test_variable();
	failed += test_recfile_vars();
	failed += test_recfile_vars_hostile();
	failed += test_frame_vars();
	failed += test_waits();
	return failed != 0;
}
