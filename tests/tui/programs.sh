#!/usr/bin/env bash
# What else can be opened in the terminal: a recording, which cannot be run; and a program that crashes or is killed
# while it is stepped: that is a message, and all steps so far can still be looked at.
# shellcheck source=tests/tui/lib.sh
. "$(dirname "$0")/lib.sh"

step()
{
	screen | grep -oE 'step [0-9]+' | head -1 | tr -dc '0-9'
}

step_is()
{
	[ "$(step)" = "$1" ]
}

# until_shown TEXT KEY: press it until TEXT is there.
until_shown()
{
	local before
	for ((i = 0; i < 60; i++)); do
		shows "$1" && return
		before=$(step)
		keys "$2"
		wait_until moved "$before" "$1"
	done
	not_ok "60 times $2, and no \"$1\""
	explain
	finish
}

moved()
{
	shows "$2" || ! step_is "$1"
}

# Afterwards steps can be looked at, and q quits as ever.
still_works()
{
	local last
	keys End
	last=$(step)
	keys Left
	wait_until step_is $((last - 1))
	ok "$1: the step before can be looked at"
	keys q
	wait_done 0
	ok "$1: q quits as ever"
}

term_open 120x40 tmux-256color
run "$G0SCOPE record stale_link --mcall=keep -o $work/keep.g0r"
wait_done 0
view "$work/keep.g0r"
keys End
wait_for "CHIMERA"
ok "a recording opens"
check "its keys have the twin's" shows "t twin"
keys p
wait_for "mcall is now mcall_clear"
ok "a recording of a lesson: p goes over to its twin"
still_works "a recording of a lesson"

run "$G0SCOPE record $O/examples/01_stale_link --mcall=keep --seed=1 -o $work/alone.g0r"
wait_done 0
view "$work/alone.g0r"
keys End
wait_for "the program ended"
keys p
wait_for "cannot be run again"
ok "a recording by itself: p says why not"
still_works "a recording by itself"

cat >"$work/crash.c" <<'END'
#include "g0.h"

void go_main(void)
{
	*(volatile int *)8 = 1;
}
END
# compiled FLAG: what the file crash.c holds, with -g or -g0.
compiled()
{
	${CC:-cc} "$1" -O0 -static -no-pie -fno-pie -fcf-protection=none -pthread -I"$root/src" -I"$root/arch/amd64" -o "$work/crash" \
		"$work/crash.c" "$O/libg0.a" 2>"$work/err" && return
	not_ok "the program that crashes compiles"
	cat "$work/err"
	finish
}
compiled -g0
view --procs=1 "$work/crash"
check "a program without line information: the screen says so" shows "go_main has no line information: build it with -g"
keys q
wait_done 0
compiled -g
view --procs=1 "$work/crash"
until_shown SIGSEGV e
check "a crash of the stepped program is told" shows "go_main"
still_works "a crash"
view --procs=1 '--schedule="M0*100000"' "$work/crash"
wait_for "M0 was killed by SIGSEGV at go_main"
check "a crash on the way of a schedule: the screen is of where it was" shows "before what was to be followed did"
still_works "a crash on the way of a schedule"

view --stop=2 stale_link
kill -KILL "$(pgrep -P "$(viewer)")"
keys End
until_shown SIGKILL Right
ok "a stepped program that is killed: it is told"
still_works "killed"
finish
