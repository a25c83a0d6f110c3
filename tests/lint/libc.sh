#!/usr/bin/env bash
# The scheduler, the switches and the locks call no libc, not even memcpy: outside of os_linux.o (the one place that
# touches the operating system) and main.o (start-up), the runtime needs only itself, the program's go_main and the address of its _start.
. "$(dirname "$0")/common.sh"
[ -f "$O/libg0.a" ] || skip "no $O/libg0.a: run make first"

mapfile -t objects < <(sources c S | sed -nE "s,^((arch/amd64|src)/.*)\.[cS]$,$O/\1.o,p")
awk '
	FILENAME == ARGV[1] { own[$2]; next }
	$1 == "os_linux.o" || $1 == "main.o" || $2 == "go_main" || $2 == "_start" || $2 == "_GLOBAL_OFFSET_TABLE_" { next }
	!($2 in own) { print $1 " uses " $2 ", which the runtime does not define" }
' <(defined "$O/libg0.a") <(undefined "${objects[@]}")
