#!/usr/bin/env bash
# However g0scope ends, the terminal can be used afterwards, a sentence says what happened, and no stepped program is
# left behind.
# shellcheck source=tests/tui/lib.sh
. "$(dirname "$0")/lib.sh"

# Rows and columns are no modes.
modes()
{
	run "stty -a | sed 's/rows.*columns [0-9]*;//' >$1"
	wait_done 0
}

# stepped: the processes that the g0scope in the terminal steps, threads aside.
stepped()
{
	pgrep -P "$1"
}

gone()
{
	! kill -0 "$1" 2>/dev/null
}

usable()
{
	check "$1: the screen is the shell's" test "$(tmux_ display-message -p '#{alternate_on}')" = 0
	check "$1: the cursor is to be seen" test "$(tmux_ display-message -p '#{cursor_flag}')" = 1
	modes "$work/after"
	check "$1: the terminal has its modes back" cmp "$work/before" "$work/after"
	run 'echo still he""re'
	wait_for "still here"
}

term_open 80x24 xterm-256color
modes "$work/before"
view stale_link
keys q
wait_done 0
usable "q"

view stale_link
keys C-c
wait_done 0
usable "Ctrl-C"

# killed SIGNAL STATUS SENTENCE
killed()
{
	local pid child
	view stale_link
	pid=$(viewer)
	child=$(stepped "$pid")
	check "SIG$1: a program is being stepped" test -n "$child"
	kill "-$1" "$pid"
	wait_done "$2"
	wait_until gone "$pid"
	check "SIG$1: a sentence says so" shows "$3"
	for p in $child; do
		wait_until gone "$p"
		ok "SIG$1: the stepped program is gone"
	done
}

# ended TERM: what each signal says, and what is left.
ended()
{
	term_open 80x24 "$1"
	modes "$work/before"
	while read -r signal status sentence; do
		killed "$signal" "$status" "$sentence"
		usable "$1, SIG$signal"
	done
}

ended xterm-256color <<END
TERM 143 told to end (SIGTERM)
HUP 129 the terminal has gone (SIGHUP)
QUIT 131 told to end (SIGQUIT)
SEGV 139 a fault (SIGSEGV) in g0scope itself
ABRT 134 an abort (SIGABRT) in g0scope itself
BUS 135 a fault (SIGBUS) in g0scope itself
FPE 136 a fault (SIGFPE) in g0scope itself
END
# No second screen there to come back from.
ended linux <<END
TERM 143 told to end (SIGTERM)
SEGV 139 a fault (SIGSEGV) in g0scope itself
END

# Nobody is left to put the terminal back; but nothing else is left either.
killed KILL 137 illed

term_open 80x24 xterm-256color
modes "$work/before"
view stale_link
keys C-z
wait_for "Stopped"
usable "Ctrl-Z"
tmux_ resize-window -x 100 -y 30
run "fg"
wait_until drawn
check "fg brings the screen back, in the new size" test "$(screen | wc -l)" = 30
keys q
wait_done 0
usable "after fg"

view stale_link
keys C-z
wait_for "Stopped"
stopped=$(viewer)
run 'kill %1'
wait_until gone "$stopped"
ok "killed while it is stopped, it ends"
usable "killed while stopped"
finish
