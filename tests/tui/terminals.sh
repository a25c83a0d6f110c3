#!/usr/bin/env bash
# Terminals of all kinds: colours as each has them, none where none are wanted, ASCII where there is nothing else, and
# a sentence where nothing can be drawn.
# shellcheck source=tests/tui/lib.sh
. "$(dirname "$0")/lib.sh"

# Select Graphic Rendition sequences with these parameters: 38 or 48 for 256 colours and RGB, 3x and 4x for 8.
sgr()
{
	colors | grep -qE "$(printf '\033')\[([0-9;:]*[;:])?($1)([;:][0-9;:]*)?m"
}

any_color='3[0-8]|4[0-8]|9[0-7]|10[0-7]'

for term in xterm-256color tmux-256color screen-256color; do
	term_open 120x40 $term
	view --stop=5 stale_link
	check "$term: 256 colours" sgr "38;5"
	check "$term: bold" sgr 1
	check_not "$term: never plain blue" sgr 34
done

term_open 120x40 linux
view --stop=5 stale_link
check "linux: its 8 colours" sgr "3[1-7]"
check_not "linux: no others" sgr 38
check_not "linux: never plain blue" sgr 34

term_open 120x40 vt100
view --stop=5 stale_link
check_not "vt100: no colour" sgr "$any_color"
check "vt100: bold or reverse" sgr "1|7"

# A terminal whose colours are RGB values; few systems have its description.
cat >"$work/direct.ti" <<'END'
xterm-direct|24-bit colours,
	RGB, colors#0x1000000, pairs#0x10000, ccc@, initc@, oc@,
	setab=\E[%?%p1%{8}%<%t4%p1%d%e48;2;%p1%{65536}%/%d;%p1%{256}%/%{255}%&%d;%p1%{255}%&%d%;m,
	setaf=\E[%?%p1%{8}%<%t3%p1%d%e38;2;%p1%{65536}%/%d;%p1%{256}%/%{255}%&%d;%p1%{255}%&%d%;m,
	use=xterm-256color,
END
tic -x -o "$work/terminfo" "$work/direct.ti"
term_open 120x40 xterm-direct TERMINFO="$work/terminfo"
view --stop=5 stale_link
check "xterm-direct: RGB" sgr "38;2"

term_open 120x40 xterm-256color NO_COLOR=1
view --stop=5 stale_link
check_not "NO_COLOR: no colour" sgr "$any_color"
check "NO_COLOR: bold stays" sgr 1
keys q
wait_done 0
view --color=always --stop=5 stale_link
check "--color=always beats NO_COLOR" sgr "38;5"

term_open 120x40 xterm-256color NO_COLOR=
view --stop=5 stale_link
check "an empty NO_COLOR means nothing" sgr "38;5"
keys q
wait_done 0
view --color=never --stop=5 stale_link
check_not "--color=never: no colour" sgr "$any_color"

only_ascii()
{
	! screen | LC_ALL=C grep -q '[^ -~]'
}
term_open 120x40 xterm-256color LC_ALL=C
view --stop=5 stale_link
check "LC_ALL=C: ASCII" only_ascii
check "LC_ALL=C: the same words" shows CHIMERA
term_open 120x40 xterm-256color
view --stop=5 stale_link
check_not "UTF-8: more than ASCII" only_ascii
keys q
wait_done 0
view --ascii --stop=5 stale_link
check "--ascii: ASCII" only_ascii

term_open 80x24 dumb
run "$G0SCOPE --view=tui stale_link"
wait_done 1
check "dumb: refused, with the way out" shows "--view=text"
run "$G0SCOPE stale_link | grep -c CHIMERA"
wait_done 0
ok "dumb: text where nothing was asked for"
run "TERM=no-such-terminal $G0SCOPE --view=tui stale_link"
wait_done 1
check "an unknown terminal: refused, with the way out" shows "--view=text"
run "TERM= $G0SCOPE --view=tui stale_link"
wait_for "TERM is not set"
finish
