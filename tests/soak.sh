#!/usr/bin/env bash
# soak.sh [O [SECONDS [RUNNER...]]]: random Gs at random games (tests/soak), with few Ps and with many, under each policy.
# No G hangs, and every message comes exactly once. 20 seconds if it is not said; `make soak` takes ten minutes.
# A seed goes with each run; the same seed draws the same games, but the kernel's schedule is not drawn.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
seconds=${2:-20}
runner=("${@:3}")
soak=$O/tests/programs/soak
[ -x "$soak" ] || skip_all "no $soak: build first"
# Else every process under ThreadSanitizer waits a second at its end.
export TSAN_OPTIONS=atexit_sleep_ms=0

# soaks PROCS POLICY SECONDS [GAME...]: it plays so long and finds nothing wrong.
soaks()
{
	G0_PROCS=$1 G0_MCALL=$2 "${runner[@]}" "$soak" "$3" $((RANDOM * 32768 + RANDOM)) "${@:4}" >"$work/out" 2>&1
}

explain()
{
	sed 's/^/# /;100q' "$work/out"
}

# Short runs: each has another seed.
each=5
[ $((each * 4)) -le "$seconds" ] || each=$(((seconds + 3) / 4))
for ((left = seconds; left > 0; left -= 4 * each)); do
	for how in "1 clear" "2 keep" "3 g0bp" "8 cycle"; do
		read -r procs policy <<<"$how"
		check "$procs Ps, $policy: $each seconds" soaks "$procs" "$policy" $each
		[ "$failed" != 0 ] || explain
	done
done

# hangs SAID GAME...: the Gs that hang are named, though others go on.
hangs()
{
	! PATIENCE=1 soaks 2 clear 60 "${@:2}" && grep -q "$1" "$work/out" && grep -q ': chan receive$' "$work/out"
}
check "a table that hangs is told, with the Gs that wait" hangs "^soak: table 0 hangs; seed " hang ring
# The runtime says nothing then: the watchdog is a thread of C's, which might call back.
check "so is the end of everything" hangs "^soak: table 0 hangs; seed " hang
finish
