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

# Each command, with an output that is closed, full, limited, or read by nobody any more.
g0scope record stale_link -o "$work/s.g0r"
mkfifo "$work/pipe"
# exec_into HOW ARG…: g0scope with such an output.
exec_into()
{
	local how=$1
	shift
	case $how in
	closed) exec >&- ;;
	full) exec >/dev/full ;;
	limited)
		head -c 4194304 /dev/zero >"$work/limited"
		exec >>"$work/limited"
		ulimit -f 4096
		;;
	unread*)
		exec 3<>"$work/pipe"
		exec >"$work/pipe"
		exec 3<&-
		[ "$how" = unread ] || trap '' PIPE
		;;
	esac
	exec timeout 120 "$G0SCOPE" "$@"
}
into()
{
	(exec_into "$@") 2>"$work/err" </dev/null
	status=$?
	: >"$work/out"
}
while read -r args; do
	read -ra words <<<"$args"
	for how in "closed Bad file descriptor; it is closed" "full No space left on device" "limited File too large" \
		"unread_and_ignored Broken pipe; its reader has gone"; do
		[[ $how != full* || -w /dev/full ]] || continue
		into "${how%% *}" "${words[@]}"
		check "$args, output ${how%% *}: exits 1" exits 1
		check "$args, output ${how%% *}: one sentence" one_line
		check "$args, output ${how%% *}: which says why" err "standard output could not be written: ${how#* }"
	done
	into unread "${words[@]}"
	check "$args, output unread: ends by SIGPIPE" exits 141
	check "$args, output unread: without a word" silent err
done <<END
--help
--version
lessons
stale_link
--view=text $work/s.g0r
check stale_link
info $work/s.g0r
dump --json $work/s.g0r
record --limit=10 stale_link -o $work/r.g0r
END
g0scope info "$work/r.g0r"
check "what was recorded is there all the same" exits 0

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
