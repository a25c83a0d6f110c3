#!/usr/bin/env bash
# --help and --version; wrong usage ends with 2 and a sentence that leads to --help.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

g0scope --help
check "--help exits 0" exits 0
check "--help complains of nothing" silent err
for word in record replay lessons check dump info --view --mcall --schedule --color --ascii; do
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
finish
