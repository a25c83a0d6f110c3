#!/usr/bin/env bash
# What g0scope doctor says of a terminal, in terminals.
# shellcheck source=tests/tui/lib.sh
. "$(dirname "$0")/lib.sh"

# says SIZE TERM TEXT: there.
says()
{
	term_open "$1" "$2"
	run "$G0SCOPE doctor"
	wait_for "can be stepped here"
	shows "$3"
}

check "one that can do it" says 118x38 tmux-256color "ok       terminal  tmux-256color, 118x38, 256 colours"
check "one that is small" says 118x20 tmux-256color "limited  terminal  tmux-256color, 118x20: a picture needs 80x24; enlarge it"
check "one without colours" says 118x38 vt100 "limited  terminal  vt100, 118x38, without colours; nothing is told by colour alone"
check "one that cannot do it" says 118x38 dumb 'limited  terminal  the terminal "dumb" cannot move its cursor; use --view=text'
finish
