/* SPDX-License-Identifier: MIT */
/*
 * Two kinds of page are looked after alike: the guest's, and those with what its pages may be used
 * for. The memory now is that of one version, the base, but for the pages in `since`.
 */
#include "versions.h"

#include <stdlib.h>
#include <string.h>

#include "model/xalloc.h"

struct version {
	struct version *parent;
	int children;
	bool wanted;
	struct page_list was; /* the pages that differ from the parent's, as they are there */
	struct page_list is;  /* and as they are here, in the same order */
};

/* ---- copies of pages ---- */

/* A buffer that is free begins with the address of the next. */
static uint8_t *take_buffer(struct space *sp)
{
	uint8_t *b = sp->buffers;
	if (!b)
		return xmalloc(GUEST_PAGE);
	memcpy(&sp->buffers, b, sizeof sp->buffers);
	return b;
}

static void give_buffer(struct space *sp, uint8_t *b)
{
	memcpy(b, &sp->buffers, sizeof sp->buffers);
	sp->buffers = b;
}

static uint8_t *bytes_of(const struct page_copy *c)
{
	return (c->uses ? c->area->pages : c->area->host) + c->page * GUEST_PAGE;
}

static void copy_page(struct space *sp, struct page_list *to, const struct page_copy *of)
{
	to->all = xgrow(to->all, &to->cap, to->n + 1, sizeof *to->all);
	struct page_copy *c = &to->all[to->n++];
	*c = *of;
	c->bytes = take_buffer(sp);
	memcpy(c->bytes, bytes_of(c), GUEST_PAGE);
}

static void clear(struct space *sp, struct page_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		give_buffer(sp, l->all[i].bytes);
	l->n = 0;
}

static void list_free(struct space *sp, struct page_list *l)
{
	clear(sp, l);
	free(l->all);
	*l = (struct page_list){0};
}

/* What could be executed there, and cannot any more or is something else. */
static void forget_code(struct space *sp, const struct page_copy *c)
{
	const struct mapping *a = c->area;
	uint64_t n = c->uses ? GUEST_PAGE : 1, from = c->uses ? c->page * n : c->page;
	uint64_t all = (a->hi - a->lo) / GUEST_PAGE;
	for (uint64_t i = from; i < from + n && i < all; i++) {
		bool other = !c->uses || a->pages[i] != c->bytes[i - from];
		uint8_t use = c->uses ? a->pages[i] | c->bytes[i - from] : a->pages[i];
		if (other && use & PAGE_EXEC)
			uc_ctl_remove_cache(
				sp->engine, a->lo + i * GUEST_PAGE, a->lo + (i + 1) * GUEST_PAGE);
	}
}

/* A page may be there twice: what was copied first is how it was. */
static void put(struct space *sp, const struct page_list *l)
{
	for (size_t i = l->n; i-- > 0;) {
		const struct page_copy *c = &l->all[i];
		forget_code(sp, c);
		memcpy(bytes_of(c), c->bytes, GUEST_PAGE);
		sp->changes += c->uses;
	}
}

void version_page(struct space *sp, struct mapping *area, uint64_t page, bool uses)
{
	if (sp->base)
		copy_page(sp, &sp->since, &(struct page_copy){area, page, uses, NULL});
}

/* ---- versions ---- */

struct version *version_keep(struct space *sp)
{
	struct version *v = xcalloc(1, sizeof *v);
	*v = (struct version){.parent = sp->base, .wanted = true, .was = sp->since};
	sp->since = (struct page_list){0};
	for (size_t i = 0; i < v->was.n; i++)
		copy_page(sp, &v->is, &v->was.all[i]);
	if (v->parent)
		v->parent->children++;
	sp->base = v;
	sp->epoch++;
	return v;
}

static bool is_above(const struct version *v, const struct version *below)
{
	while (below && below != v)
		below = below->parent;
	return below != NULL;
}

/* From a version above it down to v. */
static void go_down(struct space *sp, struct version *v)
{
	if (v == sp->base)
		return;
	go_down(sp, v->parent);
	put(sp, &v->is);
	sp->base = v;
}

void version_return(struct space *sp, struct version *v)
{
	put(sp, &sp->since);
	clear(sp, &sp->since);
	for (; !is_above(sp->base, v); sp->base = sp->base->parent)
		put(sp, &sp->base->was);
	go_down(sp, v);
	sp->epoch++;
}

/* ---- the end of a version ---- */

/* The base goes: the memory now is that of its parent, but for more pages. */
static void absorb(struct space *sp, struct version *v)
{
	struct page_list *was = &v->was, *since = &sp->since;
	was->all = xgrow(was->all, &was->cap, was->n + since->n, sizeof *was->all);
	for (size_t i = 0; i < since->n; i++)
		was->all[was->n++] = since->all[i];
	free(since->all);
	*since = *was;
	*was = (struct page_list){0};
	sp->base = v->parent;
	if (!sp->base)
		list_free(sp, since);
}

static void end_version(struct space *sp, struct version *v)
{
	if (v == sp->base)
		absorb(sp, v);
	if (v->parent)
		v->parent->children--;
	list_free(sp, &v->was);
	list_free(sp, &v->is);
	free(v);
}

static struct version *only_child(struct space *sp, const struct version *root)
{
	struct version *v = sp->base;
	while (v && v->parent != root)
		v = v->parent;
	return v;
}

/* The first of all has one left below it, on the way to the base: that is the first then. */
static void drop_root(struct space *sp, struct version *root)
{
	struct version *v = root->children == 1 ? only_child(sp, root) : NULL;
	if (root->parent || root->wanted || root == sp->base || !v)
		return;
	list_free(sp, &v->was);
	list_free(sp, &v->is);
	v->parent = NULL;
	list_free(sp, &root->was);
	list_free(sp, &root->is);
	free(root);
	if (!v->wanted)
		drop_root(sp, v);
}

void version_free(struct space *sp, struct version *v)
{
	v->wanted = false;
	while (v && !v->wanted && v->children == 0) {
		struct version *parent = v->parent;
		end_version(sp, v);
		v = parent;
	}
	if (v)
		drop_root(sp, v);
}

void versions_free(struct space *sp)
{
	list_free(sp, &sp->since);
	for (uint8_t *b = sp->buffers, *next; b; b = next) {
		memcpy(&next, b, sizeof next);
		free(b);
	}
	sp->buffers = NULL;
}
