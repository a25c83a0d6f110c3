/* SPDX-License-Identifier: MIT */
#include "text.h"

#include <assert.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#include "xalloc.h"

static const char replacement[] = "\xef\xbf\xbd"; /* U+FFFD */

/* ---- UTF-8 ---- */

size_t utf8_next(const char *s, size_t n, uint32_t *ch)
{
	/* The least that each length is for: what could be said in fewer bytes is none. */
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *b = (const unsigned char *)s;
	if (n == 0)
		return 0;
	size_t len = *b < 0x80 ? 1 : *b >= 0xf0 ? 4 : *b >= 0xe0 ? 3 : *b >= 0xc0 ? 2 : 0;
	if (len == 0 || len > n)
		return 0;
	*ch = len == 1 ? *b : *b & (0x7fu >> len);
	for (size_t i = 1; i < len; i++) {
		if ((b[i] & 0xc0) != 0x80)
			return 0;
		*ch = *ch << 6 | (b[i] & 0x3f);
	}
	bool surrogate = *ch >= 0xd800 && *ch < 0xe000;
	return *ch < least[len] || *ch > 0x10ffff || *b >= 0xf8 || surrogate ? 0 : len;
}

size_t utf8_whole(const char *s, size_t n, size_t all)
{
	uint32_t ch;
	assert(n <= all);
	for (size_t back = 1; back <= 3 && back <= n; back++)
		if (utf8_next(s + n - back, all - (n - back), &ch) > back)
			return n - back;
	return n;
}

bool utf8_is_hidden(uint32_t ch)
{
	static const uint32_t range[][2] = {
		{0, 0x1f}, {0x7f, 0x9f},            /* C1 */
		{0xad, 0xad},                       /* a hyphen that is only seen at a line's end */
		{0x61c, 0x61c},                     /* which way text runs, as some of the next */
		{0x180e, 0x180e}, {0x200b, 0x200f}, /* no width */
		{0x2028, 0x202e},                   /* ends of lines; which way text runs */
		{0x2060, 0x206f}, {0xfeff, 0xfeff}, /* the mark of UTF-16's byte order */
		{0xfff9, 0xfffb}, {0xe0000, 0xe007f}, /* tags */
	};
	bool ascii = ch >= 0x20 && ch < 0x7f;
	for (size_t i = 0; !ascii && i < sizeof range / sizeof *range; i++)
		if (ch >= range[i][0] && ch <= range[i][1])
			return true;
	return false;
}

/* ---- width ---- */

/* Where libc knows more than ASCII: C.UTF-8, else the user's if it is one; 0: nowhere. */
static locale_t unicode(void)
{
	static locale_t is;
	static bool looked;
	if (looked)
		return is;
	looked = true;
	is = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	if (!is)
		is = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
	if (is && strcmp(nl_langinfo_l(CODESET, is), "UTF-8") != 0) {
		freelocale(is);
		is = (locale_t)0;
	}
	return is;
}

/* Cells; 0: it is a mark on what stands before it; -1: it cannot be shown. */
static int cells_of(uint32_t ch)
{
	if (ch < 0x7f && ch >= 0x20)
		return 1;
	if (utf8_is_hidden(ch))
		return -1;
	if (!unicode())
		return 1;
	locale_t was = uselocale(unicode());
	int w = wcwidth((wchar_t)ch);
	if (w == 0 && !iswctype((wint_t)ch, wctype("combining")))
		w = -1;
	uselocale(was);
	return w;
}

/* A mark that says which picture of a character is meant: terminals differ on how wide that is. */
static bool is_variant(uint32_t ch)
{
	return (ch >= 0xfe00 && ch <= 0xfe0f) || (ch >= 0xe0100 && ch <= 0xe01ef);
}

/* ---- glyphs ---- */

/* The marks that follow a character, into its glyph; returns their bytes. */
static size_t add_marks(const char *s, size_t n, char *to)
{
	size_t used = 0, len;
	uint32_t ch;
	for (int i = 0; i < GLYPH_MARKS; i++) {
		len = utf8_next(s + used, n - used, &ch);
		if (len < 2 || cells_of(ch) != 0)
			break;
		if (!is_variant(ch))
			to = mempcpy(to, s + used, len);
		used += len;
	}
	*to = '\0';
	return used;
}

size_t glyph_next(const char *s, size_t n, struct glyph *g)
{
	uint32_t ch;
	size_t len = utf8_next(s, n, &ch);
	if (n == 0)
		return 0;
	if (len == 0) {
		strcpy(g->utf8, replacement);
		g->cells = 1;
		return 1;
	}
	if (ch == '\t')
		ch = ' ', s = " ", n = 1;
	g->cells = cells_of(ch);
	if (g->cells > 0) {
		memcpy(g->utf8, s, len);
		return len + add_marks(s + len, n - len, g->utf8 + len);
	}
	const char *number = ch < 0x80 ? "\\x%02x" : ch < 0x10000 ? "\\u%04x" : "\\U%08x";
	g->cells = snprintf(g->utf8, sizeof g->utf8, number, ch);
	return len;
}

int text_width(const char *s)
{
	struct glyph g;
	int w = 0;
	for (size_t n = strlen(s), len; (len = glyph_next(s, n, &g)); s += len, n -= len)
		w += g.cells;
	return w;
}

size_t text_bytes(const char *s, int w)
{
	struct glyph g;
	size_t used = 0, n = strnlen(s, (size_t)(w > 0 ? w : 0) * GLYPH_MAX + GLYPH_MAX);
	for (size_t len; (len = glyph_next(s + used, n - used, &g)); used += len)
		if ((w -= g.cells) < 0)
			break;
	return used;
}

char *text_shown(const char *s, size_t n)
{
	struct glyph g;
	size_t used = 0, cap = 0;
	char *out = xgrow(NULL, &cap, n + 1, 1);
	for (size_t len; (len = glyph_next(s, n, &g)); s += len, n -= len) {
		out = xgrow(out, &cap, used + GLYPH_MAX, 1);
		used = (size_t)(stpcpy(out + used, g.utf8) - out);
	}
	out[used] = '\0';
	return out;
}
