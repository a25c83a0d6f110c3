#!/usr/bin/env bash
# However a program is built with the installed library, it is stepped, with its lines and the runtime's, or a sentence says
# why not.
# shellcheck source=tests/installed.sh
. "$(dirname "$0")/installed.sh"
need_g0scope

check "make install" in_tree install
g0scope=$tree$prefix/bin/g0scope

# Two files, so that one can be built without what the other has.
cat >"$work/twice.c" <<'END'
int twice(int x);

int twice(int x)
{
	return x + x;
}
END
cat >"$work/two.c" <<'END'
#include <g0.h>

int twice(int x);

void go_main(void)
{
	gosched();
	g0_printf("twice is %d\n", twice(21));
}
END

# steps_in FUNCTION FILE: how many steps of the recording are in a function, in lines of this file (null: in none).
steps_in()
{
	local file=null
	[ "$2" = null ] || file="\"$2\""
	"$g0scope" dump --json "$work/r.g0r" | grep -cE "\"sym\":\"$1(\+[^\"]*)?\",\"file\":$file,"
}

# shows_line FUNCTION FILE PATH: the page of the first step in a function names a line of that file, and the text of it that
# is in PATH stands below.
shows_line()
{
	local step line text
	step=$("$g0scope" dump --json "$work/r.g0r" | sed -nE "s/^.\"step\":([0-9]+),.*\"sym\":\"$1\",\"file\":.*/\1/p" | head -n 1)
	quietly "$g0scope" --view=text --size=300x60 --step="$step" "$work/r.g0r"
	line=$(sed -nE "s#.* ▸ $1[^ ]* +$2:([0-9]+).*#\1#p" "$work/out")
	text=$(sed -n "${line:-1}s/^[[:blank:]]*//p" "$3" | tr '\t' ' ' | cut -c 1-40)
	grep -A1 " ▸ $1" "$work/out" | tail -n 1 | grep -qF -- "${text:-no such line}"
}

# stepped HOW FILE-OF-GO_MAIN FILE-OF-TWICE SENTENCE FLAG...: the two files built with these flags (after "--" those of twice.c
# alone) are stepped by instruction, in lines of these files, and g0scope says that sentence or nothing.
stepped()
{
	local how=$1 main=$2 twice=$3 sentence=$4
	local flags=() more=()
	shift 4
	while [ "$#" != 0 ] && [ "$1" != -- ]; do flags+=("$1") && shift; done
	[ "$#" = 0 ] || more=("${@:2}")
	build_two || { not_ok "$how: is built" && explain && return; }
	"$g0scope" record "$work/two" -o "$work/r.g0r" >"$work/out" 2>&1
	check "$how: go_main is stepped" test "$(steps_in go_main "$main")" -gt 5
	check "$how: twice is stepped" test "$(steps_in twice "$twice")" -gt 1
	check "$how: g0scope says ${sentence:-nothing}" test "$(grep "^g0scope" "$work/out")" = "${sentence:+g0scope: $sentence}"
}

# As the library's own flags say, but for -g.
build_two()
{
	# shellcheck disable=SC2086 # flags are words
	(cd "$work" && quietly "${CC:-cc}" $c_flags "${flags[@]}" "${more[@]}" -c twice.c -o twice.o &&
		quietly "${CC:-cc}" "${flags[@]}" two.c twice.o -o two $c_flags $l_flags)
}

c_flags=$(of_g0 --cflags | sed 's/ -g / /') l_flags=$(of_g0 --libs)
no_line="has no line information: build it with -g"
stepped "-g" two.c twice.c "" -g
stepped "without -g" null null "go_main $no_line"
stepped "one file without -g" two.c null "twice $no_line, or link it after libg0.a" -g -- -g0
stepped "-g -O2" two.c twice.c "" -g -O2
for debug in "-gdwarf-4" "-gdwarf-5" "-g1" "-g -gz" "-g -gsplit-dwarf" "-gsplit-dwarf -gdwarf-4"; do
	# shellcheck disable=SC2086 # flags are words
	stepped "$debug" two.c twice.c "" $debug
done

# A program with a file of the same name as one of the runtime's; and the tree that this was compiled in is not here.
mkdir -p "$work/moved/src"
cp "$work/two.c" "$work/moved/src/main.c"
sed "s#$root#${root//[!\/]/x}#g" "$tree$prefix/lib/libg0.a" >"$work/libg0.a"
# shellcheck disable=SC2086 # flags are words
(cd "$work/moved" && quietly "${CC:-cc}" -g src/main.c ../twice.o -o two ../libg0.a $c_flags $l_flags)
quietly "$g0scope" record "$work/moved/two" -o "$work/r.g0r"
check "elsewhere: a line of the program is shown" shows_line go_main src/main.c "$work/moved/src/main.c"
check "a line of the runtime" shows_line gosched src/proc.c "$root/src/proc.c"
check "a line of its assembly" shows_line gogo "arch/[a-z0-9]*/gogo.S" "$root/arch/amd64/gogo.S"
check "a line of its file of the same name" shows_line runtime_main ".*/src/main.c" "$root/src/main.c"

