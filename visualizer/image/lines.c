/* SPDX-License-Identifier: MIT */
#include "lines.h"

#include <assert.h>
#include <dwarf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debug.h"
#include "model/xalloc.h"

struct line_file {
	char *name; /* as compiled */
	char *path; /* where it was */
};

/* An entry of the line table: from pc up to the next entry. */
struct line_entry {
	uint64_t pc;
	int file; /* index into files; -1: no line from here on */
	int line;
	size_t order; /* place in the table that it came from, for entries of one address */
};

struct lines {
	struct line_entry *entries;
	size_t nentries, entries_cap;
	struct line_file *files;
	size_t nfiles, files_cap;
	struct code_range *ranges;
	size_t nranges, ranges_cap;
};

/* The unit being read. */
struct unit {
	const char *comp_dir;
	const char *last; /* libdw's word for the file of the entry before, and which it is */
	int last_file;
};

/* The name without the directory it was compiled in: what the compiler was told. */
static const char *as_compiled(const char *path, const char *comp_dir)
{
	size_t n = comp_dir ? strlen(comp_dir) : 0;
	return n && strncmp(path, comp_dir, n) == 0 && path[n] == '/' ? path + n + 1 : path;
}

static bool is_named(const struct lines *l, const char *name)
{
	for (size_t i = 0; i < l->nfiles; i++)
		if (strcmp(l->files[i].name, name) == 0)
			return true;
	return false;
}

/*
 * Two files that were compiled in two directories may have one name: the program's src/main.c
 * and the runtime's. The second goes by its whole path.
 */
static int file_index(struct lines *l, const char *from, const char *comp_dir)
{
	bool whole = *from == '/' || !comp_dir;
	char *path = whole ? xstrdup(from) : xasprintf("%s/%s", comp_dir, from);
	for (size_t i = l->nfiles; i-- > 0;) {
		if (strcmp(l->files[i].path, path) == 0) {
			free(path);
			return (int)i;
		}
	}
	const char *name = as_compiled(path, comp_dir);
	l->files = xgrow(l->files, &l->files_cap, l->nfiles + 1, sizeof *l->files);
	l->files[l->nfiles] = (struct line_file){xstrdup(is_named(l, name) ? path : name), path};
	return (int)l->nfiles++;
}

static void add_entry(struct lines *l, Dwarf_Line *from, struct unit *unit)
{
	Dwarf_Addr pc;
	bool end = false;
	int line = 0;
	const char *path = dwarf_linesrc(from, NULL, NULL);
	if (dwarf_lineaddr(from, &pc) != 0)
		return;
	dwarf_lineendsequence(from, &end);
	dwarf_lineno(from, &line);
	/* Line 0 is code that belongs to no line in particular: it counts to the one before. */
	if (line == 0 && !end)
		return;
	if (path && path != unit->last)
		unit->last_file = file_index(l, path, unit->comp_dir);
	unit->last = path;
	l->entries = xgrow(l->entries, &l->entries_cap, l->nentries + 1, sizeof *l->entries);
	l->entries[l->nentries] =
		(struct line_entry){pc, end || !path ? -1 : unit->last_file, line, l->nentries};
	l->nentries++;
}

/*
 * In order of address; where a sequence ends at the address at which another begins, the end
 * comes first.
 */
static int by_pc(const void *a, const void *b)
{
	const struct line_entry *x = a, *y = b;
	if (x->pc != y->pc)
		return x->pc < y->pc ? -1 : 1;
	if ((x->file < 0) != (y->file < 0))
		return x->file < 0 ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

static void read_unit(struct lines *l, Dwarf_Die *unit)
{
	Dwarf_Lines *table;
	size_t n;
	if (dwarf_getsrclines(unit, &table, &n) != 0)
		return;
	struct unit u = {debug_string(unit, DW_AT_comp_dir), NULL, -1};
	for (size_t i = 0; i < n; i++)
		add_entry(l, dwarf_onesrcline(table, i), &u);
}

/* Entries that follow each other are one range, up to where there is no line. */
static void find_ranges(struct lines *l)
{
	for (size_t i = 0; i + 1 < l->nentries; i++) {
		const struct line_entry *entry = &l->entries[i];
		struct code_range *last = l->nranges ? &l->ranges[l->nranges - 1] : NULL;
		if (entry->file < 0 || entry[1].pc == entry->pc)
			continue;
		assert(!last || last->hi <= entry->pc);
		if (last && last->hi == entry->pc) {
			last->hi = entry[1].pc;
			continue;
		}
		l->ranges = xgrow(l->ranges, &l->ranges_cap, l->nranges + 1, sizeof *l->ranges);
		l->ranges[l->nranges++] = (struct code_range){entry->pc, entry[1].pc};
	}
}

struct lines *lines_new(Dwarf *dwarf)
{
	struct lines *l = xcalloc(1, sizeof *l);
	Dwarf_CU *cu = NULL;
	Dwarf_Die unit;
	while (dwarf && dwarf_get_units(dwarf, cu, &cu, NULL, NULL, &unit, NULL) == 0)
		read_unit(l, &unit);
	if (l->nentries)
		qsort(l->entries, l->nentries, sizeof *l->entries, by_pc);
	find_ranges(l);
	return l;
}

void lines_free(struct lines *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < l->nfiles; i++) {
		free(l->files[i].name);
		free(l->files[i].path);
	}
	free(l->files);
	free(l->entries);
	free(l->ranges);
	free(l);
}

size_t lines_count(const struct lines *l)
{
	return l->nentries;
}

const char *lines_at(const struct lines *l, uint64_t pc, int *line)
{
	size_t lo = 0, hi = l->nentries;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (l->entries[mid].pc <= pc)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == 0 || l->entries[lo - 1].file < 0)
		return NULL;
	assert((size_t)l->entries[lo - 1].file < l->nfiles);
	*line = l->entries[lo - 1].line;
	return l->files[l->entries[lo - 1].file].name;
}

const struct code_range *lines_ranges(const struct lines *l, size_t *n)
{
	*n = l->nranges;
	return l->ranges;
}

const char *lines_file(const struct lines *l, size_t i, const char **path)
{
	if (i >= l->nfiles)
		return NULL;
	*path = l->files[i].path;
	return l->files[i].name;
}
