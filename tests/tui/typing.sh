#!/usr/bin/env bash
# What is typed in the last line: conditions, places, a schedule, Ms by lot, notes and files; pasted at once, nothing of it is lost.
# shellcheck source=tests/tui/lib.sh
. "$(dirname "$0")/lib.sh"

g0scope()
{
	(cd "$work" && timeout 120 "$G0SCOPE" "$@" >out 2>err </dev/null)
}

# typed KEY TEXT: a key, the text at once, Enter.
typed()
{
	keys "$1"
	tmux_ send-keys -l -- "$2"
	tmux_ send-keys Enter
}

step_is()
{
	screen | head -1 | grep -qE "step $1 of "
}

step_is_not()
{
	! step_is "$1"
}

step()
{
	screen | head -1 | grep -oE 'step [0-9]+' | tr -dc '0-9'
}

term_open 120x40 tmux-256color
view stale_link
keys Space
wait_for '1 of 6'
typed / 'verdict of M0 is STALE'
wait_for ': STALE'
ok "/ executes until what was typed is so"
found=$(step)
keys Right Right
wait_until step_is $((found + 2))
typed "\\" ''
wait_until step_is "$found"
ok "\\ goes back to where it came to be so"
typed / 'verdict of M0 is STOLE'
wait_for 'is not a verdict; did you mean'
ok "a mistake is named where it is"
typed '#' gosched_m
wait_for 'gosched_m'
wait_until step_is_not "$found"
ok "# goes to a function"
typed b 'look: here'
wait_for 'is a bookmark'
marked=$(step)
keys Home
wait_until step_is 0
typed a 'seed 3 until event gosched'
wait_for 'steps by lot, from step 0 on, seed 3'
ok "all Ms by lot, and from which seed"
typed '=' 'other_one'
keys B
wait_for 'other_one · under'
check "paths are listed" shows "path 1"
keys Escape
wait_until drawn
keys T
wait_for 'Words of stacks that are others'
check "T: two runs side by side" shows 'beside it path 3, mcall_clear'
keys Escape
wait_until drawn
typed '#' 'path 1'
wait_for 'on path 1'
keys B
wait_for 'look: here'
ok "the bookmark is on the path that it was made on"
keys Escape
wait_until drawn
typed '#' 'bookmark 1'
wait_until step_is "$marked"
ok "# goes to a bookmark"
typed K kept.g0r
wait_for 'kept.g0r: steps 0 to'
typed O 'chrome kept.json'
wait_for 'kept.json: chrome'
check "exported" test -s "$work/kept.json"
keys q
wait_done 0
g0scope info "$work/kept.g0r"
check "info has the bookmark" grep -qF "bookmark  step $marked · look: here" "$work/out"
view kept.g0r
keys Space
wait_for '1 of 6'
typed '#' 'bookmark 1'
wait_until step_is "$marked"
ok "the file that was saved is told as the lesson, with the bookmark"
typed '\;' 'M0*3'
wait_for 'a recording cannot be run along another schedule'
keys q
wait_done 0
finish
