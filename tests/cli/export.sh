#!/usr/bin/env bash
# g0scope export: each format is what its readers expect, and says of a recording what dump says of it.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || skip_all "no python3 here to read what is exported"

# exported WHAT FILE [DUMP]: whether it is one; what is to be said of it stands in $work/said.
exported()
{
	python3 -B tests/cli/exported.py "$@" >"$work/said" 2>&1
}

explain()
{
	tail -n 20 "$work/said" 2>/dev/null | cut -c1-200 | sed 's/^/  said | /'
	echo "  status $status"
	head -n 5 "$work/err" | cut -c1-200 | sed 's/^/  err | /'
}

# record_all NAME WORDS…: record, and dump.
record_all()
{
	local name=$1
	shift
	"$G0SCOPE" record "$@" -o "$work/$name.g0r" >"$work/said" 2>&1
	"$G0SCOPE" dump --json "$work/$name.g0r" >"$work/$name.dump"
}

# export_as FORMAT NAME: into $work/NAME.FORMAT.
export_as()
{
	g0scope export "$work/$2.g0r" --format="$1" -o "$work/$2.$1"
	check "$2 is exported as $1" exits 0
	check "$2 as $1: without a word" silent err
}

record_all keep stale_link --mcall=keep
record_all clear stale_link --mcall=clear
record_all steal steal --seed=3
record_all callback callback --seed=3
record_all hog hog --schedule="M0*1500 !M0 M0*600"

# ---- txt ----
g0scope replay "$work/keep.g0r" --view=text --step=900
cp "$work/out" "$work/page"
g0scope export "$work/keep.g0r" --format=txt --step=900
check "txt is the page of a step" cmp "$work/out" "$work/page"
g0scope export "$work/keep.g0r" --format=txt --step=900 -o "$work/keep.txt"
check "in a file as well" cmp "$work/keep.txt" "$work/page"
check "then nothing else is printed" silent out
g0scope replay "$work/keep.g0r" --view=text --step=900 --size=90x30 --ascii
cp "$work/out" "$work/page"
g0scope export "$work/keep.g0r" --format=txt --step=900 --size=90x30 --ascii
check "txt of a size, in ASCII" cmp "$work/out" "$work/page"

# ---- folded ----
for name in keep clear steal; do
	export_as folded "$name"
	check "$name as folded: the counts are dump's" exported folded "$work/$name.folded" "$work/$name.dump"
	cp "$work/said" "$work/$name.sums"
done
check "CHIMERA is among them under keep" grep -q "CHIMERA=[1-9]" "$work/keep.sums"
check_not "and not under clear" grep -q "CHIMERA" "$work/clear.sums"
g0scope export "$work/keep.g0r" --format=folded
check "without -o it goes to standard output" cmp "$work/out" "$work/keep.folded"

# ---- chrome ----
for name in keep clear steal callback hog; do
	export_as chrome "$name"
	check "$name as chrome: after each step it is what dump says" exported chrome "$work/$name.chrome" "$work/$name.dump"
	check "$name as chrome: with arrows" grep -q "flows=[1-9]" "$work/said"
done

# ---- asciicast ----
# pictures NAME OPTION…: export it so; its pictures are $work/pictures/STEP.txt.
pictures()
{
	local name=$1
	shift
	rm -rf "$work/pictures"
	mkdir "$work/pictures"
	g0scope export "$work/$name.g0r" --format=asciicast -o "$work/$name.cast" "$@"
	check "$name is exported as asciicast $*" exits 0
	check "$name as asciicast $*: a terminal shows pictures of steps" exported asciicast "$work/$name.cast" "$work/pictures"
}

