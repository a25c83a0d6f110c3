/* SPDX-License-Identifier: MIT */
/* The note that tells a program's layout, and whether what it tells can be. */
#include "layout.h"

#include <assert.h>
#include <string.h>

#include "model/say.h"

#define SECTION ".note.g0.layout"
#define REBUILD "rebuild it with this libg0.a"

enum { TYPE = 3, VERSION = 1, KIND_AT = 0, SIZE_AT = 4, VALUE_AT = 8, NAME_AT = 16 };

/* ---- the note ---- */

/* The text of a note, and where it is loaded. */
struct note {
	const uint8_t *text;
	size_t n;
	uint64_t addr;
};

static uint32_t word(const uint8_t *at)
{
	uint32_t w;
	memcpy(&w, at, sizeof w);
	return w;
}

/* False: there is none that is whole. */
static bool find_note(Elf_Scn *scn, const GElf_Shdr *shdr, struct note *to)
{
	GElf_Nhdr nhdr;
	size_t name, desc;
	Elf_Data *data = program_data(scn);
	for (size_t at = 0; data && (at = gelf_getnote(data, at, &nhdr, &name, &desc)) > 0;) {
		const uint8_t *text = data->d_buf;
		if (nhdr.n_type != TYPE || nhdr.n_namesz != sizeof "g0" ||
			memcmp(text + name, "g0", sizeof "g0") != 0)
			continue;
		*to = (struct note){text + desc, nhdr.n_descsz, shdr->sh_addr + desc};
		return to->n >= sizeof(uint32_t);
	}
	return false;
}

/* Take over what the entry at `at` tells of an item. False: it is told already. */
static bool take_entry(
	const struct note *note, size_t at, size_t nname, struct layout_item *items, size_t n)
{
	const uint8_t *entry = note->text + at;
	assert(at + NAME_AT + nname < note->n);
	struct layout_item *item = layout_item(items, n, (enum layout_kind)word(entry + KIND_AT),
		(const char *)entry + NAME_AT, nname);
	if (!item)
		return true;
	bool again = item->told;
	item->told = true;
	item->size = word(entry + SIZE_AT);
	memcpy(&item->value, entry + VALUE_AT, sizeof item->value);
	if (item->kind == LAYOUT_VARIABLE)
		item->value += note->addr + at + VALUE_AT;
	return !again;
}

static bool read_note(const struct program *p, const struct note *note, struct layout_item *items,
	size_t n, char *err, size_t nerr)
{
	for (size_t at = sizeof(uint32_t); at < note->n;) {
		size_t room = note->n - at;
		const char *name = (const char *)note->text + at + NAME_AT;
		size_t nname = room > NAME_AT ? strnlen(name, room - NAME_AT) : room;
		if (NAME_AT + nname >= room) {
			say(err, nerr, "the layout note of %s is cut off; " REBUILD, p->path);
			return false;
		}
		if (!take_entry(note, at, nname, items, n)) {
			say(err, nerr, "the layout note of %s tells of %s twice; " REBUILD, p->path,
				name);
			return false;
		}
		at += (NAME_AT + nname + 1 + 3) & ~(size_t)3;
	}
	return true;
}

/* Out of the note; out of debug information if there is none. */
static bool read_any(
	const struct program *p, struct layout_item *items, size_t n, char *err, size_t nerr)
{
	GElf_Shdr shdr;
	struct note note;
	Elf_Scn *scn = program_section(p, SECTION, &shdr);
	if (!scn)
		layout_from_dwarf(p, items, n);
	else if (!find_note(scn, &shdr, &note))
		say(err, nerr, "the layout note of %s is cut off; " REBUILD, p->path);
	else if (word(note.text) > VERSION)
		say(err, nerr,
			"%s is of a newer libg0.a, whose layout note cannot be read here; " REBUILD
			", or take the g0scope of that one",
			p->path);
	else
		return read_note(p, &note, items, n, err, nerr);
	return !scn;
}

/* ---- whether it can be ---- */

static bool is_64_bit_little_endian(const struct program *p)
{
	size_t n;
	const char *ident = elf_getident(p->elf, &n);
	return ident && n > EI_DATA && ident[EI_CLASS] == ELFCLASS64 &&
	       ident[EI_DATA] == ELFDATA2LSB;
}

/* Whether a field lies in its struct. */
static bool is_inside(const struct layout_item *field, struct layout_item *items, size_t n)
{
	const struct layout_item *in =
		layout_item(items, n, LAYOUT_STRUCT, field->name, strcspn(field->name, "."));
	return in && in->size >= field->size && field->value <= in->size - field->size;
}

static bool is_readable(const struct layout_item *item)
{
	if (item->kind == LAYOUT_CONSTANT)
		return true;
	if (item->size == 0 || item->size > item->most)
		return false;
	bool is_number = item->kind == LAYOUT_VARIABLE && item->size <= sizeof(uint64_t);
	return (item->kind != LAYOUT_FIELD && !is_number) || (item->size & (item->size - 1)) == 0;
}

bool layout_read(
	const struct program *p, struct layout_item *items, size_t n, char *err, size_t nerr)
{
	if (!is_64_bit_little_endian(p)) {
		say(err, nerr,
			"%s is not for a 64-bit little-endian machine; build it for one that is",
			p->path);
		return false;
	}
	if (!read_any(p, items, n, err, nerr))
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct layout_item *item = &items[i];
		if (!item->told && item->optional)
			continue;
		if (!item->told)
			say(err, nerr, "%s does not tell of its runtime's %s; " REBUILD, p->path,
				item->name);
		else if (!is_readable(item))
			say(err, nerr,
				"%s has a runtime whose %s has %llu bytes, which g0scope cannot "
				"read; " REBUILD,
				p->path, item->name, (unsigned long long)item->size);
		else if (item->kind == LAYOUT_FIELD && !is_inside(item, items, n))
			say(err, nerr, "%s tells that %s is beyond the end of its struct; " REBUILD,
				p->path, item->name);
		else
			continue;
		return false;
	}
	return true;
}
