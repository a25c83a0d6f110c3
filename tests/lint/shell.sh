#!/usr/bin/env bash
# What shellcheck has against the shell scripts.
. "$(dirname "$0")/common.sh"
command -v shellcheck >/dev/null || skip "no shellcheck"

{
	sources sh
	# Scripts without an extension, told by their first line.
	find . \( -name .git -o -name build \) -prune -o -type f -perm -u+x ! -name '*.*' -print | sed 's|^\./||' |
		xargs -r awk 'FNR == 1 && /^#!.*sh$/ { print FILENAME }'
} | sort -u | xargs -r shellcheck -S style -f gcc
