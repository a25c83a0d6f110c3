#!/usr/bin/env bash
# The same arrows as in includes.sh, as the linker sees them: what a layer's archive takes from another is given by one
# below it, and in a layer no two files need each other. The runtime (where all is one circle, as schedulers are) and the
# visualizer link nothing of each other; the assembly calls up only where arch.h says so.
# Looks at the archives of a plain build in $O.
. "$(dirname "$0")/common.sh"
layers=(model image machine engine lesson session scene grid view export)
for layer in g0 "${layers[@]}"; do
	[ -f "$O/lib$layer.a" ] || skip "no $O/lib$layer.a: run make first"
done

# not_below LAYER OTHER...: what LAYER takes from the others, none of which is below it.
not_below()
{
	local layer=$1 other
	shift
	for other; do
		awk -v layer="$layer" -v other="$other" '
			FILENAME == ARGV[1] { own[$2]; next }
			FILENAME == ARGV[2] { given[$2]; next }
			($2 in given) && !($2 in own) { print layer " (" $1 ") uses " $2 ", which is of " other ", not below it" }
		' <(defined "$O/lib$layer.a") <(defined "$O/lib$other.a") <(undefined "$O/lib$layer.a")
	done
}
for i in "${!layers[@]}"; do
	not_below "${layers[i]}" g0 "${layers[@]:i+1}"
done
not_below g0 "${layers[@]}"
not_below export g0 image machine engine lesson session scene grid view

# tsort names the members of a circle.
for layer in "${layers[@]}"; do
	awk 'FILENAME == ARGV[1] { from[$2] = $1; next } ($2 in from) && from[$2] != $1 { print $1, from[$2] }' \
		<(defined "$O/lib$layer.a") <(undefined "$O/lib$layer.a") |
		tsort 2>&1 >/dev/null | sed -n "/contains a loop/d; s/^tsort: /$layer: in a circle of calls: /p" | sort -u
done

comm -23 <(undefined "$O"/arch/*/*.o | cut -d' ' -f2 | sort -u) <(defined "$O"/arch/*/*.o | cut -d' ' -f2 | sort -u) |
	grep -vx _GLOBAL_OFFSET_TABLE_ |
	while read -r symbol; do
		sources h | grep '^arch/' | xargs grep -qw "$symbol" || echo "arch uses $symbol, which arch.h does not declare"
	done
