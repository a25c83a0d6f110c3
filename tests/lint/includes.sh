#!/usr/bin/env bash
# Includes point down only, never in a circle; the visualizer includes nothing of the runtime but its tables, in model, and
# nobody but machine/ what one machine is made of; grid/ knows things and nothing of what they are made of; emulator/ is by itself:
#   arch < src < model < image < machine < engine < lesson < session < scene < grid < view, export < main
. "$(dirname "$0")/common.sh"

# includes: "from line to" for each #include "..." that is a file of ours, looked up as the compiler does.
includes()
{
	sources c h S def | grep -E '^(arch|src|visualizer|examples)/' |
		xargs -r grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' /dev/null |
		sed -E 's/^([^:]*):([0-9]+):[^"]*"([^"]*)".*/\1 \2 \3/' |
		while read -r from line name; do
			for dir in "$(dirname "$from")" visualizer visualizer/machine src arch {arch,visualizer/machine}/{amd64,arm64}; do
				[ -f "$dir/$name" ] || continue
				echo "$from $line $(realpath -m --relative-to=. "$dir/$name")"
				break
			done
		done
}

# Which way each may point: a layer has a rank; view and export stand side by side.
# shellcheck disable=SC2016 # awk's own $
direction='
function layer(f) {
	if (f ~ /^(arch|src|examples)\//) { sub(/\/.*/, "", f); return f }
	sub(/^visualizer\//, "", f)
	return sub(/\/.*/, "", f) ? f : "main"
}
BEGIN {
	n = split("arch src model image machine engine lesson session scene grid view main", names, " ")
	for (i = 1; i <= n; i++) rank[names[i]] = i
	rank["export"] = rank["view"]
}
{
	from = layer($1); to = layer($3); at = $1 ":" $2 ": "
	if (from == "emulator" || to == "emulator") {
		# What both know is what goes from one to the other.
		wire = $1 ~ /^visualizer\/machine\/emulated[^\/]*$/ && $3 == "visualizer/emulator/wire.h"
		if (from != to && !wire && $3 !~ /^visualizer\/model\/(say|xalloc)\.h$/)
			print at "g0scope-emulator is a program of its own; it shares how to say something, not " $3
	} else if (from == "examples") {
		if ($3 != "src/g0.h") print at "an example knows g0.h and nothing else, not " $3
	} else if (!(from in rank) || !(to in rank))
		print at "includes " $3 ", and one of the two is in no layer"
	else if (from != to && rank[from] <= rank[to])
		print at from " includes " $3 ", but " to " is not below " from
	else if ($3 ~ /^(arch|src)\/.*\.def$/ && from != "arch" && from != "src") {
		if (from != "model") print at "only model expands " $3 "; it has what the others need of it"
	} else if ($1 ~ /^visualizer\// && rank[to] <= rank["src"])
		print at "the visualizer knows the runtime by what a program tells, not by " $3
	if (from == "grid" && to != "grid" && $3 !~ /^visualizer\/(scene\/(thing|prose|append)|model\/(text|xalloc))\.h$/)
		print at "a grid lays out things and knows nothing else; not " $3
	# Which machine there is, and on which architecture, nobody above asks; in machine/ one file chooses.
	if ($3 ~ /^visualizer\/machine\/ptrace/ && $1 !~ /^visualizer\/machine\/(ptrace[^\/]*|machine_open\.c)$/)
		print at "is of one machine (" $3 "); machine.h is what all have, and machine_open.c chooses"
	if ($3 ~ /^visualizer\/.*\/(amd64|arm64)\// && rank[from] > rank["machine"])
		print at "above machine/ no architecture is known when it is compiled (" $3 ")"
}'

all=$(includes)
awk "$direction" <<<"$all"

# ptrace itself as well.
sources c h | grep '^visualizer/' | grep -vE '^visualizer/machine/([^/]*/)?ptrace' |
	xargs -r grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*<(sys|linux)/ptrace\.h>' /dev/null |
	sed -E 's/^([^:]*:[0-9]+:).*/\1 only machine\/ptrace* may use ptrace/'

# tsort names the members of a circle. (Whether files need each other, symbols.sh says.)
awk 'NF && $1 != $3 { print $1, $3 }' <<<"$all" | tsort 2>&1 >/dev/null |
	sed -n '/contains a loop/d; s/^tsort: /in a circle of includes: /p'
