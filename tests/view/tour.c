/* SPDX-License-Identifier: MIT */
/* See tour.h. */
#include "tour.h"

#include <stdio.h>

#include "view_tests.h"

static void look_from_each_m(
	tour_fn *look, void *ctx, struct session *s, const char *lesson, int stop)
{
	char where[160];
	int ms[SNAP_MS_MAX], n = 0;
	const struct snapshot *now = timeline_now(s->tl);
	for (int m = 0; m < now->nms; m++)
		if (!now->ms[m].exited)
			ms[n++] = now->ms[m].id;
	for (int i = 0; i < n; i++) {
		session_choose_m(s, ms[i]);
		snprintf(where, sizeof where, "%s stop %d, from M%d", lesson, stop, ms[i]);
		look(ctx, s, where);
	}
}

static void one_lesson(tour_fn *look, void *ctx, const struct lesson_entry *e)
{
	char err[1024] = "";
	struct session *s = session_open(e->path, NULL, NULL, err, sizeof err);
	if (!s)
		fail_msg("%s", err);
	for (int stop = 0; stop < s->lesson->nstops; stop++) {
		if (!session_goto_stop(s, stop, err, sizeof err))
			fail_msg("%s", err);
		look_from_each_m(look, ctx, s, e->name, stop + 1);
	}
	session_close(s);
}

void tour(tour_fn *look, void *ctx)
{
	struct lesson_entry *list;
	int n = lesson_list(&list), lessons = 0;
	for (int i = 0; i < n; i++)
		if (list[i].path && list[i].program) {
			one_lesson(look, ctx, &list[i]);
			lessons++;
		}
	lesson_list_free(list, n);
	assert_true(lessons > 0);
}
