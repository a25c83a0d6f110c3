#!/usr/bin/env bash
# The manual has the commands and options that --help has, and no others.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
page=docs/g0scope.1.scd

g0scope --help
grep -oE '^  --[a-z]+' "$work/out" | tr -d ' ' | sort -u >"$work/told"
sed -n '/^# OPTIONS/,/^# KEYS/p' "$page" | grep -E '^\*-' | grep -oE -- '--[a-z]+' | sort -u >"$work/written"
check "options" diff "$work/told" "$work/written"
sed '/^options:/q' "$work/out" | grep -oE '^  g0scope [a-z]+' | awk '{ print $2 }' | sort -u >"$work/told"
sed -n '/^# COMMANDS/,/^# OPTIONS/p' "$page" | grep -oE '^\*[a-z]+' | tr -d '*' | sort -u >"$work/written"
check "commands" diff "$work/told" "$work/written"
if command -v scdoc >/dev/null; then
	check "scdoc reads it" scdoc <"$page" >"$work/g0scope.1"
fi
finish
