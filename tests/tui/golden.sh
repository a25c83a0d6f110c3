#!/usr/bin/env bash
# The lesson in the terminal, stop by stop under keep and then under clear, against tests/tui/golden/stale_link.txt: what a
# profiler would report beside the truth, the verdict, and what is told. Offsets and steps change with compilers and are left
# out; symbols, links and verdicts do not. UPDATE=1 writes the file anew.
# shellcheck source=tests/tui/lib.sh
. "$(dirname "$0")/lib.sh"
stops=$(grep -c '^## ' "$root"/examples/*stale_link.md)

# The two columns, side by side; how a link is told is cut where the column ends.
answer()
{
	local line report
	screen | sed -nE '/a profiler would report/,/^ ?[A-Z]+(:| |$)/p' | while IFS= read -r line; do
		report=${line:0:40}
		case $line in
		*◀*) echo "${report%%:*} | ${line:40}" ;;
		" "[A-Z]*) echo "$line" ;;
		*[![:blank:]]*) echo "$report | ${line:40}" ;;
		esac
	done | sed -E -e 's/\+0x[0-9a-f]+//g' -e 's/step [0-9]+/step …/' -e 's/[[:blank:]]+/ /g' -e 's/ $//'
}

told()
{
	screen | grep -E "^ $1 of $stops · "
}

on_stop()
{
	told "$1" >/dev/null
}

# Each stop's picture, from the first on.
walk()
{
	local stop
	for ((stop = 1; stop <= stops; stop++)); do
		keys Space
		wait_until on_stop "$stop"
		echo "== $1: $(told "$stop")"
		answer
	done
}

term_open 80x50 tmux-256color
view stale_link
walk keep >"$work/story"
keys t
wait_for "· clear:"
keys Home
wait_until shows "step 0 of"
walk clear >>"$work/story"

golden=$root/tests/tui/golden/stale_link.txt
[ -z "${UPDATE:-}" ] || cp "$work/story" "$golden"
if diff -u "$golden" "$work/story" >"$work/diff"; then
	ok "the story in the terminal is tests/tui/golden/stale_link.txt"
else
	not_ok "the story in the terminal is tests/tui/golden/stale_link.txt; if it is right: UPDATE=1 tests/tui/golden.sh"
	sed 's/^/  | /' "$work/diff"
fi
check "under keep it ends in CHIMERA" grep -q '^ CHIMERA' "$work/story"
check_not "under clear nothing is wrong" grep -q '✗' <(sed -n '/^== clear/,$p' "$work/story")

# What a stop expects, and is not so, stands there and at no other step.
sed 's/is CHIMERA/is WILD/' "$root"/examples/*stale_link.md >"$work/wrong.md"
cp "$O"/examples/*stale_link "$work/wrong"
keys q
wait_done 0
view "--stop=$stops" ./wrong.md
wait_for "under keep expected verdict of M0 is WILD"
keys m
wait_for "M1 is the M looked at"
check "what is not as expected is said as long as the stop is looked at" shows "under keep expected verdict"
keys t
wait_for "· clear:"
check_not "under clear it is as expected" shows "under keep expected"
keys t
wait_for "under keep expected"
keys Left
wait_for "said at step"
check_not "and elsewhere nothing is" shows "under keep expected"
finish
