#!/usr/bin/env bash
# While something executes the screen says so and how far it is; Escape ends that, q and Ctrl-C end g0scope, any other key is lost.
# shellcheck source=tests/tui/lib.sh
. "$(dirname "$0")/lib.sh"

# Of a screen.
step_shown()
{
	grep -oE 'step [0-9]+ of' | head -1 | tr -dc '0-9'
}

# How many steps are recorded, as the last line has it while something executes.
steps()
{
	screen | grep -oE '[0-9]+ steps are recorded' | tr -dc '0-9'
}

# No event comes that soon: not that this machine is slow.
spins()
{
	[ "$(steps)" -gt $((was + 5000)) ] 2>/dev/null
}

spins_or_moves()
{
	local now
	now=$(screen)
	spins || { [[ $now != *'executing: '* ]] && [ "$(step_shown <<<"$now")" != "$was" ]; }
}

# The hog of the example counts for ever without an event; a key gives up after two million steps, long after this test.
go_on_until_it_spins()
{
	was=$(screen | step_shown)
	until spins; do
		was=$(screen | step_shown)
		keys e
		wait_until spins_or_moves
	done
}

grows()
{
	local now
	now=$(steps)
	[ "${now:-0}" -gt "$before" ]
}

# The program that the g0scope in the terminal steps.
find_stepped()
{
	stepped=$(pgrep -P "$(viewer)" | head -1)
	[ -n "$stepped" ]
}

gone()
{
	! kill -0 "$stepped" 2>/dev/null
}

term_open 100x30 xterm-256color
view "$O/examples/22_hog"
go_on_until_it_spins
ok "the last line says that something executes"
before=$(steps)
wait_until grows
ok "and how many steps are recorded"
keys '?' g o
keys Escape
wait_for 'ended by Escape'
ok "Escape ends it"
check "keys pressed meanwhile are lost" test "$(screen | grep -cE 'page 1 of|has written|step 0 of')" = 0
check "what was executed is recorded" test "$(screen | step_shown)" -gt $((was + 5000))
keys Left
wait_for '← back'
ok "then keys do what they always do"
for key in q C-c; do
	wait_until find_stepped
	was=$(screen | step_shown)
	keys End e
	wait_until spins
	keys "$key"
	wait_done 0
	ok "$key ends g0scope at once"
	wait_until gone
	ok "$key: and the program with it"
	[ "$key" = q ] || break
	view "$O/examples/22_hog"
	go_on_until_it_spins
	keys Escape
	wait_for 'ended by Escape'
done
# While it is opened too.
mkfifo "$work/fifo"
run "$G0SCOPE --view=tui --stdin=$work/fifo $O/examples/22_hog"
wait_for 'nobody writes to'
wait_done 1
ok "input that nobody writes is not waited for without end"
finish
