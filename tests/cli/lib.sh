# shellcheck shell=bash
# Sourced by tests/cli/*.sh: g0scope as a command, without a terminal.
#
#   g0scope ARG…          run it; then $status, $work/out and $work/err
#   exits N   out TEXT   err TEXT   silent out|err   what it did last
#   one_line              whether its error is one line that begins with its name
# shellcheck source=tests/tap.sh
. "$(dirname "${BASH_SOURCE[0]}")/../tap.sh"
need_g0scope
cd "$root" || exit 1
status=0

g0scope()
{
	timeout 120 "$G0SCOPE" "$@" >"$work/out" 2>"$work/err" </dev/null
	status=$?
}

exits()
{
	[ "$status" = "$1" ]
}

out()
{
	grep -qF -- "$1" "$work/out"
}

err()
{
	grep -qF -- "$1" "$work/err"
}

silent()
{
	[ ! -s "$work/$1" ]
}

one_line()
{
	[ "$(wc -l <"$work/err")" = 1 ] && grep -q '^g0scope: ' "$work/err"
}

explain()
{
	echo "  status $status"
	sed 's/^/  out | /' "$work/out" | cut -c1-120 | head -20
	sed 's/^/  err | /' "$work/err" | cut -c1-200 | head -20
}

# refused STATUS TEXT ARG…: g0scope ends with this status, says so in a sentence with this in it, and prints nothing else.
refused()
{
	local want=$1 text=$2
	shift 2
	g0scope "$@"
	check "g0scope $*: exits $want" exits "$want"
	check "g0scope $*: says \"$text\"" err "$text"
	check "g0scope $*: prints nothing else" silent out
}
