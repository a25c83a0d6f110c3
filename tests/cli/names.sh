#!/usr/bin/env bash
# What can be opened, and what is said of what cannot.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

g0scope
check "without a name, the lessons are listed" out stale_link
check "without a name it exits 0" exits 0
g0scope lessons
check "lessons lists stale_link" out stale_link

for name in stale_link examples/*stale_link.md "$O"/examples/*stale_link; do
	g0scope "$name"
	check "$name opens" exits 0
	check "$name tells of a foreign link" out foreign
	check "$name complains of nothing" silent err
done

refused 1 "no_such_lesson" no_such_lesson
check "what there is instead is listed" err stale_link
refused 1 "no/such/file" no/such/file
refused 1 "no/such.g0r" replay no/such.g0r
refused 1 "no/such.g0r" dump --json no/such.g0r
refused 1 "no/such.g0r" info no/such.g0r

echo "this is no recording" >"$work/text.g0r"
refused 1 "text.g0r" replay "$work/text.g0r"
refused 1 "text.g0r" dump --json "$work/text.g0r"
: >"$work/empty.g0r"
refused 1 "empty.g0r" info "$work/empty.g0r"

echo "not a program" >"$work/plain"
refused 1 "plain" "$work/plain"
refused 1 "/bin/true" /bin/true
refused 1 "$work" "$work"
finish
