#!/usr/bin/env bash
# The layout that .clang-format describes; `format.sh ROOT --mend` applies it. Versions of clang-format differ in details, so
# only the one is asked that .clang-format was written for; where there is another, nothing is said about layout.
. "$(dirname "$0")/common.sh"
version=$(sed -n 's/.*clang-format \([0-9]*\) .*/\1/p' .clang-format)
tool=$(command -v "clang-format-$version" || command -v clang-format) || skip "no clang-format"
[[ $("$tool" --version) =~ version\ ([0-9]+) && ${BASH_REMATCH[1]} == "$version" ]] ||
	skip "here is clang-format ${BASH_REMATCH[1]-}, and .clang-format is for $version"

for f in $(sources c h | grep -vE '^arch/(offsets\.h|[^/]*/asm\.h)$'); do
	if [ "${2-}" = --mend ]; then
		"$tool" --style=file -i "$f"
	else
		"$tool" --style=file "$f" | diff "$f" - |
			sed -n "s|^\([0-9]*\)[0-9,]*[acd].*|$f:\1: not laid out as .clang-format says; \`make format\` mends it|p"
	fi
done
