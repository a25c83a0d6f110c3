#!/usr/bin/env bash
# The window on a display of its own: keys and the mouse reach the session, it follows its size, it
# rests when nothing happens, and it ends however it is told to.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
need_g0scope
for tool in Xvfb xdotool; do
	command -v "$tool" >/dev/null || skip_all "no $tool here"
done
"$G0SCOPE" --version | grep -q 'sdl' || skip_all "built without SDL2"
unset WAYLAND_DISPLAY SDL_VIDEODRIVER

# The display's number comes from the server: others may have servers too.
Xvfb -displayfd 3 -screen 0 1536x864x24 -nolisten tcp 3>"$work/display" 2>/dev/null &
server=$!
at_exit()
{
	kill "$server" 2>/dev/null
	rm -rf "$work"
}

# until_ok COMMAND…: wait for it, at most a quarter of a minute.
until_ok()
{
	for _ in $(seq 150); do
		"$@" 2>/dev/null && return
		sleep 0.1
	done
	return 1
}

until_ok test -s "$work/display" || skip_all "Xvfb does not start here"
DISPLAY=:$(cat "$work/display")
export DISPLAY
cd "$work" || exit 1

# window_of PID: sets window. SDL has others for a moment, without a name.
window_of()
{
	window=$(xdotool search --onlyvisible --pid "$1" | tail -n 1)
	[ -n "$window" ] && xdotool getwindowname "$window" | grep -q g0scope
}

open_window()
{
	"$G0SCOPE" --view=sdl "$@" stale_link 2>"$work/err" &
	viewer=$!
	check "a window opens ($*)" until_ok window_of "$viewer"
	xdotool windowfocus "$window"
}

# picture STEP SIZE: P saves this step (5-2: the second picture of step 5) at this size.
picture()
{
	xdotool key P
	until_ok test -s "g0scope-$1.png" && sleep 0.2 && [ "$(png_size "g0scope-$1.png")" = "$2" ]
}

# Width and height stand in the head of a PNG.
png_size()
{
	od -An -tu1 -j16 -N8 "$1" | awk '{ print $3 * 256 + $4 "x" $7 * 256 + $8 }'
}

# Processor time used, in ticks.
ticks()
{
	awk '{ print $14 + $15 }' "/proc/$1/stat"
}

rests()
{
	local before
	sleep 0.5
	before=$(ticks "$1")
	sleep 1
	[ $(($(ticks "$1") - before)) -le 2 ]
}

# gone: it has ended, whether or not its status was asked for.
gone()
{
	! grep -qs '^State:.[^Z]' "/proc/$viewer/status"
}

ends_with()
{
	until_ok gone || kill -9 "$viewer"
	wait "$viewer"
	[ $? = "$1" ]
}

open_window
check "P saves the picture, in the shape of the window" picture 0 1280x720
xdotool key Right Right
check "Right steps" picture 2 1280x720
xdotool key Left
check "Left goes back" picture 1 1280x720
xdotool key numbersign 2 Return
check "a step typed after # is gone to" picture 2-2 1280x720
xdotool windowsize "$window" 1000 600
sleep 0.5
xdotool key Home
check "it follows the window's size" picture 0-2 1000x600
xdotool key ctrl+plus ctrl+minus ctrl+0 F1 Escape
xdotool click 4 click 5
check "it rests when nothing happens" rests "$viewer"
xdotool key q
check "q quits" ends_with 0

open_window --stop=2
kill -TERM "$viewer"
check "SIGTERM closes it" ends_with 0

unset DISPLAY
for name in a b; do
	"$G0SCOPE" --view=sdl --stop=5 --screenshot=$name.png stale_link
done
check "a picture needs no display, and is the same each time" cmp a.png b.png
check "it is 1600x900" test "$(png_size b.png)" = 1600x900
"$G0SCOPE" --view=sdl stale_link 2>"$work/err"
check "without a display: status 1" test $? = 1
check "… and a sentence that names the other views" grep -q -e '--view=tui' "$work/err"
finish
