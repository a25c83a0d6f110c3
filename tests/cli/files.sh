#!/usr/bin/env bash
# What record writes: whatever its name stands for, it is written to and is no other thing afterwards; the recording grows there, and is
# as good as it goes, however g0scope ends.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
hog=$(echo "$O"/examples/*hog)
[ -x "$hog" ] || skip_all "no $hog: build first"
r=$work/x.g0r

g0scope record stale_link -o "$r"
cp "$r" "$work/whole"
whole()
{
	cmp "$work/whole" "$1"
}
g0scope record stale_link -o "$work/again.g0r"
check "twice the same recording" whole "$work/again.g0r"

# Names of all kinds.
mode()
{
	[ "$(stat -c %a "$1")" = "$2" ]
}
echo "something longer than nothing" >"$r"
chmod 640 "$r"
ln -s x.g0r "$work/link"
ln "$r" "$work/hard"
g0scope record stale_link -o "$work/link"
check "a link: is followed" whole "$r"
check "a link: stays one" test -L "$work/link"
check "a file keeps its mode" mode "$r" 640
check "a file keeps its other name" whole "$work/hard"
rm "$r"
g0scope record stale_link -o "$work/link"
check "a link to nothing: that is made" whole "$r"
# Deeper than a path may be long: nothing of the longer file that was there is left behind the picture.
if command -v python3 >/dev/null; then
	python3 - "$G0SCOPE" "$r" "$work" >"$work/out" 2>"$work/err" <<'END'
import os, subprocess, sys
scope, recording, work = sys.argv[1:]
os.chdir(work)
for _ in range(25):
    os.mkdir("d" * 200)
    os.chdir("d" * 200)
with open("x.png", "wb") as f:
    f.write(b"Z" * 4000000)
subprocess.run([scope, "--view=sdl", "--screenshot=x.png", recording])
with open("x.png", "rb") as f:
    data = f.read()
print("whole" if b"ZZZZZZZZ" not in data[-64:] and data[:4] == b"\x89PNG" else "no", len(data))
END
	grep -q "no window" "$work/err" || check "a picture in a very deep folder is all that its file has" out whole
	rm -rf "$work"/ddd*
fi
mkfifo "$work/pipe"
timeout 20 cat "$work/pipe" >"$work/out.pipe" &
g0scope record stale_link -o "$work/pipe"
wait
check "a pipe: is written to" whole "$work/out.pipe"
check "a pipe: stays one" test -p "$work/pipe"
"$G0SCOPE" record stale_link -o /dev/stdout 2>"$work/err" </dev/null | cat >"$work/out.pipe"
check "standard output: is written to" whole "$work/out.pipe"
check "standard output: the words are elsewhere" err "/dev/stdout: 1"
echo before >"$work/appended"
"$G0SCOPE" record stale_link -o /dev/fd/3 3>>"$work/appended" >"$work/out" 2>"$work/err" </dev/null
sed -i 1d "$work/appended"
check "a descriptor: on from where it stands" whole "$work/appended"

# What cannot be written. Root, who could replace the device, gets one of its own.
full=/dev/full
if [ "$(id -u)" = 0 ]; then
	full=$work/full
	mknod "$full" c 1 7 2>"$work/err" && { true >"$full"; } 2>"$work/err" || full=
fi
if [ "$full" ]; then
	refused 1 "$full could not be written: No space left on device" record stale_link -o "$full"
	check "a full device: stays one" test -c "$full"
fi
refused 1 "nobody reads that pipe" record stale_link -o "$work/pipe"
"$G0SCOPE" record --schedule="M0*100000000" "$hog" -o "$work/pipe" >"$work/out" 2>"$work/err" </dev/null &
pid=$!
timeout 20 head -c 10 "$work/pipe" >"$work/out.pipe"
wait "$pid"
status=$?
check "a reader that goes away: exits 1" exits 1
check "a reader that goes away: a sentence" err "its reader has gone"
for place in "$work" "$work/" "$work/none/x.g0r" "$work/whole/x.g0r" ""; do
	refused 1 "could not be written" record stale_link -o "$place"
done
refused 2 "record, trim or export" stale_link -o "$work/none"

# Nor are a program's own sources, by whatever name.
printf '#include "g0.h"\nvoid go_main(void)\n{\n\tg0_puts("x");\n}\n' >"$work/own.c"
ln "$work/own.c" "$work/hard.c"
cp "$work/own.c" "$work/saved.c"
# shellcheck disable=SC2086 # flags are words
if ${CC:-cc} -g -fno-pie -static -pthread -D_GNU_SOURCE -Isrc -Iarch -Iarch/"$(dpkg --print-architecture 2>/dev/null || echo amd64)" \
	-o "$work/own" "$work/own.c" "$O/libg0.a" 2>"$work/err"; then
	for to in "$work/own.c" "$work/hard.c"; do
		refused 1 "-o $to is one of the files read for it" record -o "$to" "$work/own"
	done
	check "a source is as it was" cmp "$work/own.c" "$work/saved.c"
fi

# What is read for it is not written over, by none of its names.
cp "$hog" "$work/program"
cp "$work/whole" "$work/copy"
cp examples/*stale_link.md "$work/lesson.md"
echo typed >"$work/typed"
for file in program copy lesson.md typed; do
	ln "$work/$file" "$work/$file.hard"
	ln -s "$file.hard" "$work/$file.link"
	cp "$work/$file" "$work/$file.was"
done
# itself FILE: that file is refused as an output by each name, with a name to open and more, and then is what it was.
itself()
{
	local file=$1 to
	shift
	for to in "$work/$file" "$work/$file.hard" "$work/$file.link"; do
		refused 1 "-o $to is one of the files read for it" record -o "$to" "$@"
		check "and is what it was" cmp "$work/$file.was" "$work/$file"
		"$G0SCOPE" --version | grep -q ' sdl$' || continue
		refused 1 "--screenshot $to is one of the files read for it" --view=sdl --screenshot="$to" "$@"
		check "and is what it was" cmp "$work/$file.was" "$work/$file"
	done
}
itself program "$work/program" --limit=10
itself copy "$work/copy"
itself lesson.md "$work/lesson.md"
itself typed --limit=10 --stdin="$work/typed" "$work/program"
"$G0SCOPE" record -o "$work/typed.link" --limit=10 "$work/program" <"$work/typed" >"$work/out" 2>"$work/err"
status=$?
check "a redirected input: exits 1" exits 1
check "a redirected input: is what it was" cmp "$work/typed.was" "$work/typed"
mkdir "$work/bare"
echo mine >"$work/bare/stale_link"
(cd "$work/bare" && "$G0SCOPE" record stale_link -o stale_link) >"$work/out" 2>"$work/err" </dev/null
check "a file that is only called as the lesson is written" whole "$work/bare/stale_link"
echo other >"$work/other"
refused 1 "no_such_lesson" record no_such_lesson -o "$work/other"
check "where nothing could be begun, nothing is changed" grep -q other "$work/other"

# steps_of FILE: how many are in it, 0 where it does not open (yet).
steps_of()
{
	local steps
	steps=$("$G0SCOPE" info "$1" 2>/dev/null | sed -n 's/^steps *//p')
	echo "${steps:-0}"
}
# small_files DIRECTORY…: no more than 4 KiB of a recording.
small_files()
{
	(ulimit -f 4 && timeout 60 "$G0SCOPE" record --seed=1 --limit=20000 -o "$r" red_blue) >"$work/out" 2>"$work/err" </dev/null
	status=$?
}
small_files
check "larger than ulimit -f: exits 1" exits 1
check "larger than ulimit -f: a sentence" err "ulimit -f"
check "larger than ulimit -f: no step is boasted of" silent out
g0scope info "$r"
check "larger than ulimit -f: what there is opens" exits 0
check "larger than ulimit -f: and is said to be cut" err "is cut short at step"
mkdir "$work/disk"
# The code takes most of it, a step two bytes.
if mount -t tmpfs -o size=160k none "$work/disk" 2>"$work/err"; then
	g0scope record --seed=1 --limit=10000000 "$EXAMPLES/10_sieve" -o "$work/disk/x.g0r" -- 100000
	check "a full disk: exits 1" exits 1
	check "a full disk: a sentence" err "No space left on device"
	g0scope info "$work/disk/x.g0r"
	check "a full disk: what there is opens" exits 0
	check "a full disk: and is more than a beginning" test "$(steps_of "$work/disk/x.g0r")" -gt 4000
	check "a full disk: nothing else is left there" test "$(ls -A "$work/disk")" = x.g0r
	cat /dev/zero >"$work/disk/rest" 2>"$work/err"
	echo old >"$work/disk/old" 2>"$work/err"
	for to in new old; do
		cp "$work/disk/$to" "$work/was" 2>"$work/err" || : >"$work/was"
		G0_TRACE=$work/disk/$to "$hog" 1 >"$work/out" 2>"$work/err"
		status=$?
		check "a full disk, G0_TRACE: the status is the program's own" exits 0
		check "a full disk, G0_TRACE: a sentence" err "cannot write it: there is no room left"
		if "$G0SCOPE" --version | grep -q ' sdl$'; then
			refused 1 "$work/disk/$to could not be written: No space left" --view=sdl --screenshot="$work/disk/$to" stale_link
		fi
		check "a full disk: $to is as it was" cmp "$work/was" <(cat "$work/disk/$to" 2>"$work/err")
		check "a full disk: still nothing else is left there" test "$(cd "$work/disk" && echo .[!.]* *)" = ".[!.]* old rest x.g0r"
	done
	mount -o remount,ro "$work/disk"
	for to in new old; do
		refused 1 "$work/disk/$to could not be written: Read-only file system; give another place" record stale_link -o "$work/disk/$to"
	done
	umount "$work/disk"
