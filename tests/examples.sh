#!/usr/bin/env bash
# Examples at full speed, under every policy: what they print, and how they end. Words after the build are a runner for
# what this machine cannot execute (qemu-aarch64-static).
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
runner=("${@:2}")
procs=2

# ends STATUS EXAMPLE [ARGUMENT]: run it under $policy, with $procs Ps; its output is in $work/out.
ends()
{
	local status=$1 example
	example=$(echo "$O"/examples/[0-9]*_"$2")
	G0_MCALL=$policy G0_PROCS=$procs timeout 60 "${runner[@]}" "$example" "${@:3}" >"$work/out" 2>&1
	[ "$?" = "$status" ]
}

# prints STATUS TEXT EXAMPLE [ARGUMENT]: it ends so, and prints that and no more.
prints()
{
	ends "$1" "${@:3}" && [ "$(cat "$work/out")" = "$2" ]
}

# says STATUS TEXT EXAMPLE: it ends so, and that is in what it prints.
says()
{
	ends "$1" "${@:3}" && grep -qF "$2" "$work/out"
}

explain()
{
	sed 's/^/# /' "$work/out"
}

for policy in clear keep g0bp cycle; do
	check "$policy: sieve" prints 0 $'2\n3\n5\n7' sieve
	ends 0 sieve 1000
	check "$policy: sieve, 168 primes below 1000" test "$(wc -l <"$work/out")" = 168
	check "$policy: ring" prints 0 "5 Gs have added 5" ring
	check "$policy: ring of 10,000" prints 0 "10000 Gs have added 10000" ring 10000
	check "$policy: mergesort" prints 0 "8 numbers are in order" mergesort
	check "$policy: mergesort of 10,000" prints 0 "10000 numbers are in order" mergesort 10000
	check "$policy: echo" prints 0 $'AB\nAB' echo
	check "$policy: echo of 20" prints 0 $'ABCDEFGHIJKLMNOPQRST\nABCDEFGHIJKLMNOPQRST' echo 20
	check "$policy: select" prints 0 "the sum is 21" select
	check "$policy: timer_wheel" prints 0 $'tick 3: the tea\ntick 6: the eggs\ntick 8: the rice\ntick 11: the bread' timer_wheel
	check "$policy: callback" prints 0 "called back" callback
	check "$policy: 1,000 callbacks" prints 0 "called back" callback 1000
	check "$policy: deadlock is found" says 2 "all goroutines are asleep - deadlock!" deadlock
	check "$policy: and who waits for what" grep -q "G2 (fn 0x[0-9a-f]*): mutex lock" "$work/out"
	check "$policy: overflow names its G" says 2 "g0: stack overflow: G2 (fn 0x" overflow
	procs=1
	check "$policy: hog, on one P" prints 0 "G1 has been told to stop" hog
	procs=2
done
finish
