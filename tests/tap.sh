# shellcheck shell=bash
# What scripts that test share: called as `tests/GROUP/NAME.sh [O]`, with O the build to test (default build), they
# print "ok - …" or "not ok - …" a check, end with `finish`, and exit 77, having said why, if they cannot look.
#
#   check WHAT COMMAND…       ok if COMMAND succeeds      check_not WHAT COMMAND…   the other way round
#   skip_all WHY   need_g0scope   this script cannot look here; it cannot without the program
#   $root $O $G0SCOPE         the tree, the build (a full path), the program
#   $work                     a directory of this script's own, gone at its end
set -u
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
O=${1:-${O:-build}}
case $O in /*) ;; *) O=$root/$O ;; esac
: "${G0SCOPE:=$O/g0scope}"
# A build may lie outside of the tree.
export G0SCOPE_EXAMPLES=$O/examples:$root/examples
# Whatever the user has; where nothing is said, as on a fresh system, g0scope would write ASCII.
export LC_ALL=C.UTF-8
work=$(mktemp -d)
failed=0
# Others add to it.
at_exit()
{
	rm -rf "$work"
}
trap at_exit EXIT
trap 'exit 1' INT TERM HUP

skip_all()
{
	echo "$1"
	exit 77
}

need_g0scope()
{
	[ -x "$G0SCOPE" ] || skip_all "no $G0SCOPE: build first"
}

ok()
{
	echo "ok - $1"
}

not_ok()
{
	echo "not ok - $1"
	failed=$((failed + 1))
}

check()
{
	local what=$1
	shift
	if "$@"; then
		ok "$what"
	else
		not_ok "$what"
		explain
	fi
}

check_not()
{
	check "$1" not "${@:2}"
}

not()
{
	! "$@"
}

# What to show with a check that failed; scripts say it better.
explain()
{
	:
}

finish()
{
	[ "$failed" = 0 ]
	exit
}
