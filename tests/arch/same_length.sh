#!/bin/sh
# SPDX-License-Identifier: MIT
# The four mcall policies have equally many instructions, so that one schedule of steps leads to the same place under each.
# usage: same_length.sh [BUILD_DIR [OBJDUMP]]
build=${1:-build}
objdump=${2:-objdump}
failed=0
count() { # instructions of a policy
	"$objdump" -d "$1" | grep -c '^ *[0-9a-f]*:	'
}
dir=$(find "$build/arch" -name mcall_keep.o -exec dirname {} \; | head -n 1)
[ -n "$dir" ] || { echo "not ok - no objects under $build/arch: run make first"; exit 1; }
want=$(count "$dir/mcall_keep.o")
for policy in clear g0bp cycle; do
	have=$(count "$dir/mcall_$policy.o")
	if [ "$have" -eq "$want" ] && [ "$want" -gt 10 ]; then
		echo "ok - mcall_$policy has $have instructions, as mcall_keep"
	else
		echo "not ok - mcall_$policy has $have instructions, mcall_keep $want"
		failed=1
	fi
done
exit $failed