strip -g "$work/moved/two"
quietly "$g0scope" record "$work/moved/two" -o "$work/r.g0r"
check "stripped of all lines: the sentence says what to build with -g" grep -q "and the runtime, with -g" "$work/out"
flags=(-g) more=() l_flags="$work/libg0.a $l_flags"
strip -g -o "$work/libg0.a" "$tree$prefix/lib/libg0.a"
build_two
quietly "$g0scope" record "$work/two" -o "$work/r.g0r"
check "with a library stripped of them: the sentence says to build that with -g" grep -q "build libg0.a with -g" "$work/out"

printf '#include <g0.h>\nvolatile int n;\nvoid go_main(void)\n{\n\tfor (;;)\n\t\tn++;\n}\n' >"$work/loop.c"
# shellcheck disable=SC2046,SC2086 # flags are words
quietly "${CC:-cc}" -o "$work/loop" "$work/loop.c" $c_flags $(of_g0 --libs)
quietly timeout 20 "$g0scope" record "$work/loop" --limit=1000 -o "$work/r.g0r"
check "without -g, in a loop: recording ends where --limit says" grep -q "1000 steps" "$work/out"
quietly "$g0scope" --view=text --step=1000 "$work/r.g0r"
check "and its page says why there is no source" grep -q "go_main.*(no line information)" "$work/out"

is_static()
{
	readelf -lW "$1" >"$work/out" && ! grep -q INTERP "$work/out"
}

# facts PROGRAM: what is so wherever code and stacks lie, step by step. What libc has in the frame pointer when it calls a thread's
# function, one libc or the other, is its own affair: 0, and a VALID chain ends in `top`; or no address, and it is NOFP and ends in
# `wild`, or, as the function returns, has no record any more. These count as the same, and no other.
facts()
{
	"$g0scope" record "$1" --seed=3 -o "$work/r.g0r" >"$work/out" 2>&1
	"$g0scope" dump --json "$work/r.g0r" |
		sed -E 's/"verdict":"NOFP","chain":\[([^]]*)"link":"wild"\}\]/"verdict":"VALID","chain":[\1"link":"top"}]/g; s/"verdict":"NOFP","chain":\[\]/"verdict":"VALID","chain":[]/g' |
		grep -oE '"(step|m|line|curg)":[0-9]+|"(event|file|verdict|link|status)":"[^"]*"'
}

example=$tree$prefix/share/g0scope/examples/06_callback.c all_flags=$(of_g0 --cflags --libs)
# shellcheck disable=SC2086 # flags are words
quietly "${CC:-cc}" "$example" -o "$work/static" $all_flags
check "what pkg-config says gives a static executable" is_static "$work/static"
# shellcheck disable=SC2086 # flags are words
quietly "${CC:-cc}" "$example" -o "$work/dynamic" ${all_flags/ -static / -no-pie }
check_not "and -no-pie in place of -static one that is not" is_static "$work/dynamic"
facts "$work/static" >"$work/facts"
check "the callback is judged" grep -q '"verdict":"VALID"' "$work/facts"
facts "$work/dynamic" >"$work/facts_dynamic"
for f in facts facts_dynamic; do
	check_not "and nothing is held against libc: $f" grep -qE '"verdict":"(STALE|CHIMERA|MISLEADING|CYCLE|WILD)"' "$work/$f"
done
check "both are stepped alike, and judged alike at every step" cmp "$work/facts" "$work/facts_dynamic"

# Called by code of libc, which may have frame pointers or not.
cat >"$work/sort.c" <<'END'
#include <g0.h>
#include <stdlib.h>

static int in_order(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

void go_main(void)
{
	int v[] = {3, 1, 2, 5, 4};

	qsort(v, sizeof v / sizeof *v, sizeof *v, in_order);
}
END

# callers PROGRAM: "VERDICT NAME", who is said to have called in_order once it has a frame of its own.
callers()
{
	"$g0scope" record "$1" -o "$work/r.g0r" >"$work/out" 2>&1
	"$g0scope" dump --json "$work/r.g0r" |
		sed -nE 's/.*"sym":"in_order\+0x[4-9].*"verdict":"([A-Z]*)","chain":\[\{[^}]*"sym":"([^"+]*).*/\1 \2/p' | sort -u
}

# shellcheck disable=SC2086 # flags are words
quietly "${CC:-cc}" "$work/sort.c" -o "$work/static" $all_flags
# shellcheck disable=SC2086 # flags are words
quietly "${CC:-cc}" "$work/sort.c" -o "$work/dynamic" ${all_flags/ -static / -no-pie }
callers "$work/static" >"$work/callers"
check "a comparator is judged as called by a library" grep -qE "^(NOFP|VALID) " "$work/callers"
check_not "not as lost" grep -qvE "^(NOFP|VALID) " "$work/callers"
check "the recording has the names of what called it" grep -q "sort" "$work/callers"
check_not "of all" grep -q " 0x" "$work/callers"
callers "$work/dynamic" >"$work/callers"
check "so in a program that is not static, without names" grep -qE "^(NOFP|VALID) 0x" "$work/callers"
check_not "there neither as lost" grep -qvE "^(NOFP|VALID) " "$work/callers"
finish
