#!/usr/bin/env bash
# A recording of a lesson is the lesson: moved elsewhere, where neither program nor lesson nor source is to be had, and opened by
# somebody else, it is told word for word as where it was made, with what the other policy makes of it.
. "$(dirname "$0")/lib.sh"

mkdir "$work/there"
chmod 755 "$work" "$work/there"

# elsewhere ARGUMENT…: as somebody else, who has nothing but the file.
elsewhere()
{
	local who=()
	[ "$(id -u)" = 0 ] && who=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	(cd "$work/there" && timeout 120 "${who[@]}" env -i PATH="$PATH" LC_ALL=C.UTF-8 G0SCOPE_EXAMPLES=/nonexistent "$G0SCOPE" "$@") \
		>"$work/out" 2>"$work/err" </dev/null
	status=$?
}

for lesson in stale_link callback; do
	g0scope record "$lesson" -o "$work/$lesson.g0r"
	check "$lesson is recorded" exits 0
	check "and beside it under clear" out "and beside it under clear; the lesson's last stop"
	mv "$work/$lesson.g0r" "$work/there/a.g0r"
	chmod 644 "$work/there/a.g0r"
	g0scope "$lesson" --view=text
	cp "$work/out" "$work/live"
	elsewhere a.g0r --view=text
	check "$lesson, moved: opens" exits 0
	check "and without a word of complaint" silent err
	check "and is told as where it was made" cmp "$work/live" "$work/out"
	check "stops, prose, questions and the twin among it" grep -q "^══ the same schedule under clear" "$work/out"
	check "no name of a place is in it" not grep -qa -e "$work" -e "$PWD" <(zstd -dcq "$work/there/a.g0r")
done
elsewhere replay a.g0r --view=text --stop=2
check "its stops can be gone to" exits 0
elsewhere replay a.g0r --view=text --stop=99
check "but for those it has not" exits 1

# Of a program, where it is asked for.
g0scope record --seed=1 --limit=3000 red_blue --twin=g0bp --mcall=keep -o "$work/p.g0r"
check "a program beside another policy" out "under keep and beside it under g0bp"
g0scope replay "$work/p.g0r" --view=text --step=100
check "opens" exits 0
g0scope record --seed=1 --limit=300 red_blue --twin=wrong -o "$work/p.g0r"
check "a policy that there is none of: wrong usage" exits 2
check "and it is said which there are" err "expected clear|keep|g0bp|cycle"
