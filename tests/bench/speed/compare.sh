#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# How fast the runtime is, beside the peers that are on this machine: nanoseconds, and as a multiple of Boost.Context's bare
# jump, which is what the goals are given in. All in one run: medians of REPS turns, each program once a turn.
# usage: compare.sh [DIR]   with the programs of tests/bench/speed, built; exit status 0 whatever comes out
export LC_ALL=C
dir=${1:-build/bench/speed}
reps=${REPS:-7}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# What is measured, a line each: group | who | goal, in bare jumps | command
rows="\
jump    | fcontext    |     | fcontext
jump    | swapcontext |     | swapcontext
yield   | g0          | 2.1 | env G0_PROCS=1 g0 yield
yield   | its limit   |     | limit
yield   | Go          |     | env GOMAXPROCS=1 go yield
yield 2 | g0          | 1.5 | env G0_PROCS=2 g0 yield
yield 2 | Go          |     | env GOMAXPROCS=2 go yield
gosched | g0          |     | env G0_PROCS=1 g0 gosched
create  | g0          | 5   | env G0_PROCS=1 g0 create
create  | Go          |     | env GOMAXPROCS=1 go create
create  | pthreads    |     | pthread create
channel | g0          | 11  | env G0_PROCS=1 g0 channel
channel | Go          |     | env GOMAXPROCS=1 go channel
channel | pthreads    |     | taskset -c 0 pthread channel"

for program in fcontext go; do
	[ -x "$dir/$program" ] || echo "not on this machine: $program (libboost-context-dev, golang-go)"
done
rows=$(grep -vF "$(for p in fcontext go; do [ -x "$dir/$p" ] || echo " $p"; done; echo '#')" <<<"$rows")
PATH=$(realpath "$dir"):$PATH

for _ in $(seq "$reps"); do
	while IFS='|' read -r group who _ command; do
		# shellcheck disable=SC2086 # the command's words
		echo "$group|$who|$($command </dev/null)" >>"$work/all"
	done <<<"$rows"
done

# The median of each, in the order of the rows.
median() # GROUP WHO
{
	grep -F "$1|$2|" "$work/all" | cut -d'|' -f3 | sort -n | sed -n "$(((reps + 1) / 2))p"
}
jump=$(median 'jump    ' ' fcontext    ')
printf '%-8s %-12s %10s %10s  %s\n' what who ns jumps goal
while IFS='|' read -r group who goal _; do
	awk -v g="$group" -v w="$who" -v ns="$(median "$group" "$who")" -v jump="${jump:-0}" -v goal="${goal// /}" 'BEGIN {
		printf "%-8s%-13s %10.1f ", g, w, ns
		ratio = jump + 0 == 0 ? "-" : sprintf("%.2f", ns / jump)
		word = goal + 0 == 0 || ratio == "-" ? "" : (ratio + 0 <= goal + 0) ? "reached" : "missed"
		printf "%10s  %s %s\n", ratio, goal, word
	}'
done <<<"$rows"
G0_PROCS=1 g0 park
G0_PROCS=1 g0 hog
