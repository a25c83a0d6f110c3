#!/usr/bin/env bash
# What can be opened, and what is said of what cannot.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

g0scope
check "without a name, the lessons are listed" out stale_link
check "without a name it exits 0" exits 0
g0scope lessons
check "lessons lists stale_link" out stale_link

for name in stale_link examples/*stale_link.md "$O"/examples/*stale_link; do
	g0scope "$name"
	check "$name opens" exits 0
	check "$name tells of a foreign link" out foreign
	check "$name complains of nothing" silent err
done

refused 1 "no_such_lesson" no_such_lesson
check "what there is instead is listed" err stale_link
refused 1 "no/such/file" no/such/file
# What has a slash is that file, and not what is called so elsewhere.
for name in nosuch/stale_link nosuch/examples/01_stale_link ./stale_link no/such/stale_link.md; do
	refused 1 "$name: there is no such file" "$name"
	refused 1 "$name: there is no such file" --arch=arm64 "$name"
	refused 1 "$name: there is no such file" record -o "$work/x.g0r" "$name"
	g0scope check "$name"
	check "g0scope check $name: exits 1" exits 1
done
refused 1 "Not a directory" README.md/stale_link
refused 1 "no/such.g0r" replay no/such.g0r
refused 1 "no/such.g0r" dump --json no/such.g0r
refused 1 "no/such.g0r" info no/such.g0r

echo "this is no recording" >"$work/text.g0r"
refused 1 "text.g0r" replay "$work/text.g0r"
refused 1 "text.g0r" dump --json "$work/text.g0r"
: >"$work/empty.g0r"
refused 1 "empty.g0r" info "$work/empty.g0r"

# A pipe that nobody writes to, and a device without an end, whatever they are taken for.
for name in pipe pipe.g0r pipe.md; do
	mkfifo "$work/$name"
	refused 1 "$work/$name" "$work/$name"
	refused 1 "pipe" info "$work/$name"
	refused 1 "pipe" replay "$work/$name"
	g0scope check "$work/$name"
	check "g0scope check $name: exits 1" exits 1
	refused 1 "pipe" record -o "$work/x.g0r" "$work/$name"
done
refused 1 "device" info /dev/zero
refused 1 "directory" replay "$work"

# A recording is what begins as one, whatever its name; and what does not may be called as one.
g0scope record --limit=50 --seed=1 -o "$work/recording" stale_link
cp "$work/recording" "$work/recording.md"
for command in info replay "--view=text"; do
	for name in recording recording.md; do
		g0scope $command "$work/$name"
		check "g0scope $command $name: exits 0" exits 0
	done
done
cp "$O"/examples/*stale_link "$work/program.g0r"
g0scope "$work/program.g0r"
check "a program may be called .g0r" exits 0
refused 1 "not a recording" replay "$work/program.g0r"

echo "not a program" >"$work/plain"
refused 1 "plain" "$work/plain"
refused 1 "/bin/true" /bin/true
refused 1 "$work" "$work"
finish
