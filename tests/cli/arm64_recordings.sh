#!/usr/bin/env bash
# examples/*.arm64.g0r are what lessons are on arm64, for whoever has no program for that and no emulator: each is opened so, and
# told whole. And `make arm64-recordings` makes the same bytes each time: those that are here, where the compiler makes the same program.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

# The emulator is sought beside g0scope and in the two folders above.
mkdir -p "$work/alone/a/b/bin" "$work/alone/there" "$work/alone/none"
cp "$G0SCOPE" "$work/alone/a/b/bin/g0scope"
cp examples/*.arm64.g0r "$work/alone/there/"
chmod -R a+rX "$work"

# alone ARGUMENT…: g0scope, as somebody else, with nothing but the files.
alone()
{
	local who=()
	[ "$(id -u)" = 0 ] && who=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	(cd "$work/alone/there" && timeout 120 "${who[@]}" env -i PATH="$PATH" LC_ALL=C.UTF-8 \
		G0SCOPE_EXAMPLES="$work/alone/none" "$work/alone/a/b/bin/g0scope" "$@") >"$work/out" 2>"$work/err" </dev/null
	status=$?
}

# many NUMBER PATTERN: so many lines of what was printed have it.
many()
{
	[ "$(grep -cE -- "$2" "$work/out")" = "$1" ]
}

# opened NAME POLICY VERDICT [CLAIM]: a recording is told whole, and its profile under its own policy has this verdict. CLAIM: what
# the lesson says that is so on amd64 alone; the telling says so, and its status is 1.
opened()
{
	local name=$1 file=$1.arm64.g0r policy=$2 verdict=$3 claim=${4:-} stops
	stops=$(grep -c '^## ' "examples/$name.md")
	alone info "$file"
	check "$file: info" exits 0
	check "says of what it is" out "program   $name (emulated arm64)"
	check "and beside what" out "policy    $policy, and beside it clear"
	alone verify "$file"
	check "$file: verify" exits 0
	check "all of it can be read" grep -qE ': all [0-9]+ steps can be read$' "$work/out"
	alone replay "$file" --view=text
	check "$file: replay" exits $((${#claim} > 0))
	check "and nothing is missed" silent err
	check "no claim fails but what is known to" test "$(sed -n 's/^[a-z_]*:[0-9]*: under \(.*\), but at step [0-9]* it/\1: it/p' "$work/out")" = "$claim"
	check "both runs are an emulated CPU's" many 2 '^executed by an emulated arm64 CPU$'
	check "all $stops stops of both are told, and set side by side" many $((3 * stops)) '^ ?[0-9]+\. '
	check "the profile is $verdict under $policy" many 1 "^every M at every step under $policy: .*[0-9] $verdict"
	check "and sound under clear" many 1 '^every M at every step under clear: [0-9]+ VALID(, [0-9]+ NOFP)?$'
	check "no name of a place is in it" not grep -qaE -e "$root/" -e '/(home|root|tmp|work)/' <(zstd -dcq "examples/$file")
	opened="$opened $file"
}

# again NAME: recorded here twice, and held against what is in the repository.
again()
{
	local name=$1 file=$1.arm64.g0r built
	for to in one two; do
		g0scope record "${name#*_}" --arch=arm64 --machine=emulated -o "$work/$to.g0r"
		check "$name is recorded for arm64" exits 0
	done
	check "the same bytes each time" cmp "$work/one.g0r" "$work/two.g0r"
	g0scope info "$work/one.g0r"
	built=$(sed -n 's/^build //p' "$work/out")
	g0scope info "examples/$file"
	if [ "$built" != "$(sed -n 's/^build //p' "$work/out")" ]; then
		echo "$name is another program here, by another compiler or since the source has changed: see make arm64-recordings"
		echo "ok - $file is what is recorded here # skip another build"
		return
	fi
	# How tight it is packed is libzstd's.
	check "$file is what is recorded here (else: make arm64-recordings)" cmp <(zstd -dcq "$work/one.g0r") <(zstd -dcq "examples/$file")
}

alone doctor
check "there is no emulator" grep -q '^missing  emulator' "$work/out"
check "and no program for arm64" grep -q '^missing  examples' "$work/out"
opened=""
# At its last stop nothing that looks like a record lies under the stale link on arm64 (tutorial.md).
# shellcheck disable=SC2016 # no expansion is meant
opened 01_stale_link keep WILD 'keep expected `verdict of M0 is CHIMERA`: it is WILD'
opened 02_red_blue keep CHIMERA
opened 05_systemstack keep STALE
opened 06_callback g0bp MISLEADING
check "there are no others" test "$(cd examples && echo " $(echo *.arm64.g0r)")" = "$opened"
g0scope lessons
check "they are not among the lessons" not out arm64

if [ -x "$O/g0scope-emulator" ] && [ -x "$O/arm64/examples/01_stale_link" ]; then
	for file in $opened; do
		again "${file%.arm64.g0r}"
	done
else
	echo "make ARCH=arm64 makes the programs, and the emulator is there with libunicorn-dev"
	echo "ok - they are what is recorded here # skip no programs for arm64, or no emulator"
fi
finish
