#!/usr/bin/env bash
# What can be asked of recordings, and made of them: info, verify, trim, diff, each with --json.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
# json KEY: of what was printed.
json()
{
	python3 -c 'import json, sys; v = json.load(open(sys.argv[1]))
for k in sys.argv[2].split("."): v = v[int(k)] if isinstance(v, list) else v[k]
print(v)' "$work/out" "$1"
}
is()
{
	[ "$(json "$1")" = "$2" ]
}

r=$work/r.g0r
g0scope record stale_link -o "$r"
g0scope info --json "$r"
check "info --json: exits 0" exits 0
check "the lesson" is lesson stale_link
check "the twin" is twin clear
check "the machine" is machine real
steps=$(json steps)
g0scope info "$r"
check "info says the same" out "steps     $steps"
g0scope record --seed=1 --limit=9000 "$EXAMPLES/10_sieve" -o "$work/s.g0r" -- 100 "a b"
g0scope info --json "$work/s.g0r"
check "arguments" is args.1 "a b"
check "three chunks" is chunks 3

g0scope verify "$r"
check "verify: a whole file" exits 0
check "says so" out "all $steps steps can be read"
g0scope verify --json "$r"
check "as JSON" is whole True
# A bit in the middle of the second chunk, whatever is there.
size=$(stat -c %s "$work/s.g0r")
cp "$work/s.g0r" "$work/bad.g0r"
printf '\377' | dd of="$work/bad.g0r" bs=1 seek=$((size - 9000)) conv=notrunc status=none
cmp -s "$work/s.g0r" "$work/bad.g0r" && printf '\0' | dd of="$work/bad.g0r" bs=1 seek=$((size - 9000)) conv=notrunc status=none
g0scope verify "$work/bad.g0r"
check "verify: a damaged file exits 1" exits 1
check "and says which steps" err "is damaged: steps 4097 to 8192 cannot be read"
g0scope verify --json "$work/bad.g0r"
check "as JSON too" is whole False
g0scope replay "$work/bad.g0r" --view=text --step=4500
check "where they would be it is said" out "steps 4097 to 8192 cannot be read"
g0scope replay "$work/bad.g0r" --view=text --step=8500
check "and nowhere else" not out "cannot be read"
head -c 100000 "$work/s.g0r" >"$work/cut.g0r"
g0scope verify "$work/cut.g0r"
check "verify: a cut file exits 1" exits 1
check "and says where" err "is cut short at step"
g0scope replay "$work/cut.g0r" --view=text --step=1
check "so does whoever opens it, at any step" err "is cut short at step"

g0scope trim "$r" --from=1100 --to=1300 -o "$work/part.g0r"
check "trim: exits 0" exits 0
check "says what it did" out "steps 1100 to 1300 of $r, now 0 to 200"
check "and that the lesson is not in it" out "without the lesson, which begins before"
g0scope verify "$work/part.g0r"
check "the part is whole" out "all 200 steps can be read"
g0scope info "$work/part.g0r"
check "info: of what it is a part" out "part      of another recording, after its step 1100"
check "its schedule leads on from there" out "schedule  after that: "
g0scope replay "$work/part.g0r" --view=text --step=0
check "its start is not the program's" out "the start of this part, after 1100 steps that are not in it"
g0scope diff "$work/part.g0r" "$r"
check "diff: that a part does not begin where the whole does" out "they begin after 1100 and after 0 steps of their runs"
g0scope trim "$work/part.g0r" --from=10 -o "$work/smaller.g0r"
g0scope info --json "$work/smaller.g0r"
check "a part of a part" is after 1110
g0scope dump --json --words --vars "$r"
sed -n '1101,1301p' "$work/out" | sed 's/^{"step":[0-9]*,//' >"$work/was"
g0scope dump --json --words --vars "$work/part.g0r"
sed 's/^{"step":[0-9]*,//' "$work/out" >"$work/is"
check "its steps are those" cmp <(sed '1d' "$work/was") <(sed '1d' "$work/is")
g0scope trim "$r" --to=700 -o "$work/part.g0r"
g0scope info --json "$work/part.g0r"
check "from the begin it is still of the lesson" is lesson stale_link
check "and the twin is there" is twin clear
refused 1 "the recording has the steps 0 to $steps" trim "$r" --to=999999 -o "$work/x.g0r"
refused 1 "the recording has the steps" trim "$r" --from=9 --to=8 -o "$work/x.g0r"
refused 2 "trim needs -o FILE" trim "$r"
cp "$r" "$work/same.g0r"
refused 1 "is one of the files read for it; give another name" trim "$work/same.g0r" -o "$work/same.g0r"
check "and is as it was" cmp "$r" "$work/same.g0r"

g0scope diff "$r"
check "diff: with its twin" exits 0
check "they are one run" out "they are the same but for what mcall decides"
check "with other words" out "M0.g0"
g0scope diff --json "$r"
check "as JSON" is common "$steps"
check "nothing parts" is parts None
check "the first word that is another" is words.0.stack M0.g0
g0scope diff "$r" --step=0
check "at step 0 no word is another" not out "0x7"
g0scope diff "$r" "$r"
check "with itself: the same" out "no word is another"
g0scope record --seed=2 --limit=9000 "$EXAMPLES/10_sieve" -o "$work/t.g0r" -- 100 "a b"
g0scope diff --json "$work/s.g0r" "$work/t.g0r"
check "another schedule: common as far as that is" test "$(json common)" -lt 9000
refused 1 "holds one run alone" diff "$work/s.g0r"
refused 1 "No such file" diff "$r" "$work/nowhere.g0r"
