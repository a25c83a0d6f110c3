#!/usr/bin/env bash
# g0scope doctor: what it says of this machine, and of it with something in the way.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
names="system ptrace emulator locale terminal window font lessons examples perf"

# found STATE NAME TEXT: its line says so.
found()
{
	grep -qE "^$1 +$2 " "$work/out" && grep -E "^$1 +$2 " "$work/out" | grep -qF -- "$3"
}

steps()
{
	tail -n 1 "$work/out" | grep -qx "$1"
}

# What is no terminal in any case says so; else TERM would be all that is in the way.
export TERM=xterm
unset DISPLAY WAYLAND_DISPLAY SDL_VIDEODRIVER G0SCOPE_FONT
g0scope --version
sdl=$(grep -c "^views:.* sdl$" "$work/out")

g0scope doctor
cp "$work/out" "$work/first"
check "a line for each, in order" diff <(awk '{ print $2 }' "$work/out" | head -n -1) <(tr ' ' '\n' <<<"$names")
check "each is ok, limited or missing" not grep -vqE '^(ok|limited|missing) |^(Programs|No program) can be stepped here' "$work/out"
check "ptrace is tried" found ok ptrace "a process was stepped on the real CPU"
check "so programs can be stepped" steps "Programs can be stepped here, on the real CPU."
check "then it exits 0" exits 0
check "it has a system" found ok system "$(uname -r)"
check "UTF-8" found ok locale "UTF-8"
check "no terminal" found limited terminal "input and output are not both a terminal; use --view=text"
check "the lessons" found ok lessons "$(find examples -name '*.md' | wc -l), each with its program"
if [ -x "$O/g0scope-emulator" ]; then
	check "the emulator is tried" found ok emulator "g0scope-emulator starts"
fi

g0scope doctor --json
check "as JSON the same" diff <(python3 -c 'import json, sys
said = json.load(open(sys.argv[1]))
for f in said["findings"]:
    assert sorted(f) == ["name", "says", "state"]
    print("%-8s %-9s %s" % (f["state"], f["name"], f["says"]))
assert said["steps"] == "real"' "$work/out") <(head -n -1 "$work/first")

# ---- the user's surroundings ----
HOME='' g0scope doctor
check "no home changes nothing" cmp "$work/out" "$work/first"
(unset HOME && "$G0SCOPE" doctor) >"$work/out" 2>"$work/err" </dev/null
check "nor that there is no such variable" cmp "$work/out" "$work/first"
LC_ALL=C g0scope doctor
check "a locale without UTF-8" found limited locale "drawn in ASCII; set LC_ALL=C.UTF-8"
check_not "then all of it is ASCII" grep -qP '[^\x00-\x7f]' "$work/out"
TERM=dumb g0scope doctor
check "a dumb terminal" found limited terminal 'the terminal "dumb" cannot move its cursor; use --view=text'
TERM=no-such-terminal g0scope doctor
check "a terminal that nobody knows" found limited terminal 'there is no description of a terminal "no-such-terminal" here'
TERM='' g0scope doctor
check "no word which terminal it is" found limited terminal "TERM is not set"
if [ "$sdl" = 1 ]; then
	check "no display" grep -qE "^missing  window    there is no display .*; use --view=tui in a terminal, or --view=text$" "$work/first"
	DISPLAY=:7777 g0scope doctor
	check "a display that is not there" found missing window "; use --view=tui in a terminal, or --view=text"
	G0SCOPE_FONT=$work/none.ttf g0scope doctor
	check "a font that is not there" found missing font "install the package fonts-dejavu-core and unset G0SCOPE_FONT"
else
	check "no SDL2" found missing window "built without SDL2"
fi
env PATH="$work/nothing" "$G0SCOPE" doctor >"$work/out" 2>"$work/err" </dev/null
check "no perf" grep -qE "^limited  perf      it may (sample, and is not installed|not sample)" "$work/out"
check_not "in all that nothing was said to be wrong" grep -q "^g0scope:" "$work/err"

# ---- what lies beside the program ----
mkdir "$work/alone"
cp "$G0SCOPE" "$work/alone/"
cd "$work" || exit 1
alone()
{
	G0SCOPE=$work/alone/g0scope g0scope doctor
}
G0SCOPE_EXAMPLES='' alone
check "no lessons" found missing lessons "none are found; set G0SCOPE_EXAMPLES"
check "no examples" found missing examples "none are found; set G0SCOPE_EXAMPLES"
G0SCOPE_EXAMPLES=$root/examples alone
check "lessons without their programs" grep -qE "^limited  lessons   [0-9]+, of which [0-9]+ cannot be told, such as .*make" "$work/out"
alone
check "no emulator" found missing emulator "install libunicorn-dev and build it (make)"
check "programs can be stepped all the same" exits 0
: >"$work/alone/g0scope-emulator"
chmod +x "$work/alone/g0scope-emulator"
alone
check "an empty one" found limited emulator "g0scope-emulator cannot be started: Exec format error"
printf '#!/bin/sh\nexit 3\n' >"$work/alone/g0scope-emulator"
alone
check "one that is another program" found limited emulator "or not be what it is called: build it anew"
printf '#!/bin/sh\nexec sleep 100\n' >"$work/alone/g0scope-emulator"
alone
check "one that does not answer" found limited emulator "does not answer; build it anew"

# ---- where ptrace is denied ----
denied()
{
	timeout 120 python3 -B "$root/tests/deny_ptrace.py" "$@" >"$work/out" 2>"$work/err" </dev/null
	status=$?
}
denied true
if [ "$status" = 77 ]; then
	echo "ok - # skip $(cat "$work/out")"
	finish
fi
rm "$work/alone/g0scope-emulator"
denied "$work/alone/g0scope" doctor
check "ptrace is denied" found missing ptrace "does not allow ptrace (Operation not permitted); in a container, start that with --cap-add=SYS_PTRACE"
check "without an emulator no program can be stepped" steps "No program can be stepped here; a recording can be opened."
check "then it exits 1" exits 1
denied "$work/alone/g0scope" doctor --json
check "that in JSON is null" grep -q '"steps":null}$' "$work/out"
if [ -x "$O/g0scope-emulator" ]; then
	denied "$G0SCOPE" doctor
	check "with one they can" steps "Programs can be stepped here, on an emulated CPU."
	check "and it exits 0" exits 0
fi
finish
