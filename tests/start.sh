#!/usr/bin/env bash
# ./start: what it has apt-get install, by one call and before anything is built, and what it opens. apt-get, make and all
# that is asked of the system are stand-ins here, which write down what they are called with.
# shellcheck source=tests/tap.sh disable=SC2016 # the stand-ins expand that
. "$(dirname "$0")/tap.sh"
[ "$(uname -m)" = x86_64 ] || skip_all "its packages are those for amd64"
mkdir -p "$work/bin" "$work/tree"
cp "$root/start" "$work/tree/"

stand_in()
{
	printf '#!/bin/bash\n%s\n' "$2" >"$work/bin/$1"
	chmod +x "$work/bin/$1"
}

explain()
{
	sed 's/^/# /' "$work/calls" "$work/out"
}

# start INSTALLED: with these packages there already; what was called is in $work/calls.
start()
{
	: >"$work/calls"
	rm -rf "$work/tree/build"
	stand_in dpkg-query "case ' $1 ' in *\" \${!#} \"*) echo installed ;; esac"
	PATH=$work/bin:$PATH CALLS=$work/calls "$work/tree/start" >"$work/out" 2>&1 </dev/null
}

stand_in id 'echo 0'
stand_in apt-cache 'echo "  Candidate: 1"'
stand_in apt-get 'echo "apt-get $*" >>"$CALLS"'
stand_in g0scope 'echo "g0scope $*" >>"$CALLS"'
stand_in make 'echo "make $*" >>"$CALLS"; case $1 in -j*) cp "${0%make}g0scope" build/ ;; esac'

check "with nothing there it goes to its end" start ""
check "it installs once" test "$(grep -c 'apt-get.* install ' "$work/calls")" = 1
for package in gcc libcapstone-dev libsdl2-dev libunicorn-dev; do
	check "$package among that" grep -q "apt-get.* install .* $package\( \|$\)" "$work/calls"
done
check_not "and no cross compiler" grep -q "aarch64-linux-gnu" "$work/calls"
check "before it builds" test "$(grep -nm1 '^make' "$work/calls" | cut -d: -f1)" -gt "$(grep -nm1 ' install ' "$work/calls" | cut -d: -f1)"
check "and opens the lesson" grep -qx "g0scope --view=text stale_link" "$work/calls"

start "$(sed -n 's/^\(build\|optional\)_packages="\(.*\)"$/\2/p' "$root/start" | xargs)"
check_not "with all there nothing is installed" grep -q "^apt-get" "$work/calls"
check "and the lesson is opened" grep -qx "g0scope --view=text stale_link" "$work/calls"
finish
