/* SPDX-License-Identifier: MIT */
/*
 * A fuzz target without a fuzzer: it is given each file of its corpus, or of the command line. The
 * one that it dies of is the last that was named.
 */
#include <dirent.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"

static bool run(const char *path)
{
	FILE *f = fopen(path, "rb");
	uint8_t *p = NULL;
	size_t n = 0;
	bool ok = f != NULL;
	printf("# %s\n", path);
	fflush(stdout);
	for (size_t got = 1; ok && got; n += got) {
		enum { MORE = 1 << 16 };
		p = realloc(p, n + MORE);
		ok = p != NULL;
		got = ok ? fread(p + n, 1, MORE, f) : 0;
	}
	ok = ok && !ferror(f);
	if (f)
		fclose(f);
	if (ok)
		LLVMFuzzerTestOneInput(p, n);
	free(p);
	printf("%s - %s\n", ok ? "ok" : "not ok", path);
	return ok;
}

static int is_file(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

int main(int argc, char **argv)
{
	static const char folder[] = "tests/fuzz/corpus/" TARGET;
	struct dirent **list;
	bool ok = true;
	for (int i = 1; i < argc; i++)
		ok &= run(argv[i]);
	if (argc > 1)
		return !ok;
	int n = scandir(folder, &list, is_file, alphasort);
	if (n <= 0) {
		printf("not ok - there is no file in %s: run this where that is\n", folder);
		return 1;
	}
	for (int i = 0; i < n; i++) {
		char path[1024];
		snprintf(path, sizeof path, "%s/%s", folder, list[i]->d_name);
		ok &= run(path);
		free(list[i]);
	}
	free(list);
	/* Of another version of what is read, say, it would be a corpus of refusals. */
	if (!fuzz_taken)
		printf("not ok - nothing in %s can be read: make fuzz-corpus\n", folder);
	return !ok || !fuzz_taken;
}
