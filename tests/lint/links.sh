#!/usr/bin/env bash
# What the documents link to in this repository is there.
. "$(dirname "$0")/common.sh"

sources md | xargs -r grep -noE '\]\([^)]+\)' /dev/null |
	sed -E 's/^([^:]*):([0-9]+):\]\(([^)#]*)(#[^)]*)?\)$/\1 \2 \3/' |
	while read -r page line target; do
		case $target in http*:* | mailto:* | "") continue ;; esac
		[ -e "$(dirname "$page")/$target" ] || echo "$page:$line: links to $target, which is not there"
	done
