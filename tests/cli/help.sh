#!/usr/bin/env bash
# --help and --version; wrong usage ends with 2 and a sentence that leads to --help.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

g0scope --help
check "--help exits 0" exits 0
check "--help complains of nothing" silent err
for word in record replay lessons check dump info export doctor --format --grain --view --mcall --schedule --color --ascii; do
	check "--help knows $word" out "$word"
done
check "--help has an example" out "g0scope stale_link"
g0scope record --help
check "a command's --help exits 0" exits 0
check "a command's --help shows how to use it" out "usage:"

g0scope --version
check "--version exits 0" exits 0
check "--version names the program" out "g0scope "
check "--version says what is built in" out "tui"
# Beside a program that is alone.
mkdir "$work/alone"
cp "$G0SCOPE" "$work/alone/g0scope"
G0SCOPE=$work/alone/g0scope g0scope --version
check "--version says that there is no emulator, and what it needs" grep -qx "machines: real (.*libunicorn-dev.*)" "$work/out"
if [ -x "${G0SCOPE%/*}/g0scope-emulator" ]; then
	cp "${G0SCOPE%/*}/g0scope-emulator" "$work/alone/"
	G0SCOPE=$work/alone/g0scope g0scope --version
	check "--version says that there is one" grep -qx "machines: real emulated" "$work/out"
fi

refused 2 "--help" --nonsense
refused 2 "tui|sdl|text" --view=paper stale_link
refused 2 "clear|keep|g0bp|cycle" --mcall=forget stale_link
refused 2 "auto|always|never" --color=blue stale_link
refused 2 "--procs" --procs=many stale_link
refused 2 "--procs" --procs=0 stale_link
refused 2 "--step" --step=-3 stale_link
refused 2 "as recrod is no command" recrod stale_link -o none
refused 2 "--schedule: schedule, column 6: expected an M such as M0" --schedule="M0*9 K1" stale_link
refused 2 "see g0scope --help" record --schedule="M0*" -o "$work/x.g0r" stale_link
refused 2 "column 1" --schedule=0 --schedule=M0 stale_link
for option in --schedule=M0 --step=3 --stop=3; do
	refused 2 "check tells a lesson's own stops" check "$option" stale_link
done
refused 2 "--size" --size=80 stale_link
refused 2 "--help" stale_link red_blue
refused 2 "usage: g0scope record" record
refused 2 "-o" record stale_link
refused 2 "usage: g0scope replay" replay
refused 2 "usage: g0scope check" check
refused 2 "--json" dump some.g0r
refused 2 "--view" --view
refused 2 "--limit=0: expected N, a number from 1 on" --limit=0 stale_link
refused 2 "--step=x: expected N, a number from 0 on" --step=x stale_link
refused 2 "--size=40x10: expected COLSxROWS, from 80x24 to 1000x1000" --view=text --size=40x10 --stop=2 stale_link
# What would change nothing.
refused 2 "check has no use for --size" check --size=80x24 stale_link
refused 2 "dump has no use for --mcall" dump --json --mcall=keep some.g0r
refused 2 "info has no use for --arch" info --arch=arm64 some.g0r
refused 2 "lessons has no use for --json" lessons --json
refused 2 "too many names" doctor stale_link
refused 2 "doctor has no use for --view" doctor --view=text
refused 2 "record has no use for --view" record --view=sdl -o none stale_link
refused 2 "what opens a view has no use for --json" --json stale_link
refused 2 "no program is run that could be given --" info some.g0r -- a
refused 1 "--size is that of a page" --view=text --size=130x45 stale_link
"$G0SCOPE" record systemstack -o "$work/over.g0r" >"$work/out"
refused 1 "--arch: $work/over.g0r is a recording, of a run that is over" --view=text --arch=amd64 "$work/over.g0r"
refused 1 "what follows --: $work/over.g0r is a recording" --view=text "$work/over.g0r" -- a
finish
