#!/usr/bin/env bash
# A function has at most 60 lines; at most three named exceptions, each of them one switch.
. "$(dirname "$0")/common.sh"
exceptions=""
[[ $(ctags --version 2>&1) == *Universal* ]] || skip "no universal-ctags"

sources c h | grep -v '^tests/' |
	xargs -r ctags -x --c-kinds=f --fields=+e --_xformat='%F %n %{end} %N' |
	awk -v exceptions=" $exceptions " '$3 - $2 >= 60 && !index(exceptions, " " $4 " ") {
		print $1 ":" $2 ": " $4 " has " $3 - $2 + 1 " lines; 60 are enough" }'
