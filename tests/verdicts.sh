#!/usr/bin/env bash
# Programs interleaved at random, every M judged at every step: under clear nothing but VALID (or NOFP inside of
# library code), over more than 10,000 steps; under keep and under cycle what is wrong with each.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
need_g0scope

# verdicts POLICY PROGRAM SEED: how often each verdict was given, "COUNT NAME" a line, and the steps in $steps.
verdicts()
{
	rm -f "$work/r.g0r"
	"$G0SCOPE" record "$2" --mcall="$1" --seed="$3" --procs=3 --limit=6000 -o "$work/r.g0r" >"$work/out"
	"$G0SCOPE" dump --json "$work/r.g0r" >"$work/r.json" || return 1
	steps=$(wc -l <"$work/r.json")
	grep -o '"verdict":"[A-Z]*"' "$work/r.json" | cut -d'"' -f4 | sort | uniq -c
}

total=0
for program in stale_link ping_pong steal red_blue sieve mergesort deadlock select echo systemstack timer_wheel callback \
	"$O"/tests/programs/{paths,callbacks}; do
	for seed in 1 2 3 4; do
		verdicts clear "$program" $seed >"$work/verdicts"
		total=$((total + steps))
		check "${program##*/}, seed $seed: under clear every verdict is sound" \
			test "$(grep -cvE ' (VALID|NOFP)$' "$work/verdicts")" = 0
		check "${program##*/}, seed $seed: it is VALID most of the time" grep -q ' VALID$' "$work/verdicts"
	done
done
check "those were more than 10,000 steps ($total)" test "$total" -gt 10000

# Not every seed's order leads to each.
for seed in 1 2 3 4; do
	verdicts keep ping_pong $seed
done >"$work/verdicts"
check "under keep an answer is STALE" grep -q ' STALE$' "$work/verdicts"
check "under keep an answer is a CHIMERA" grep -q ' CHIMERA$' "$work/verdicts"
verdicts cycle ping_pong 1 >"$work/verdicts"
check "under cycle an answer goes in a circle" grep -q ' CYCLE$' "$work/verdicts"
for seed in 1 2 3 4; do
	verdicts g0bp callback $seed
done >"$work/verdicts"
check "under g0bp, with a callback, an answer is MISLEADING" grep -q ' MISLEADING$' "$work/verdicts"
check "and there is nothing else wrong" test "$(grep -cvE ' (VALID|NOFP|MISLEADING)$' "$work/verdicts")" = 0
# A callback's G calls from its M's own g0: a chain as it was left is one that goes on there.
"$G0SCOPE" record callback --mcall=keep -o "$work/r.g0r" >"$work/out" 2>&1
"$G0SCOPE" dump --json "$work/r.g0r" | grep -o '"verdict":"[A-Z]*"' | sort -u >"$work/verdicts"
check "under keep, with a callback's G given up, an answer is STALE" grep -q STALE "$work/verdicts"
check "and none a CHIMERA, as nobody runs it" test "$(grep -c CHIMERA "$work/verdicts")" = 0
finish
