#!/usr/bin/env bash
# arch/amd64 and arch/arm64 are twins: the same files, and in each the same routines in the same order, so that a diff of the
# two is a lesson. No .c file asks for the architecture: the path chooses.
. "$(dirname "$0")/common.sh"
a=arch/amd64 b=arch/arm64

for dir in arch visualizer/machine tests; do
	diff <(ls "$dir/amd64") <(ls "$dir/arm64") | sed -n "s|^[<>] \(.*\)|$dir/{amd64,arm64}/\1: only one of the two has it|p"
done

# routines FILE: where each begins and ends, in order.
routines()
{
	grep -oE '^(FUNC|END)\([A-Za-z0-9_]+\)' "$1" | xargs
}
for f in "$a"/*.S; do
	twin=$b/${f##*/}
	# One without a routine is there to say why.
	[ ! -f "$twin" ] || [ -z "$(routines "$twin")" ] || [ "$(routines "$f")" = "$(routines "$twin")" ] ||
		echo "$f: has $(routines "$f"), but $twin has $(routines "$twin")"
done

sources c | xargs -r grep -nE '^[[:space:]]*#[[:space:]]*(if|elif|ifdef|ifndef).*(x86_64|amd64|aarch64|arm64|i386)' /dev/null |
	sed -E 's/^([^:]*:[0-9]+:).*/\1 asks for the architecture; a file in a folder of its name does that/'
