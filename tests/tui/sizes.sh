#!/usr/bin/env bash
# Sizes: usable at 80x24, more on a large screen, a sentence where there is no room, changes while it runs; and what
# the terminal shows is what the text view prints: no view adds a fact.
# shellcheck source=tests/tui/lib.sh
. "$(dirname "$0")/lib.sh"

resize()
{
	tmux_ resize-window -x "$1" -y "$2"
}

# The screen is the page of that size that the text view printed, last action's message aside.
page_is()
{
	screen | head -n -1 | cmp -s - <(head -n $(($(screen | wc -l) - 1)) "$work/$1")
}

term_open 80x24 tmux-256color
for size in 80x24 120x40 200x60; do
	run "$G0SCOPE --view=text --stop=5 --size=$size stale_link >$work/$size"
	wait_done 0
done
view --stop=5 stale_link
for words in CHIMERA "g0 of M0" "a profiler would report" "the truth" "═✗" "CHIMERA: frames" "? help"; do
	check "80x24: $words is there" shows "$words"
done
wait_until page_is 80x24
ok "80x24: what is shown is what the text view prints"
for size in 200x60 120x40 80x24; do
	resize "${size%x*}" "${size#*x}"
	wait_until page_is $size
	ok "resized to $size: what is shown is what the text view prints"
done

resize 40 10
wait_for "80x24"
check_not "40x10: no picture" drawn
for size in "1 1" "2 1" "79 24" "80 23" "500 100"; do
	# shellcheck disable=SC2086 # columns and rows
	resize $size
	check "$size: it lives" kill -0 "$(viewer)"
done
resize 80 24
wait_until page_is 80x24
ok "back to 80x24: the picture is back"
keys q
wait_done 0

term_open 40x10 xterm-256color
run "$G0SCOPE stale_link"
wait_for "80x24"
ok "too small at first: a sentence says how large it must be"
resize 80 24
wait_until drawn
ok "the picture comes with the room"
resize 40 10
wait_for "80x24"
keys q
wait_done 0
ok "q quits from there too"
finish
