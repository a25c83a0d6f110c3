#!/usr/bin/env bash
# The layout that .clang-format describes; `format.sh ROOT --mend` applies it. Versions of clang-format differ in details, so
# only 14 (Debian 12's) is asked.
. "$(dirname "$0")/common.sh"
tool=$(command -v clang-format-14 || command -v clang-format) || skip "no clang-format"
[[ $("$tool" --version) == *" version 14."* ]] || skip "clang-format is not version 14"

for f in $(sources c h | grep -vE '^arch/(offsets\.h|[^/]*/asm\.h)$'); do
	if [ "${2-}" = --mend ]; then
		"$tool" --style=file -i "$f"
	else
		"$tool" --style=file "$f" | diff "$f" - |
			sed -n "s|^\([0-9]*\)[0-9,]*[acd].*|$f:\1: not laid out as .clang-format says; \`make format\` mends it|p"
	fi
done
