#!/usr/bin/env bash
# docs/tutorial.sh [O]      check that the tool still says what tutorial.md shows, numbers and addresses aside
# docs/tutorial.sh --mend   put what it says now there
# There, one of these stands above each such block: <!-- told POLICY STOP -->, <!-- shown OPTIONS -->,
# <!-- function_of NAME FILE -->, <!-- line_of PATTERN FILE -->.
mend=
if [ "${1:-}" = --mend ]; then
	mend=1
	shift
fi
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tests/tap.sh"
cd "$root" || exit 1
need_g0scope
"$G0SCOPE" stale_link </dev/null >"$work/story" || skip_all "the lesson stale_link does not hold"

# told POLICY STOP: the facts of a stop, as the story of the lesson has them.
told()
{
	awk -v policy="under $1:" -v stop="$2. " '
		/^══/ { here = index($0, policy); at = 0 }
		here && /^[0-9]+\. / { at = index($0, stop) == 1 }
		at && /^step / { facts = 1 }
		facts && NF == 0 { exit }
		facts' "$work/story"
}

# shown OPTIONS: the picture of a step.
shown()
{
	"$G0SCOPE" --view=text "$@" </dev/null | sed '/^step /,$d' | sed -e 's/ *$//' -e '${/^$/d}'
}

# function_of NAME FILE: its definition. line_of PATTERN FILE: the line that matches.
function_of()
{
	sed -n "/ $1(.*)\$/,/^}/p" "$2"
}

line_of()
{
	grep -- "$1" "$2"
}

# renewed: tutorial.md, with what the tool says now.
renewed()
{
	local line skipping=
	while IFS= read -r line; do
		case $line in
		'<!-- told '* | '<!-- shown '* | '<!-- function_of '* | '<!-- line_of '*)
			read -ra words <<<"$line"
			printf '%s\n```\n' "$line"
			"${words[@]:1:${#words[@]}-2}"
			skipping=opening ;;
		'```')
			[ -n "$skipping" ] || echo "$line"
			case $skipping in
			opening) skipping=output ;;
			output) skipping= && echo "$line" ;;
			esac ;;
		*)
			[ -n "$skipping" ] || printf '%s\n' "$line" ;;
		esac
	done <tutorial.md
}

# gist FILE: without what differs between compilers: numbers, addresses, a page's instructions, and where lines are broken.
gist()
{
	sed -E -e 's/[0-9a-f]{6}  [a-z]+( .*)?$//' -e "s/(0x|…)[0-9a-f]+/N/g" -e "s/\b[0-9a-f]*[0-9][0-9a-f]*\b/N/g" -e "s/[0-9]+/N/g" -e "s/[━◆●├┤]+//g" "$1" | tr -s ' \t\n' '\n'
}

renewed >"$work/tutorial.md"
if [ -n "$mend" ]; then
	cp "$work/tutorial.md" tutorial.md
	exit
fi
gist tutorial.md >"$work/is"
gist "$work/tutorial.md" >"$work/should"
explain()
{
	diff "$work/is" "$work/should" | head -20
	echo "docs/tutorial.sh --mend puts it right; read what stands around it again"
}
check "tutorial.md shows what the tool says" cmp -s "$work/is" "$work/should"
finish
