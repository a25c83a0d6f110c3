/* SPDX-License-Identifier: MIT */
/*
 * prof.c - the sampler: each M is interrupted by a timer of its own CPU time, and its frame
 * pointers are followed as a profiler follows them; unlike a profiler, it says what the answer
 * is worth. G0_PROF=FILE.
 *
 * The walk is in the signal handler, on the M's signal stack. It reads two words of a stack that
 * is known to be one, and nothing else, so it cannot fault; it takes no lock and no memory.
 * Whenever a frame pointer leads into another stack, the verdict is by who owns that stack now.
 * Equal stacks are counted together, in a table of the M's own. At the end of the process the
 * tables are written as folded stacks, outermost function first, under the verdict as a frame.
 */
#include <elf.h>

#include "os.h"
#include "runtime.h"

enum { DEPTH = 32, BUCKETS = 2048, PROBES = 16, LINE = 4096 };

/* What the walk is worth, by the worst link that it followed. */
enum verdict { VALID, STALE, CHIMERA, MISLEADING, CYCLE, WILD, NOFP };
static const char *const verdicts[] = {
	"VALID", "STALE", "CHIMERA", "MISLEADING", "CYCLE", "WILD", "NOFP"};

struct sample {
	uint64_t count; /* 0: this place is free */
	uint32_t n;
	enum verdict verdict;
	uintptr_t pc[DEPTH]; /* innermost first; the others are return addresses */
};

struct proftable {
	uint64_t lost; /* on no stack of ours, or there was no place left */
	struct sample sample[BUCKETS];
};

static const char *file; /* NULL: nobody is interrupted */
static struct osfile out;

void profinit(void)
{
	file = env_file("G0_PROF");
	if (file == NULL)
		return;
	ossampler();
	osatexit(profwrite);
}

struct proftable *profnew(void)
{
	return file == NULL || out.writer != 0 ? NULL : mallocz(sizeof(struct proftable));
}

/* ---- the walk ---- */

LOOKS static bool within(const G *gp, uintptr_t addr)
{
	return gp != NULL && addr >= gp->stack.lo && addr <= gp->stack.hi - 2 * sizeof(uintptr_t);
}

/*
 * Whose stack a frame record at addr lies in; NULL: nobody's. Reads only what is never freed: of
 * what foreign threads have for g0s, none but mp's own.
 */
LOOKS static G *owner(M *mp, uintptr_t addr)
{
	if (addr % sizeof(uintptr_t) != 0)
		return NULL;
	if (within(mp->g0, addr))
		return mp->g0;
	for (int32_t i = 0, n = allglen; i < n; i++)
		if (within(allgs[i], addr))
			return allgs[i];
	for (M *m = allm; m != NULL; m = m->alllink)
		if (m->extrag == NULL && within(m->g0, addr))
			return m->g0;
	return NULL;
}

/*
 * A frame pointer of mp leads to a record of gp's, from another stack. Nobody's: what is there
 * may still be what mp has left, if it is the record that mcall made for gp to go on from.
 */
LOOKS static enum verdict judge(const M *mp, const G *gp, const uintptr_t *record)
{
	uint32_t status = atomic_load(&gp->atomicstatus);

	if (gp->m == mp)
		return VALID;
	if (status != Grunnable && status != Gwaiting)
		return CHIMERA;
	return record[0] == gp->sched.bp && record[1] == gp->sched.pc ? STALE : CHIMERA;
}

/*
 * Whether a link goes up g0 out of what mcall has called there. Nothing did call that on g0: what
 * lies above g0.sched.sp is C that waits for a callback to return, and has nothing to do with it.
 */
LOOKS static bool misleads(const G *g0, uintptr_t from, uintptr_t fp)
{
	return within(g0, from) && from < g0->sched.sp && within(g0, fp) && fp >= g0->sched.sp;
}

/* What a link to gp's record at fp is worth, from `from`, which lies in the stack of `in`. */
LOOKS static enum verdict worth(const M *mp, const G *in, uintptr_t from, const G *gp, uintptr_t fp)
{
	enum verdict v = gp == in ? VALID : judge(mp, gp, (const uintptr_t *)fp);

	return v == VALID && misleads(mp->g0, from, fp) ? MISLEADING : v;
}

/* Whether code may have anything in the frame-pointer register: neither ours nor the program's. */
LOOKS static bool library(uintptr_t pc)
{
	return pc < (uintptr_t)_start || pc >= (uintptr_t)runtime_etext;
}

/*
 * Follow the chain from fp, which stands in the register at sp. Past library code it goes on for
 * as long as it looks right.
 */
