#!/usr/bin/env bash
# The other policy leads to another run: the screen says at which step, and keeps to it; before that it is the same place.
# shellcheck source=tests/tui/lib.sh
. "$(dirname "$0")/lib.sh"
cp "$O/tests/programs/chance" "$work/chance"
# shellcheck disable=SC2016 # a fence
printf -- '---\ntitle: A number drawn\nprogram: chance\nmcall: keep\n---\n## Drawn\n```do\nrun M0 until event exit\n```\n' >"$work/chance.md"

term_open 120x40 tmux-256color
view "$work/chance.md" -- random
keys Space
wait_for 'event: the program ends'
check "one run: nothing is said" eval '! shows "parts at"'
keys t
wait_for 'runs of this schedule part at step'
ok "t: they part, in the last line"
step=$(screen | grep -oE 'part at step [0-9]+' | tr -dc '0-9')
check "t: at which step, in the first" shows "parts at $step"
check "t: what is another" shows "G1's word …"
check "t: it is not called the same place" eval '! shows "the same place"'
keys Left
wait_until eval '! shows "runs of this schedule part"'
check "a step back: still in the first line" shows "parts at $step"
keys Home t
wait_for 'the same place'
ok "where they do not part yet it is the same place"
check "and the first line says on what is recorded after" shows "parts at $step"
finish