fi

ulimit -c 0
# ends NAME STATUS: a recording that never ends, ended by that signal as soon as there is something of it.
ends()
{
	rm -f "$r"
	env --default-signal=INT,HUP,QUIT "$G0SCOPE" record --schedule="M0*100000000" "$hog" -o "$r" >"$work/out" 2>"$work/err" </dev/null &
	pid=$!
	for ((i = 0; i < 1200; i++)); do
		[ "$(steps_of "$r")" -gt 4000 ] && break
		sleep 0.05
	done
	kill -"$1" "$pid"
	wait "$pid" 2>/dev/null
	status=$?
	check "SIG$1: ends it with status $2" exits "$2"
	cp "$work/out" "$work/words"
	g0scope info "$r"
	check "SIG$1: what was recorded opens" exits 0
	check "SIG$1: and is more than a beginning" test "$(sed -n 's/^steps *//p' "$work/out")" -gt 100
}
for sig in "INT 130" "TERM 143" "HUP 129" "QUIT 131"; do
	# shellcheck disable=SC2086 # two words
	ends $sig
	check "SIG${sig% *}: nothing is wrong with it" silent err
	check "SIG${sig% *}: it says why it ends" grep -qE "^end +stopped at step [0-9]+ by SIG${sig% *}$" "$work/out"
	check "SIG${sig% *}: as record did" grep -qE "; stopped at step [0-9]+ by SIG${sig% *}$" "$work/words"
