# shellcheck shell=bash
# What the lint scripts share. Each is called as `tests/lint/NAME.sh [ROOT]` and prints one line a finding, "file:line: what
# is wrong". Whatever it or its tools print is a finding: exit status 1; nothing printed: 0; it cannot look: 77.
set -uo pipefail
cd "${1:-$(dirname "${BASH_SOURCE[0]}")/../..}" || exit 1
O=${O:-build}
findings=$(mktemp)
exec 3>&1 >"$findings" 2>&1

finish()
{
	local status=$?
	[ "$status" = 77 ] || status=$([ -s "$findings" ] && echo 1 || echo 0)
	cat "$findings" >&3
	rm -f "$findings"
	exit "$status"
}
trap finish EXIT

skip()
{
	printf '%s\n' "$*" >"$findings"
	exit 77
}

# sources EXT...: the project's own files that end so, build output aside.
sources()
{
	local ext args=()
	for ext; do
		args+=(-o -name "*.$ext")
	done
	find . \( -name .git -o -name build \) -prune -o -type f \( "${args[@]:1}" \) -print | sed 's|^\./||' | sort
}

# undefined|defined ARCHIVE|OBJECT...: "object symbol" for each global symbol that it takes, or gives.
undefined()
{
	nm -A -u "$@" | sed -E 's/^([^ ]*[:\/])?([^:\/ ]+\.o): .* ([^ ]+)$/\2 \3/' | sort -u
}

defined()
{
	nm -A -g --defined-only "$@" | sed -E 's/^([^ ]*[:\/])?([^:\/ ]+\.o):.* ([^ ]+)$/\2 \3/' | sort -u
}
