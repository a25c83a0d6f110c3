#!/usr/bin/env bash
# check: lessons hold, or it is said where they do not; a mistake in one is named by file, line and column.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
lesson=$(echo "$root"/examples/*stale_link.md)

g0scope check stale_link
check "stale_link holds" exits 0
check "and it is said" out "ok 1 - stale_link"

# With the same program, whatever the lesson is called.
spoil()
{
	sed -E "$2" "$lesson" >"$work/$1.md"
	cp "$O"/examples/*stale_link "$work/$1"
	cmp -s "$lesson" "$work/$1.md" && echo "not ok - $1: the lesson has nothing like that to spoil"
	g0scope check "$work/$1.md"
}

spoil typo '0,/^run M/s//rnu M/'
line=$(grep -n '^rnu M' "$work/typo.md" | head -1 | cut -d: -f1)
check "a typo: exits 1" exits 1
check "a typo: file and line are named" err "typo.md:$line:"
check "a typo: so is the column" grep -qE "typo\.md:$line:[0-9]+: " "$work/err"

spoil wrong 's/is CHIMERA/is WILD/'
check "what does not hold: exits 1" exits 1
check "what does not hold: file and line are named" grep -qE 'wrong\.md:[0-9]+:' "$work/err"
check "what does not hold: not ok" out "not ok 1"
stop=$(grep -c '^## ' "$work/wrong.md")
for size in 80x24 118x42; do
	g0scope --view=text --stop="$stop" --size=$size "$work/wrong.md"
	check "what does not hold: a picture of $size says so" grep -qE 'wrong\.md:[0-9]+: under keep expected verdict' "$work/out"
	check "what does not hold: so does the exit status" exits 1
done
g0scope --view=text --stop="$stop" --mcall=clear "$work/wrong.md"
check_not "under clear it holds" out "expected"
check "and the exit status is 0" exits 0

g0scope --view=text --stop=2 echo
check "an M that sleeps in a system call is not said to be on g0" out "M1 asleep in G2"

g0scope --view=text --stop=2 stale_link
step=$(sed -nE '1s/.* step ([0-9]+) of .*/\1/p' "$work/out")
check "at its stop a text is of here" out " 2 of 6 · The link appears"
check_not "which is not said" out "said"
g0scope --view=text --stop=2 --schedule="M0*$((step + 1))" --step="$((step + 1))" stale_link
check "a step on it is said where it was" out " 2 of 6 · The link appears · said at step $step"
g0scope --view=text --stop=2 --schedule="M0*$((step - 1))" --step="$((step - 1))" stale_link
check "before the stop it is the one before" out " 1 of 6 · Frame pointers at rest · said at step "
g0scope --view=text --stop=2 --step=10 stale_link
check "a step may lie before a stop, which is gone to first" out "step 10 of $step"
g0scope --view=text --schedule="M0*10" stale_link
check "where a schedule ends is a place to be shown" out "step 10 of 10"
g0scope --view=text --stop=2 --mcall=cycle stale_link
check "under another policy it is said which it was" out " 2 of 6 · The link appears · said under keep"
g0scope --view=text --stop=2 --mcall=clear stale_link
check_not "what is written for clear is of clear" out "said"
g0scope --view=text --mcall=cycle stale_link
check "so it is when all of it is told" out "2. The link appears · said under keep"

g0scope check stale_link no_such_lesson
check "one of two missing: exits 1" exits 1
check "one of two missing: the other is told all the same" out "ok 1 - stale_link"
finish
