#!/usr/bin/env bash
# Paths and names as long as the system allows are used whole, and longer ones refused: never is what another file is called
# taken for them.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
long=$(printf 'd%.0s' {1..200})
deep=$work
for _ in 1 2 3 4 5 6 7 8; do
	deep=$deep/$long
done
mkdir -p "$deep"
name=$(printf 'n%.0s' {1..251}) # and .md or .g0r
lesson=$(echo "$root"/examples/*stale_link.md)

cp "$O"/examples/*stale_link "$deep/$name"
sed "s/^program: .*/program: $name/" "$lesson" >"$deep/$name.md"
g0scope "$deep/$name"
check "a program with such a path opens" exits 0
g0scope check "$deep/$name.md"
check "a lesson with such a path, and its program beside it" exits 0
sed "s,^program: .*,program: ./$name," "$lesson" >"$deep/$name.md"
g0scope check "$deep/$name.md"
check "and by a path" exits 0
G0SCOPE_EXAMPLES=/nowhere:$deep g0scope check "$name"
check "by its name, in such a folder" exits 0
G0SCOPE_EXAMPLES=$deep g0scope "${name%n}"
check "another name is another's" exits 1
G0SCOPE_EXAMPLES=$deep g0scope lessons
check "the list has it whole" out "$name "

g0scope record "$deep/$name" --limit=50 --seed=1 -o "$deep/$name.g0r"
check "a recording with such a path is written" exits 1
check "and is there" [ -s "$deep/$name.g0r" ]
g0scope info "$deep/$name.g0r"
check "its program's name is whole" out "$name ("
g0scope replay "$deep/$name.g0r"
check "it is shown" exits 0

# What is wrong is said, however long the name.
g0scope "$deep/$name/no"
check "no such file: exits 1" exits 1
check "no such file: why is said" err ": Not a directory"
g0scope record stale_link -o "$deep/$long$long"
check "a name that is too long: exits 1" exits 1
check "a name that is too long: is said, with what to do" err "name too long; give a shorter one"
check "a name that is too long: is nobody's" [ "$(find "$deep" -type f | wc -l)" = 3 ]
# It would be /dev/fd/1 if it were cut after 4095 bytes.
endless=$(printf '/%.0s' {1..4086})dev/fd/1/none
g0scope record stale_link --limit=50 -o "$endless"
check "a path that is too long: exits 1" exits 1
check "a path that is too long: nothing is written to another" silent out

# The source of a program, in such a folder.
cat >"$deep/$name.c" <<'END'
#include "g0.h"

void go_main(void)
{
	g0_puts("said\n"); /* here */
}
END
if ${CC:-cc} -g -O0 -static -no-pie -fno-pie -fcf-protection=none -pthread -I"$root/src" -I"$root/arch/amd64" -o "$deep/said" \
	"$deep/$name.c" "$O/libg0.a" 2>"$work/err"; then
	g0scope record "$deep/said" -o "$work/said.g0r"
	g0scope dump --json "$work/said.g0r"
	check "its file's name is whole" out "$deep/$name.c\""
	g0scope --view=text --step=1 --schedule='M0*1' "$deep/said"
	check "and its lines are found" exits 0
	check "and they are in the recording" grep -qa '/\* here \*/' <(zstd -dcq "$work/said.g0r")
else
	not_ok "the program compiles"
	explain
fi
finish
