#!/usr/bin/env bash
# docs/keys.sh          check that every page that lists the keys lists those of visualizer/session/action.def
# docs/keys.sh --mend   write them there
# In a page they stand between a line "; keys" (scdoc) or "<!-- keys -->" (Markdown) and one with "end of keys".
mend=
if [ "${1:-}" = --mend ]; then
	mend=1
	shift
fi
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tests/tap.sh"
cd "$root" || exit 1

# actions: "keys<tab>what they do" a line, the keys as they are printed on a keyboard. In C a backslash is two.
actions()
{
	sed -nE 's/^ACTION\([A-Z_]+, *"([^"]*)", *"[^"]*", *[0-9]+, *"[^"]*", *"([^"]*)"\).*/\1\t\2/p' visualizer/session/action.def | sed 's/\\\\/\\/' |
		awk -F'\t' -v OFS='\t' '{
			n = split($1, key, " ")
			for (i = 1; i <= n; i++)
				if (sub(/^C-/, "Ctrl-", key[i]))
					key[i] = "Ctrl-" toupper(substr(key[i], 6))
			$1 = key[1]
			for (i = 2; i <= n; i++)
				$1 = $1 " " key[i]
			print
		}'
}

# table PAGE: the keys in the markup of that page.
table()
{
	case $1 in
	*.scd)
		actions | awk -F'\t' '{
			gsub(/_/, "\\_"); gsub(/[\\#?]/, "\\\\&", $1); gsub(/ /, "*, *", $1)
			print "*" $1 "*\n\t" toupper(substr($2, 1, 1)) substr($2, 2) ".\n"
		}' ;;
	*)
		echo "| Key | What it does |"
		echo "|---|---|"
		actions | awk -F'\t' '{ gsub(/ /, "` `", $1); print "| `" $1 "` | " $2 " |" }' ;;
	esac
}

# with_table PAGE: the page as it should be.
with_table()
{
	TABLE=$(table "$1") awk '
		/end of keys/ { inside = 0 }
		!inside { print }
		/^(; keys|<!-- keys -->)$/ { inside = 1; print ENVIRON["TABLE"] }' "$1"
}

pages=$(grep -lE '^(; keys|<!-- keys -->)$' README.md tutorial.md docs/*.scd docs/*.md 2>/dev/null)
check "the manual lists the keys" grep -q '^; keys$' docs/g0scope.1.scd
check "action.def has actions" test "$(actions | wc -l)" = "$(grep -c '^ACTION(' visualizer/session/action.def)"
for page in $pages; do
	with_table "$page" >"$work/page"
	[ -z "$mend" ] || cat "$work/page" >"$page"
	check "$page lists the keys as they are (else: docs/keys.sh --mend)" diff -u "$page" "$work/page"
done
finish
