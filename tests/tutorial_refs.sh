#!/usr/bin/env bash
# What the documents say of the code is there: in each page, `path/file.c:name` names something that the file defines, and
# `path/file` a file of this tree. Other things in ticks are not looked at.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/tap.sh"
cd "$root" || exit 1

# defines FILE NAME: whether the file has a definition of it, in the way of its language.
defines()
{
	case $1 in
	*.S) grep -qE "^FUNC\($2\)" "$1" ;;
	*.def) grep -qE "^[A-Z]+\($2," "$1" ;;
	*.sh) grep -qE "^$2\(\)" "$1" ;;
	*) grep -qE "^[A-Za-z_].*\b$2(\(|\[| =|;| \{)|^#define $2\b|^(struct|enum|union) $2 \{" "$1" ;;
	esac
}

# refs PAGE PATTERN: what stands in ticks and looks like the pattern, once each.
refs()
{
	grep -oE "\`$2\`" "$1" | tr -d '\140' | sort -u
}

for page in README.md tutorial.md docs/*.md examples/*.md; do
	[ -f "$page" ] || continue
	bad=
	for ref in $(refs "$page" '[A-Za-z0-9_./]+\.(c|h|S|def|sh):[A-Za-z_][A-Za-z0-9_]*'); do
		file=${ref%%:*} name=${ref#*:}
		[ -f "$file" ] && defines "$file" "$name" || bad="$bad $ref"
	done
	for file in $(refs "$page" '(arch|src|visualizer|examples|tests|docs)/[A-Za-z0-9_./]*[A-Za-z0-9_/]'); do
		[ -e "$file" ] || bad="$bad $file"
	done
	check "$page: what it names is there${bad:+, but not:$bad}" [ -z "$bad" ]
done
finish
