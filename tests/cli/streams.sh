#!/usr/bin/env bash
# Where output goes: text into a pipe, no escape sequences, a closed or full output told and not crashed over,
# the program's words after --.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

g0scope stale_link
check "into a file it is text" out "CHIMERA"
check_not "into a file there are no escape sequences" grep -q "$(printf '\033')" "$work/out"
cp "$work/out" "$work/first"
g0scope stale_link
check "twice the same story" cmp "$work/first" "$work/out"
g0scope --ascii stale_link
check_not "--ascii leaves nothing else" grep -qP '[^\x00-\x7f]' "$work/out"
LC_ALL=C g0scope stale_link
check_not "a locale that is not UTF-8: ASCII" grep -qP '[^\x00-\x7f]' "$work/out"

refused 1 "--view=text" --view=tui stale_link

timeout 120 "$G0SCOPE" stale_link 2>"$work/err" </dev/null | head -1 >"$work/out"
status=${PIPESTATUS[0]}
check "a reader that goes away: no crash" test "$status" = 0 -o "$status" = 1 -o "$status" = 141
timeout 120 "$G0SCOPE" --version >&- 2>"$work/err"
status=$?
check "closed output: exits 1" exits 1
check "closed output: one sentence" one_line
if [ -w /dev/full ]; then
	for args in --help lessons stale_link; do
		timeout 120 "$G0SCOPE" "$args" >/dev/full 2>"$work/err" </dev/null
		status=$?
		: >"$work/out"
		check "$args to a full disk: exits 1" exits 1
		check "$args to a full disk: a sentence" err "output"
	done
fi

g0scope "$O"/examples/*stale_link -- --help --view=paper
check "what follows -- is the program's" exits 0

# Killed, it leaves no stepped program behind.
"$G0SCOPE" record red_blue --limit=100000000 -o "$work/long.g0r" >"$work/out" 2>"$work/err" </dev/null &
pid=$!
child()
{
	pgrep -P "$pid" >"$work/child"
}
for ((i = 0; i < 400; i++)); do
	child && break
	sleep 0.05
done
check "a program is being stepped" test -s "$work/child"
stepped=$(cat "$work/child")
kill -KILL "$pid"
wait "$pid" 2>/dev/null
for ((i = 0; i < 400; i++)); do
	kill -0 "$stepped" 2>/dev/null || break
	sleep 0.05
done
check_not "after kill -9 it is gone" kill -0 "$stepped" 2>"$work/err"
finish
