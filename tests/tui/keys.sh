#!/usr/bin/env bash
# What keys do: along the lesson and back, step by step, to a step, another M, another policy, help, a wrong key.
# shellcheck source=tests/tui/lib.sh
. "$(dirname "$0")/lib.sh"
stops=$(grep -c '^## ' "$root"/examples/*stale_link.md)

# The step that the screen shows.
step()
{
	screen | grep -oE 'step [0-9]+' | head -1 | tr -dc '0-9'
}

step_is()
{
	[ "$(step)" = "$1" ]
}

step_is_not()
{
	! step_is "$1"
}

# A screen that was saved is not that of now, and nothing is under way any more. One look, or something begins between two.
changed()
{
	local now
	now=$(screen)
	[[ $now != *executing* ]] && ! cmp -s - "$work/saved" <<<"$now"
}

# The last line aside, where messages stand.
same()
{
	cmp -s <(head -n -1 <<<"$(screen)") <(head -n -1 "$work/saved")
}

save()
{
	cat <<<"$(screen)" >"$work/saved"
}

term_open 120x40 tmux-256color
view stale_link

# Along the lesson.
seen=
for ((stop = 1; stop <= stops; stop++)); do
	save
	keys Space
	wait_until changed
	seen="$seen $(screen | grep -oE '^ [A-Z]{4,}\b')"
	reached=$(step)
done
check "Space goes through $stops stops" test "$reached" -gt 0
check "the verdicts of the chosen M go$seen" grep -qE '^( +VALID)+( +STALE)+( +CHIMERA)+$' <<<"$seen"
save
keys Space
wait_until changed
check "after the last stop it is said" step_is "$reached"
keys BSpace
wait_until step_is_not "$reached"
ok "Backspace goes a stop back"
keys PageDown
wait_until step_is "$reached"
ok "a presentation remote's PageDown goes on"

# Step by step.
keys Left
wait_until step_is $((reached - 1))
ok "Left goes one step back"
keys Right
wait_until step_is "$reached"
ok "Right goes one forward"
keys S
wait_until step_is $((reached - 1))
ok "S too goes back"
keys Home
wait_until step_is 0
ok "Home goes to the start"
save
keys Left
wait_until changed
check "before the start there is nothing, and it is said" step_is 0
keys End
wait_until step_is "$reached"
ok "End goes to the last step"
keys E
wait_until step_is_not "$reached"
event=$(step)
keys E
wait_until step_is_not "$event"
keys e
wait_until step_is "$event"
ok "E and e go from event to event"

# To a step.
keys '#' 1 7 Enter
wait_until step_is 17
ok "#17 goes there"
save
keys '#' 3 Escape
wait_until same
check "Escape leaves a prompt" step_is 17
keys '#' 9 9 9 9 9 9 9 Enter
wait_until changed
check "a step that there is not: it lives" kill -0 "$(viewer)"

# What is looked at.
keys End
wait_until step_is "$reached"
keys 0
save
keys 1
wait_until changed
ok "1 chooses M1"
keys 0
wait_until same
ok "0 chooses M0 again"
keys r
wait_until changed
keys r
wait_until same
ok "r shows registers and takes them away"
keys o
wait_until changed
keys o
wait_until same
ok "o shows the output and takes it away"

# Another policy, the same place.
for policy in g0bp cycle clear; do
	keys p
	wait_for "· $policy:"
	check "p: $policy, at the same step" step_is "$reached"
done
keys t
wait_for "· keep:"
check "t: back to keep, at the same step" step_is "$reached"

keys '?'
wait_for "one instruction back"
ok "? lists the keys"
keys x
wait_until drawn
check_not "any key closes the help" shows "one instruction back"
save
keys z
wait_until changed
check "a key that does nothing: a hint" shows "z does nothing here"
keys M-q
check "Alt-q is not q" kill -0 "$(viewer)"

keys P
wait_for "g0scope-$reached.txt"
check "P saves the screen as text" grep -q CHIMERA "$work/g0scope-$reached.txt"
check_not "without escape sequences" grep -q "$(printf '\033')" "$work/g0scope-$reached.txt"

# Somebody else's text on the screen.
tmux_ run-shell -b "printf 'scribble scribble' >$(tmux_ display-message -p '#{pane_tty}')"
wait_for "scribble"
keys C-l
wait_until not shows scribble
ok "Ctrl-L draws everything anew"

# Faster than it can draw.
for ((i = 0; i < 50; i++)); do
	keys Left Right
done
keys q
wait_done 0
ok "q quits after a hundred keys at once"
finish
