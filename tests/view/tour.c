/* SPDX-License-Identifier: MIT */
/* See tour.h. */
#include "tour.h"

#include <stdio.h>

#include "view_tests.h"

static void look_from_each_m(tour_fn *look, void *ctx, struct session *s, int stop)
{
	char where[160];
	int ms[SNAP_MS_MAX], n = 0;
	const struct snapshot *now = timeline_now(s->tl);
	for (int m = 0; m < now->nms; m++)
		if (!now->ms[m].exited)
			ms[n++] = now->ms[m].id;
	for (int i = 0; i < n; i++) {
		session_act(s, (struct act){ACT_CHOOSE_M, ms[i], -1, NULL});
		snprintf(where, sizeof where, "%s stop %d, from M%d", s->lesson->name, stop, ms[i]);
		look(ctx, s, where);
	}
}

enum { LESSONS_MAX = 64 };
static struct session *lessons[LESSONS_MAX];
static int nlessons;

static void open_lessons(void)
{
	char err[1024] = "";
	struct lesson_entry *list;
	int n = lesson_list(&list);
	for (int i = 0; i < n && nlessons < LESSONS_MAX; i++) {
		if (!list[i].path || !list[i].program)
			continue;
		lessons[nlessons] = session_open(list[i].path, NULL, NULL, err, sizeof err);
		if (!lessons[nlessons++])
			fail_msg("%s", err);
	}
	lesson_list_free(list, n);
	assert_true(nlessons > 0);
}

void tour(tour_fn *look, void *ctx)
{
	char err[1024] = "";
	if (!nlessons)
		open_lessons();
	for (int i = 0; i < nlessons; i++)
		for (int stop = 0; stop < lessons[i]->lesson->nstops; stop++) {
			if (!session_goto_stop(lessons[i], stop, err, sizeof err))
				fail_msg("%s", err);
			look_from_each_m(look, ctx, lessons[i], stop + 1);
		}
}

int tour_end(void **state)
{
	(void)state;
	while (nlessons)
		session_close(lessons[--nlessons]);
	return 0;
}
