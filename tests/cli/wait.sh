#!/usr/bin/env bash
# Where all Ms sleep: what may wake one is waited for; where nothing can, that is said. And how a recording says that it stopped early.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
r=$work/waits.g0r
programs=$O/tests/programs
[ -x "$O/plain/tests/programs/waits" ] && programs=$O/plain/tests/programs

for what in sleeps has_child; do
	g0scope record -o "$r" "$programs/waits" -- $what
	check "$what: goes on to the end" out "; the program ended with status 0"
	check "$what: exits 0" exits 0
	g0scope dump --json "$r"
	check "$what: what it wrote then is there" out '"output":"done'
	[ "$what" = sleeps ] || check "$what: and what was written while it waited" out '"output":"the child'
done

# until_so COMMAND…: or a minute is over.
until_so()
{
	for ((i = 0; i < 1200; i++)); do
		"$@" && return
		sleep 0.05
	done
}

# Somebody writes when the program has long been asleep: the recording, which grows, has come to the call.
mkfifo "$work/line"
asleep()
{
	local pid
	pid=$(pgrep -f -- "$1") && grep -qs "^State:.S" "/proc/$pid/status"
}
machines=real
[ -x "$O/g0scope-emulator" ] && machines="real emulated"
for machine in $machines; do
	# So the process is called that reads it.
	case $machine in real) process='^waits reads$' ;; *) process='--serve=.* waits reads$' ;; esac
	(
		exec 3>"$work/line"
		until_so asleep "$process"
		sleep 0.5
		echo >&3
	) &
	g0scope record --machine="$machine" --wait=100 --stdin="$work/line" -o "$r" "$programs/waits" -- reads
	check "$machine, reads: goes on when somebody writes" out "; the program ended with status 0"
	check "$machine, reads: exits 0" exits 0
	wait
done

g0scope record --wait=1 --stdin="$work/line" -o "$r" "$programs/waits" -- reads
check "nobody opens the input: exits 1" exits 1
check "nobody opens the input: a sentence" err "nobody writes to $work/line"

# early WHAT WORDS: that was said of a recording that stopped before its program had ended: by record, by info and where it is opened.
early()
{
	check "$1: exits 1" exits 1
	check "$1: record says why" out "$2"
	g0scope info "$r"
	check "$1: so does info" out "end       stopped at step $(sed -n 's/^steps *//p' "$work/out")"
	check "$1: and why" out "$2"
	g0scope replay --step="$(sed -n 's/^steps *//p' "$work/out")" --size=200x40 "$r"
	check "$1: and who opens it sees that" out "the recording ends here: stopped at step"
}

g0scope record --wait=1 -o "$r" "$programs/waits" -- pauses
early "nobody comes" "where nobody can go on: M0 is asleep in "
check "nobody comes: and what might have" out ", until a timer or something outside wakes it; --wait=SECONDS waits longer"

# The input is open, and nothing comes.
exec 3<>"$work/line"
for machine in $machines; do
	g0scope record --machine="$machine" --wait=1 --stdin="$work/line" -o "$r" "$programs/waits" -- reads
	early "$machine: nothing to read" "where nobody can go on: M0 is asleep in read, until a timer or something outside wakes it; --wait=SECONDS waits longer"
done

g0scope record --limit=50 -o "$r" "$programs/waits" -- sleeps
early "a limit" ": --limit=50 allows no more"
g0scope record --seed=1 -o "$r" "$programs/waits" -- none
steps=$(grep -oE '[0-9]+ steps' "$work/out" | cut -d' ' -f1)
g0scope record --seed=1 --limit="$steps" -o "$r" "$programs/waits" -- none
check "a limit at the program's very end is none: exits 0" exits 0
check "a limit at the program's very end is none" out "; the program ended with status 0"
g0scope dump --json --step="$steps" "$r"
check "and of an M that has ended nothing is judged" out '"exited":true,"verdict":null,"chain":[],"truth":[]'
g0scope record --schedule="M0*$((steps + 9))" -o "$r" "$programs/waits" -- none
check "a schedule that is longer than the program: exits 1" exits 1
check "a schedule that is longer than the program: is said" out "ended with status 0, before what was to be followed did"
g0scope record --limit=50 -o "$r" stale_link
early "a lesson's limit" ": --limit=50 allows no more"
refused 2 "--wait" record --wait=0 -o "$r" stale_link
refused 2 "--wait" record --wait=soon -o "$r" stale_link

# Who waits can be told to stop: by then it has come to where nobody goes on.
# stops OPTION…: a program that waits for what does not come.
stops()
{
	local process=$1 recorder
	shift
	"$G0SCOPE" record --wait=1000 -o "$r" "$@" >"$work/out" 2>"$work/err" </dev/null &
	recorder=$!
	until_so asleep "$process"
	kill "$recorder"
	wait "$recorder"
	status=$?
	check "$*: SIGTERM ends it while it waits" exits 143
	check "$*: and says so" out "stopped at step"
}
stops '^waits pauses$' "$programs/waits" -- pauses
case $machines in
*emulated*) stops '--serve=.* waits reads$' --machine=emulated --stdin="$work/line" "$programs/waits" -- reads ;;
esac

# Nor is an emulator waited for that does not answer any more.
stuck()
{
	[ -s "$r" ] && emulator=$(pgrep -P "$recorder" -f -- "--serve=") && kill -STOP "$emulator"
}
over()
{
	! kill -0 "$1" 2>/dev/null
}
if [[ $machines = *emulated* ]]; then
	rm -f "$r"
	"$G0SCOPE" record --machine=emulated --limit=1000000000 -o "$r" "$programs/busy" >"$work/out" 2>"$work/err" </dev/null &
	recorder=$!
	until_so stuck
	sleep 0.5
	kill "$recorder"
	until_so over "$recorder"
	kill -KILL "$emulator" 2>/dev/null
	wait "$recorder"
	status=$?
	check "SIGTERM ends it while the emulator is stuck" exits 143
	check "what it had by then is kept" out " steps of busy (emulated amd64) under"
	g0scope info "$r"
	check "and how it ended" out "stopped answering"
	(ulimit -n 200 && exec "$G0SCOPE" record --machine=emulated -o "$r" "$programs/busy") >"$work/out" 2>"$work/err"
	status=$?
	check "too few open files for the emulator: exits 1" exits 1
	check "too few open files for the emulator: what to do" err "256 open files are needed; raise the limit (ulimit -n)"
	mkdir "$work/broken"
	cp "$G0SCOPE" "$work/broken"
	: >"$work/broken/g0scope-emulator"
	chmod +x "$work/broken/g0scope-emulator"
	"$work/broken/g0scope" record --machine=emulated -o "$r" "$programs/busy" >"$work/out" 2>"$work/err"
	check "an emulator that is none: it is said of it, not of the program" err "g0scope-emulator cannot be started: Exec format error"
	printf '#!/bin/false\n' >"$work/broken/g0scope-emulator"
	"$work/broken/g0scope" record --machine=emulated -o "$r" "$programs/busy" >"$work/out" 2>"$work/err"
	check "one that ends before it begins: what may be so" err "g0scope-emulator has ended before it began; it may be allowed too little memory"
fi
finish
