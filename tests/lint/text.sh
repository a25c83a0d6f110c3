#!/usr/bin/env bash
# What a reader minds: files over 500 lines (assembly: 120), lines over 100 columns, blanks at line ends, words that
# mark unfinished work, a source without its licence line. And a sentence of the visualizer's that does not go through say.
. "$(dirname "$0")/common.sh"

sources c h def | xargs -r awk 'FNR == 501 { print FILENAME ":501: over 500 lines: two ideas, two files" }'
sources S | xargs -r awk 'FNR == 121 { print FILENAME ":121: over 120 lines: one routine a file" }'

# Columns, not bytes: expand knows tabs; UTF-8 characters are counted by their first byte.
for f in $(sources c h); do
	expand "$f" | LC_ALL=C awk -v f="$f" '
		{ n = length($0) - gsub(/[\200-\277]/, "") }
		n > 100 { print f ":" FNR ": " n " columns; 100 are enough" }'
done

sources c h S def sh py | xargs -r grep -nE '[[:blank:]]+$' /dev/null |
	sed -E 's/^([^:]*:[0-9]+:).*/\1 blanks at the end of the line/'

# Spelled so that this file does not find itself.
grep -rnwIE --exclude-dir=.git --exclude-dir=build 'TO''DO|FIX''ME|XX''X' . |
	sed -E 's|^\./([^:]*:[0-9]+:).*|\1 marks unfinished work|'

for f in $(sources c h S def); do
	head -n 1 "$f" | grep -q 'SPDX-License-Identifier: MIT' || echo "$f:1: the first line does not name the licence"
done

# Words from outside may stand in it, and printf would let them steer the terminal.
find visualizer -name '*.c' ! -path '*/model/say.c' ! -path '*/model/xalloc.c' -print0 | sort -z |
	xargs -0r grep -nE '\bv?fprintf\(stderr|\bv?snprintf\(([a-z]+(->|\.))*(err|why|message|note|sentence|saw)\b|\bperror\(' /dev/null |
	sed -E 's/^([^:]*:[0-9]+:).*/\1 a sentence is made by say, say_more or say_line/'
