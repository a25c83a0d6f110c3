#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Each function of g0.h is tried in preempt_calls.c: whoever adds one is to have it look for preemption, and says here if it
# need not.
. "$(dirname "$0")/../tap.sh"

# They let go in any case; or the G is not to be preempted once they have been called.
need_not="go_main gosched goyield g0_sleep goexit preemptoff entersyscall"

tried()
{
	grep -qE "^	X\($1(_[a-z]+)?," "$root/tests/src/preempt_calls.c"
}

while read -r f; do
	[[ " $need_not " == *" $f "* ]] || check "$f looks for preemption" tried "$f"
done < <(sed -nE 's/^[a-z_].*[ *]([a-z0-9_]+)\(.*\);$/\1/p' "$root/src/g0.h")
finish
