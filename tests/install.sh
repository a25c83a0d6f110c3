#!/usr/bin/env bash
# What make install leaves: a library that a program elsewhere is built with by pkg-config's flags alone, that runs, and
# that gdb knows the Gs of, as the README says; and make uninstall leaves nothing.
# shellcheck source=tests/installed.sh
. "$(dirname "$0")/installed.sh"

in_tree_arm64()
{
	quietly env -u G0SCOPE_EXAMPLES "$tree$prefix/bin/g0scope" --arch=arm64 --view=text --stop=2 stale_link &&
		grep -q "emulated arm64" "$work/out"
}

recording_opens()
{
	quietly env -u G0SCOPE_EXAMPLES "$tree$prefix/bin/g0scope" --view=text --stop=2 "$tree$prefix/share/g0scope/examples/01_stale_link.arm64.g0r" &&
		grep -q "emulated arm64" "$work/out"
}

no_lesson_more()
{
	quietly env -u G0SCOPE_EXAMPLES "$tree$prefix/bin/g0scope" lessons && grep -q "^stale_link " "$work/out" && ! grep -q arm64 "$work/out"
}

check "make install" in_tree install
check "the recordings of lessons on arm64 come with it" recording_opens
check "and are no lessons of their own" no_lesson_more
cat >"$work/program.c" <<'END'
#include <g0.h>

static struct chan *numbers;

static void send(void *arg)
{
	int n = 42;

	(void)arg;
	chansend(numbers, &n);
}

__attribute__((noinline)) void stop_here(void)
{
	__asm__ volatile("");
}

void go_main(void)
{
	int n;

	numbers = makechan(sizeof n, 0);
	go(send, NULL);
	for (int i = 0; i < 100; i++)
		gosched(); /* beside load a turn may end before send has come to wait */
	stop_here();
	chanrecv(numbers, &n);
	g0_printf("received %d\n", n);
}
END
if [ -x "$O/arm64/examples/01_stale_link" ] && [ -x "$O/g0scope-emulator" ]; then
	check "the examples for arm64 come with it, and their emulator" in_tree_arm64
fi
flags=$(of_g0 --cflags --libs)
# shellcheck disable=SC2086 # flags are words
set -- "${CC:-cc}" -Wall -Wextra -Werror -std=c11 -g -O2 -o "$work/program" "$work/program.c" $flags
check "a program outside of the tree is built with what pkg-config says" quietly "$@"
check "with frame pointers" grep -qe "-fno-omit-frame-pointer -mno-omit-leaf-frame-pointer" <<<"$flags"
check "and frames that touch each page" grep -qe "-fstack-clash-protection" <<<"$flags"
check "the version is that of the program" test "g0scope $(of_g0 --modversion)" = "$("$tree$prefix/bin/g0scope" --version | head -n 1)"
check "it runs" quietly env G0_PROCS=1 "$work/program"
check "and prints" grep -qx "received 42" "$work/out"

# gs HOW...: gdb, told in this way to trust the program, shows its Gs.
gs()
{
	G0_PROCS=1 quietly gdb -nx -batch -iex "set debuginfod enabled off" -iex "set width 0" "$@" -ex "break stop_here" -ex run \
		-ex "info gs" "$work/program" &&
		grep -qE '^\* G1 +running +M0 +.* stop_here$' "$work/out" && grep -qE '^  G2 +waiting +- +.* send: chan send$' "$work/out"
}
if gdb -nx -batch -ex "python 1" >/dev/null 2>&1; then
	check "gdb shows its Gs by itself" gs -iex "add-auto-load-safe-path $work"
	check "and by the installed commands" gs -ex "source $tree$prefix/share/g0scope/g0-gdb.py"
else
	echo "ok - gdb shows its Gs # skip no gdb here that speaks Python"
fi

# The README's own words, in a fresh directory: its block of C, and its commands, the first one from the tree.
mkdir -p "$work/home/new"
# shellcheck disable=SC2016 # no expansion is meant
sed -n '/^```c$/,/^```$/{ /^```/d; p; }' "$root/README.md" >"$work/home/new/hello.c"
# shellcheck disable=SC2016 # no expansion is meant
sed -n '/^make install PREFIX/,/^```$/{ /^```/d; p; }' "$root/README.md" >"$work/commands"
# shellcheck disable=SC2016 # no expansion is meant
sed -n '/^make ARCH=arm64 install PREFIX/,/^```$/{ /^```/d; p; }' "$root/README.md" >"$work/commands_arm64"
# as_readme COMMANDS WORDS…: with these for make.
as_readme()
{
	local commands=$1
	shift
	HOME=$work/home PATH=$work/home/.local/bin:$PATH bash -ec "
		cd '$root'
		make() { command make -s $* \"\$@\"; }
		$(head -n 1 "$commands")
		cd ~/new
		$(tail -n +2 "$commands")"
}
check "README: its commands do what they say" quietly as_readme "$work/commands" "O='${O#"$root"/}'" </dev/null
check "README: the program says hello" grep -qx hello "$work/out"
check "README: and is opened" grep -q "M0 .*VALID" "$work/out"
if command -v aarch64-linux-gnu-gcc >/dev/null && [ -x "$O/g0scope-emulator" ] && [ "$(uname -m)" = x86_64 ]; then
	# Without libraries for a g0scope there, as they are nowhere to begin with.
	check "README: so do those for arm64" quietly as_readme "$work/commands_arm64" "O='${O#"$root"/}/arm64'" SYSROOT=/nowhere </dev/null
	check "README: and that program is opened too" grep -q "emulated arm64" "$work/out"
	check "README: what is not installed for arm64 is said" grep -q "no g0scope for arm64 is built.*make ARCH=arm64 sysroot" "$work/out"
else
	echo "ok - README: so do those for arm64 # skip no cross compiler, or no emulator"
fi

check "make uninstall" in_tree uninstall
find "$tree" -type f >"$work/out"
check_not "leaves no file" test -s "$work/out"
finish