# Each of these steps is shown as its page has it, of which the last line, that of keys, is left out.
as_pages()
{
	local size=$1 step
	shift
	for step; do
		"$G0SCOPE" export "$work/keep.g0r" --format=txt --step="$step" --size="$size" | head -n $((${size#*x} - 1)) >"$work/page"
		head -n -1 "$work/pictures/$step.txt" | cmp "$work/page" - || return 1
	done
}

last=$("$G0SCOPE" info "$work/keep.g0r" | sed -n 's/^steps *//p')
pictures keep
check "without a word" silent err
check "from the first step to the last, of the size that it is by itself" grep -q "^118x38 .* from 0 to $last " "$work/said"
events=$(python3 -c 'import json, sys; print(0, *(s["step"] for s in map(json.loads, open(sys.argv[1])) if s["event"] or s["step"] == int(sys.argv[2])))' \
	"$work/keep.dump" "$last")
check "a picture an event" grep -qx "$events" "$work/said"
# shellcheck disable=SC2086 # steps
check "each is its step's page" as_pages 118x38 $events
cp "$work/said" "$work/by_event"
pictures keep --grain=line --size=90x30 --step=1100
check "from that step on, and of that size" grep -q "^90x30 .* from 1100 to $last .*a picture a line$" "$work/said"
check "the last is its step's page" as_pages 90x30 "$last"
lines=$(python3 -c 'import json, sys
last, line = int(sys.argv[2]), {}
shown = [1100]
for step in map(json.loads, open(sys.argv[1])):
    at = step["file"], step["line"]
    if step["step"] > 1100 and at[0] and line.get(step["m"]) != at:
        line[step["m"]] = at
        shown += [step["step"] - 1] * (step["step"] > 1101)
print(*shown + [last] * (shown[-1] != last))' "$work/keep.dump" "$last")
check "when another line is about to be executed" grep -qx "$lines" "$work/said"
pictures keep --grain=insn --color=never --ascii --step=1400
check "each step" grep -qx "$(seq -s ' ' 1400 "$last")" "$work/said"
check_not "without a colour, and in ASCII" grep -qP '38;5;|[^\x00-\x7f]' "$work/keep.cast"
pictures steal --grain=insn
check "not more than fit" grep -qE "^118x38 [12][0-9]{3} from 0 to " "$work/said"
check "what is left out is said" err "pictures would be too many: one in 3 is there; --step=N begins later"
check "and in its title" grep -q "one in 3 of them$" "$work/said"

# ---- where it goes ----
refused 2 "export needs --format" export "$work/keep.g0r"
refused 2 "--format=xml: expected txt|" export "$work/keep.g0r" --format=xml
refused 2 "--grain=step: expected event|line|insn" export "$work/keep.g0r" --format=asciicast --grain=step
refused 2 "--grain; see" export "$work/keep.g0r" --format=chrome --grain=line
refused 2 "usage: g0scope export FILE.g0r" export --format=folded
refused 2 "--step; see" export "$work/keep.g0r" --format=folded --step=3
refused 2 "--step; see" export "$work/keep.g0r" --format=chrome --step=3
refused 2 "--size; see" export "$work/keep.g0r" --format=folded --size=90x30
refused 2 "record has no use for --format" record --format=txt -o "$work/none" stale_link
refused 2 "export has no use for --mcall" export "$work/keep.g0r" --format=folded --mcall=keep
refused 1 "the recording ends at step $last" export "$work/keep.g0r" --format=txt --step=$((last + 1))
refused 1 "no/such.g0r" export no/such.g0r --format=folded
refused 1 "not a recording" export "$O"/examples/01_stale_link --format=folded
cp "$work/keep.g0r" "$work/own.g0r"
refused 1 "-o $work/own.g0r is one of the files read for it" export "$work/own.g0r" --format=folded -o "$work/own.g0r"
check "and it is as it was" cmp "$work/keep.g0r" "$work/own.g0r"
refused 1 "$work/no/such could not be written: No such file or directory; make its folder first" \
	export "$work/keep.g0r" --format=folded -o "$work/no/such"
if [ -w /dev/full ]; then
	for format in txt chrome folded asciicast; do
		refused 1 "/dev/full could not be written: No space left on device" export "$work/keep.g0r" --format=$format -o /dev/full
		"$G0SCOPE" export "$work/keep.g0r" --format=$format >/dev/full 2>"$work/err"
		status=$?
		check "$format: a full standard output is an error" exits 1
		check "$format: that is said" err "standard output could not be written: No space left on device"
	done
fi
# What dump says of one that is cut short, export says too.
head -c -9 "$work/keep.g0r" >"$work/cut.g0r"
"$G0SCOPE" dump --json "$work/cut.g0r" 2>"$work/page" >"$work/cut.dump"
g0scope export "$work/cut.g0r" --format=folded -o "$work/cut.folded"
check "one that is cut short is exported as far as it goes" exported folded "$work/cut.folded" "$work/cut.dump"
check "and that is said" cmp "$work/page" "$work/err"
finish
