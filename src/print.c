/* SPDX-License-Identifier: MIT */
/* print.c - the little that the runtime prints, without libc and without memory of its own. */
#include <stdarg.h>

#include "os.h"
#include "runtime.h"

/* A line being made. What does not fit is left out. */
struct line {
	char buf[512];
	size_t n;
	bool plain; /* strings may be from outside: what is no plain character is its number */
};

enum { PLAIN_MAX = 240 }; /* of a string: there is to be room for what is said of it */

static void putch(struct line *l, char c)
{
	if (l->n < sizeof l->buf)
		l->buf[l->n++] = c;
}

/* What could steer a terminal is "\x1b", what is no ASCII too; the rest of a long one is dots. */
static void putplain(struct line *l, const char *s)
{
	size_t end = l->n + PLAIN_MAX;

	for (; *s != '\0'; s++) {
		unsigned char c = *s;

		if (l->n >= end) {
			putplain(l, "...");
			return;
		}
		if (c >= ' ' && c <= '~') {
			putch(l, c);
			continue;
		}
		putch(l, '\\');
		putch(l, 'x');
		putch(l, "0123456789abcdef"[c >> 4]);
		putch(l, "0123456789abcdef"[c & 15]);
	}
}

static void putstring(struct line *l, const char *s)
{
	if (s == NULL)
		s = "(null)";
	if (l->plain)
		putplain(l, s);
	while (!l->plain && *s != '\0')
		putch(l, *s++);
}

/* Digits are made from the last to the first. */
static void putuint(struct line *l, uint64_t v, unsigned base)
{
	char digits[20];
	int n = 0;

	do
		digits[n++] = "0123456789abcdef"[v % base];
	while ((v /= base) != 0);
	while (n > 0)
		putch(l, digits[--n]);
}

static void putint(struct line *l, int64_t v)
{
	if (v < 0)
		putch(l, '-');
	putuint(l, v < 0 ? -(uint64_t)v : (uint64_t)v, 10);
}

static void putptr(struct line *l, const void *p)
{
	putstring(l, "0x");
	putuint(l, (uintptr_t)p, 16);
}

/* fmt is behind the %. */
static _Noreturn void unknown(const char *fmt)
{
	const char s[] = {fmt[0], fmt[0] == 'l' ? fmt[1] : '\0', '\0'};

	eprint("g0: %%%s: use %%d, %%ld, %%x, %%s, %%p or %%%%\n", s);
	throw("print: unknown format");
}

/* %ld: *fmt is at the l. */
static void putlong(struct line *l, const char **fmt, va_list *ap)
{
	if (*++*fmt != 'd')
		unknown(*fmt - 1);
	putint(l, va_arg(*ap, long));
}

static void format(struct line *l, const char *fmt, va_list *ap)
{
	for (; *fmt != '\0'; fmt++) {
		if (*fmt != '%') {
			putch(l, *fmt);
			continue;
		}
		switch (*++fmt) {
		case '%': putch(l, '%'); break;
		case 's': putstring(l, va_arg(*ap, const char *)); break;
		case 'd': putint(l, va_arg(*ap, int32_t)); break;
		case 'D': putint(l, va_arg(*ap, int64_t)); break;
		case 'U': putuint(l, va_arg(*ap, uint64_t), 10); break;
		case 'l': putlong(l, &fmt, ap); break;
		case 'x': putuint(l, va_arg(*ap, uint32_t), 16); break;
		case 'p': putptr(l, va_arg(*ap, void *)); break;
		default: unknown(fmt);
		}
	}
}

void eprint(const char *fmt, ...)
{
	struct line l;
	va_list ap;

	l.n = 0;
	l.plain = true;
	va_start(ap, fmt);
	format(&l, fmt, &ap);
	va_end(ap);
	oswrite(2, l.buf, l.n);
}

void g0_printf(const char *fmt, ...)
{
	struct line l;
	va_list ap;

	if (fmt == NULL)
		throw("g0_printf: fmt is NULL");
	l.n = 0;
	l.plain = false;
	va_start(ap, fmt);
	format(&l, fmt, &ap);
	va_end(ap);
	oswrite(1, l.buf, l.n);
	preemptlookanywhere();
}

void g0_puts(const char *s)
{
	size_t n = 0;

	if (s == NULL)
		throw("g0_puts: s is NULL");
	while (s[n] != '\0')
		n++;
	oswrite(1, s, n);
	preemptlookanywhere();
}
