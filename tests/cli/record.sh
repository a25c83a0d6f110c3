#!/usr/bin/env bash
# record, info, dump and replay; and recordings that are cut or spoilt.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
r=$work/keep.g0r

g0scope record stale_link --mcall=keep -o "$r"
check "record exits 0" exits 0
check "record says what it wrote" out "$r"
check "record complains of nothing" silent err

g0scope info "$r"
check "info exits 0" exits 0
check "info names the policy" out keep
check "info gives the schedule" out "M0*"

g0scope dump --json "$r"
cp "$work/out" "$work/first.json"
check "dump exits 0" exits 0
check "under keep a link is foreign" out '"link":"foreign"'
check "under keep a verdict is CHIMERA" out '"verdict":"CHIMERA"'
if command -v python3 >/dev/null; then
	check "every line is an object" python3 -c '
import json, sys
steps = [json.loads(line)["step"] for line in open(sys.argv[1])]
assert steps == list(range(len(steps))) and steps' "$work/out"
fi
g0scope dump --json --step=3 "$r"
check "--step=3 dumps one line" test "$(wc -l <"$work/out")" = 1
refused 1 "99999999" dump --json --step=99999999 "$r"
refused 1 "the recording ends at step" --view=text --step=99999999 "$r"

g0scope record stale_link --mcall=keep -o "$work/again.g0r"
g0scope dump --json "$work/again.g0r"
check "the same schedule gives the same JSON" cmp "$work/first.json" "$work/out"

# What the kernel says when all Ms sleep must not be what it says in one run only.
for again in "" .again; do
	g0scope record deadlock --seed=1 -o "$work/deadlock.g0r"
	g0scope dump --json --words "$work/deadlock.g0r"
	cp "$work/out" "$work/deadlock.json$again"
done
check "a deadlock is the same twice" cmp "$work/deadlock.json" "$work/deadlock.json.again"
check "and said" grep -qF '"event":"deadlock"' "$work/deadlock.json"

# The first thread's stack lies below the environment and the program's name; words of it are on g0's stack.
elsewhere()
{
	(cd / && env MORE="$(seq 1000 | tr '\n' ' ')" "$G0SCOPE" record stale_link --mcall=keep -o "$work/elsewhere.g0r")
}
check "record works in another directory and environment" elsewhere
g0scope dump --json --words "$r"
cp "$work/out" "$work/here.json"
g0scope dump --json --words "$work/elsewhere.g0r"
check "and gives the same words there" cmp "$work/here.json" "$work/out"

g0scope record stale_link --mcall=clear -o "$work/clear.g0r"
g0scope dump --json "$work/clear.g0r"
check_not "under clear no link is foreign" out '"link":"foreign"'
check_not "under clear no verdict is wrong" grep -qE '"verdict":"(STALE|CHIMERA|MISLEADING|CYCLE|WILD)"' "$work/out"

g0scope replay "$r"
check "replay without a terminal is text" out "M0"
check "replay exits 0" exits 0
g0scope "$r"
check "a recording is opened by its name alone" exits 0

# Cut anywhere, a recording opens up to there or is refused in a sentence; nothing crashes.
size=$(stat -c %s "$r")
for part in 1 4 8 16 64; do
	head -c $((size * part / 100 + part)) "$r" >"$work/cut.g0r"
	g0scope info "$work/cut.g0r"
	check "cut after $part %: exits 0 or 1" test "$status" -le 1
	check "cut after $part %: something is said" test -s "$work/out" -o -s "$work/err"
done

# What became of the program, or why it was not followed further.
subject=$O/tests/programs/subject
[ -x "$O/plain/tests/programs/subject" ] && subject=$O/plain/tests/programs/subject
says()
{
	local want=$1 what=$2
	shift 2
	g0scope record -o "$work/end.g0r" "$@"
	check "record $* says \"$what\"" out "; $what"
	check "record $* exits $want" exits "$want"
}
says 0 "the lesson's last stop" stale_link
says 0 "the schedule ends there" --schedule="M0*5" stale_link
g0scope record -o "$work/end.g0r" --schedule="M0*5 M7" stale_link
check "an M that is not there: exits 1" exits 1
check "an M that is not there: which there are is said, and nothing of a screen" grep -q "there is no M7 here, only M0\\(, M[0-9]\\)*, 5 steps into the schedule$" "$work/err"
says 0 "the program ended with status 3" "$subject" -- exit3
says 0 "M0 was killed by SIGSEGV at segv+0x" "$subject" -- segv
# Shown, too, as far as it went.
for mode in segv exit3; do
	g0scope --view=text --schedule="M0*100000" "$subject" -- "$mode"
	case $mode in
	segv) end="M0 was killed by SIGSEGV at segv+0x" ;;
	exit3) end="the program ended with status 3" ;;
	esac
	check "a schedule that goes on after $mode: it is shown at its end" out " $end"
	check "and said" err "$end"
	check "and why that is not all" err ", before what was to be followed did"
	check "and exits 1" exits 1
done
g0scope --view=text --schedule="M0*5 M7" stale_link
check "one of an M that is not there shows nothing" silent out
# Stopped before the end: the exit status says so too.
says 1 "stopped at step 50: --limit=50 allows no more" --seed=1 --limit=50 stale_link
says 1 "stopped at step 100000, as always without --limit=N" "$subject" -- spin
says 1 "stopped at step " "$subject" -- stuck
check "and that nobody can go on" out "where nobody can go on: all Ms are asleep"

# Code that never comes back: the limit ends it, and so does Ctrl-C.
unruly=${subject%subject}unruly
says 1 "stopped at step 500: --limit=500 allows no more" --limit=500 "$unruly" -- spins_in_library
timeout -s INT 3 "$G0SCOPE" record --limit=1000000000 "$unruly" -o "$work/end.g0r" -- spins_in_library >"$work/out" 2>"$work/err" </dev/null
status=$?
check "Ctrl-C ends it" exits 124
check_not "and the program with it" pgrep -f "^unruly spins_in_library"

# Of a lesson that does not come to a stop there is what it came to, and that is said.
cat >"$work/dead_end.md" <<EOF
---
title: x
program: $EXAMPLES/05_systemstack
---

## One

\`\`\`do
run M0 for 5 steps
run M7 until asleep
\`\`\`
EOF
"$G0SCOPE" record "$work/dead_end.md" -o "$work/dead_end.g0r" >"$work/out" 2>"$work/err"
status=$?
check "a lesson that comes to nothing: exits 1" exits 1
check "its recording is told of" out "dead_end.g0r: 5 steps of 05_systemstack under"
check "and why it ends there" err "run M7 until asleep"
# A place that cannot be written to is said before there is a run of half a minute to lose.
refused 1 "no/such/dir" record stale_link -o no/such/dir/x.g0r
refused 1 "no/such/dir" record no_such_lesson -o no/such/dir/x.g0r
finish