LOOKS static void walk(M *mp, uintptr_t sp, uintptr_t fp, struct sample *s)
{
	const G *in = owner(mp, sp & -sizeof(uintptr_t));
	bool lost = library(s->pc[0]);

	for (uintptr_t last = 0; fp != 0 && s->n < DEPTH; last = fp, fp = *(uintptr_t *)fp) {
		const G *gp = owner(mp, fp);
		enum verdict v = gp == NULL ? WILD : CYCLE;
		if (gp != NULL && (gp != in || fp > last))
			v = worth(mp, in, last == 0 ? sp : last, gp, fp);
		if (v != VALID && lost)
			v = NOFP;
		if (s->verdict == VALID || v == CYCLE || v == WILD)
			s->verdict = v;
		if (v >= CYCLE)
			return;
		in = gp;
		s->pc[s->n++] = ((const uintptr_t *)fp)[1];
		lost = lost || library(s->pc[s->n - 1]);
	}
}

/* ---- counting ---- */

static bool equal(const struct sample *a, const struct sample *b)
{
	if (a->n != b->n || a->verdict != b->verdict)
		return false;
	for (uint32_t i = 0; i < a->n; i++)
		if (a->pc[i] != b->pc[i])
			return false;
	return true;
}

static void count(struct proftable *t, const struct sample *s)
{
	uint64_t hash = s->verdict;

	for (uint32_t i = 0; i < s->n; i++)
		hash = (hash ^ s->pc[i]) * 0x9e3779b97f4a7c15;
	hash ^= hash >> 32;
	for (uint64_t i = 0; i < PROBES; i++) {
		struct sample *place = &t->sample[(hash + i) % BUCKETS];
		if (place->count == 0) {
			place->n = s->n;
			place->verdict = s->verdict;
			for (uint32_t k = 0; k < s->n; k++)
				place->pc[k] = s->pc[k];
		}
		if (equal(place, s)) {
			place->count++;
			return;
		}
	}
	t->lost++;
}

void profsample(uintptr_t pc, uintptr_t sp, uintptr_t fp)
{
	G *gp = getg();
	M *mp = gp == NULL ? NULL : gp->m;
	struct proftable *t = mp == NULL ? NULL : atomic_load(&mp->prof);
	struct sample s; /* large: an initialiser would have the compiler call memset */

	if (t == NULL)
		return;
	if (owner(mp, sp & -sizeof(uintptr_t)) == NULL) {
		t->lost++;
		return;
	}
	s.verdict = VALID;
	s.n = 1;
	s.pc[0] = pc;
	walk(mp, sp, fp, &s);
	count(t, &s);
}

/* ---- the file ---- */

struct line {
	char buf[LINE];
	size_t n;
};

static void add(struct line *l, const char *s)
{
	while (*s != '\0' && l->n < sizeof l->buf)
		l->buf[l->n++] = *s++;
}

static void addnumber(struct line *l, uint64_t v)
{
	char digits[21];
	int i = sizeof digits - 1;

	for (digits[i] = '\0'; digits[i] == '\0' || v != 0; v /= 10)
		digits[--i] = (char)('0' + v % 10);
	add(l, digits + i);
}

/* The function that pc lies in, by the program's own symbol table; "?": by none. */
static const char *function(const char *image, uintptr_t pc)
{
	const Elf64_Ehdr *eh = (const void *)image;
	const Elf64_Shdr *sh = image == NULL ? NULL : (const void *)(image + eh->e_shoff);

	for (int i = 0; sh != NULL && i < eh->e_shnum; i++) {
		const Elf64_Sym *s = (const void *)(image + sh[i].sh_offset);
		if (sh[i].sh_type != SHT_SYMTAB)
			continue;
		for (size_t k = 0; k < sh[i].sh_size / sizeof *s; k++)
			if (ELF64_ST_TYPE(s[k].st_info) == STT_FUNC &&
				pc - s[k].st_value < s[k].st_size)
				return image + sh[sh[i].sh_link].sh_offset + s[k].st_name;
	}
	return "?";
}

static void putsample(const char *image, const struct sample *s)
{
	static struct line l;

	l.n = 0;
	add(&l, verdicts[s->verdict]);
	for (uint32_t i = s->n; i-- > 0;) {
		add(&l, ";");
		add(&l, function(image, s->pc[i] - (i > 0)));
	}
	add(&l, " ");
	addnumber(&l, s->count);
	add(&l, "\n");
	osput(&out, l.buf, l.n);
}

static void puttable(const char *image, const struct proftable *t)
{
	struct sample lost;

	lost.verdict = VALID;
	lost.n = 0;
	lost.count = t->lost;
	for (int i = 0; i < BUCKETS && out.err == 0; i++)
		if (t->sample[i].count > 0)
			putsample(image, &t->sample[i]);
	/* A verdict and no frame. */
	if (lost.count > 0)
		putsample(image, &lost);
}

/* Ms that still run are no longer interrupted to any effect: their tables are taken away. */
void profwrite(void)
{
	const char *image;
	struct proftable *t;

	if (file == NULL || !osfirst(&out))
		return;
	image = osmapself();
	oscreate(&out, file);
	for (M *mp = allm; mp != NULL; mp = mp->alllink)
		if ((t = atomic_exchange(&mp->prof, NULL)) != NULL)
			puttable(image, t);
	osfinish(&out, "G0_PROF", file);
}