done
# A crash is as sudden: what there is was written before.
for sig in "KILL 137" "SEGV 139" "ABRT 134"; do
	# shellcheck disable=SC2086 # two words
	ends $sig
	check "SIG${sig% *}: it is said to be cut" err "is cut short at step"
	check "SIG${sig% *}: it says so itself" grep -q "^end *the recording is cut short there" "$work/out"
done
(
	trap '' HUP
	exec "$G0SCOPE" record --schedule="M0*30000" "$hog" -o "$work/nohup.g0r" >"$work/out" 2>"$work/err" </dev/null
) &
pid=$!
for ((i = 0; i < 1200; i++)); do
	[ -s "$work/nohup.g0r" ] && break
	sleep 0.05
done
kill -HUP "$pid"
wait "$pid"
status=$?
check "SIGHUP under nohup: is none" exits 0

# A picture is there whole or not at all.
if "$G0SCOPE" --version | grep -q ' sdl$'; then
	mkdir "$work/shots"
	shot()
	{
		g0scope --view=sdl --stop=2 --screenshot="$1" stale_link
	}
	shot "$work/shots/x.png"
	cp "$work/shots/x.png" "$work/picture"
	chmod 600 "$work/shots/x.png"
	ln -s shots/x.png "$work/picture.png"
	shot "$work/picture.png"
	check "a picture through a link: is there" cmp "$work/picture" "$work/shots/x.png"
	check "a picture through a link: keeps the mode" mode "$work/shots/x.png" 600
	check "a picture through a link: which stays one" test -L "$work/picture.png"
	"$G0SCOPE" --view=sdl --stop=2 --screenshot=/dev/stdout stale_link </dev/null 2>"$work/err" | cat >"$work/out.pipe"
	check "a picture into a pipe" cmp "$work/picture" "$work/out.pipe"
	[ -z "$full" ] || refused 1 "could not be written: No space left" --view=sdl --screenshot="$full" stale_link
	refused 1 "could not be written: No such file" --view=sdl --screenshot="$work/none/x.png" stale_link
	(ulimit -f 4 && "$G0SCOPE" --view=sdl --screenshot="$work/shots/x.png" stale_link) >"$work/out" 2>"$work/err" </dev/null
	status=$?
	check "a picture too large: exits 1" exits 1
	check "a picture too large: a sentence" err "ulimit -f"
	check "a picture too large: the old one is as it was" cmp "$work/picture" "$work/shots/x.png"
	check "a picture too large: nothing else is left there" test "$(ls -A "$work/shots")" = x.png
fi

# --limit holds for whatever is executed.
g0scope record --limit=50 -o "$r" stale_link
check "a lesson's limit: exits 1" exits 1
check "a lesson's limit: is said" out "; stopped at step 50: --limit=50"
g0scope record --limit=50 -o "$r" --mcall=clear stale_link
check "a lesson's limit under another mcall: is said" out "; stopped at step 50: --limit=50"
g0scope record --limit=50 -o "$r" --schedule="M0*60" stale_link
check "a schedule's limit: is said" out "; stopped at step 50: --limit=50"
g0scope info "$r"
check "and in the file" out "stopped at step 50: --limit=50"
g0scope check --limit=50 stale_link
check "check: exits 1" exits 1
check "check: says why" err "stopped at step 50: --limit=50"
g0scope stale_link --limit=50
check "the story: exits 1" exits 1
check "the story: says why" out "stopped at step"
finish
