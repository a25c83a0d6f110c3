#!/usr/bin/env bash
# An asciicast, played in a real terminal, ends with what the terminal view shows of the last step, colours and all.
# shellcheck source=tests/tui/lib.sh
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || skip_all "no python3 here to read what is exported"

# bytes CAST: what it sends to the terminal, all of it.
bytes()
{
	python3 -c 'import json, sys
for line in list(open(sys.argv[1], encoding="utf-8"))[1:]:
    sys.stdout.write(json.loads(line)[2])' "$1" >"$1.bytes"
}

# seen: of what tmux says of its cells, what can be seen: the colour of a blank cannot.
seen()
{
	colors | python3 -c 'import re, sys
color, attrs = "", set()
for line in sys.stdin:
    for sgr, glyph in re.findall("\x1b\\[([0-9;]*)m|([^\x1b\n])", line):
        for part in re.findall("38;5;[0-9]+|[0-9]+", sgr or "0") if not glyph else ():
            if part == "0":
                color, attrs = "", set()
            elif part[0] == "3":
                color = part if part != "39" else ""
            elif part in "147":
                attrs.add(part)
        if glyph:
            print(*([glyph, color, *sorted(attrs)] if glyph != " " or attrs & {"4", "7"} else []), end="|")
    print()' | sed 's/|*$//'
}

"$G0SCOPE" record stale_link --mcall=keep -o "$work/keep.g0r" >"$work/out"
last=$("$G0SCOPE" info "$work/keep.g0r" | sed -n 's/^steps *//p')
for color in always never; do
	for size in 118x38 80x24; do
		term_open "$size" tmux-256color
		view replay "$work/keep.g0r" --step="$last" --color=$color
		seen >"$work/viewed"
		keys q
		"$G0SCOPE" export "$work/keep.g0r" --format=asciicast --size="$size" --color=$color -o "$work/keep.cast"
		bytes "$work/keep.cast"
		run "cat $work/keep.cast.bytes; read"
		wait_for "step $last of $last"
		seen >"$work/played"
		check "$size, colour $color: played, it ends as it is viewed" cmp "$work/viewed" "$work/played"
	done
done
finish
