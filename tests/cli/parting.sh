#!/usr/bin/env bash
# Where two runs of one schedule part, that is said, and at which step; where they do not, nothing is.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
chance=$(realpath "$O/tests/programs/chance")

# said FILE: that they part, and where, in what it printed there.
said()
{
	grep -qE 'runs of this schedule part at step [1-9][0-9]*: G1.s word …[0-9a-f]+ is 0x[0-9a-f]+, and' "$work/$1"
}

# A lesson of a program that draws a number, which changes nothing of where it goes.
ln -s "$chance" "$work/chance"
cat >"$work/chance.md" <<END
---
title: A number drawn
program: chance
mcall: keep
---
## Drawn
\`\`\`do
run M0 until event exit
\`\`\`
END
G0SCOPE_EXAMPLES=$work
g0scope check "$work/chance.md" -- random
check "check: not the same run" exits 1
check "check: where" said err
g0scope "$work/chance.md" -- random
check "a lesson as text: where, and what" said out
check "a lesson as text: status" exits 1
g0scope check "$work/chance.md" -- nothing
check "the same run: nothing is said" exits 0
g0scope record "$work/chance.md" --mcall=clear -o "$work/r.g0r" -- random
check "record: where, and what" said err
check "record: it is recorded" exits 0
g0scope record "$work/chance.md" --mcall=clear -o "$work/r.g0r" -- nothing
check "record: the same run" silent err

# A recording, and the program that lies beside it.
g0scope --view=text "$work/r.g0r"
check "the program that was recorded" silent err
rm "$work/chance"
cp "$O/tests/programs/inherited" "$work/chance"
g0scope --view=text "$work/r.g0r"
check "another build of it" err "recorded with another build of chance"
g0scope info "$work/r.g0r"
check "info: which build" grep -qE '^build +[0-9a-f]{16}$' "$work/out"
finish
