#!/usr/bin/env bash
# Words from outside in what g0scope says: paths, options, variables, lessons, what a program is called and writes. Whatever
# bytes they have, a sentence is one line of UTF-8 in which nothing steers the terminal.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || skip_all "no python3 here to look at bytes"

# clean FILE…: UTF-8, and no character that steers, hides or turns text around, but for the ends of lines.
clean()
{
	python3 - "$@" <<'END'
import sys, unicodedata
for name in sys.argv[1:]:
    text = open(name, "rb").read().decode("utf-8")
    for ch in text.replace("\n", ""):
        if unicodedata.category(ch) in ("Cc", "Cf", "Zl", "Zp"):
            sys.exit("%s: U+%04X in %r" % (name, ord(ch), text[:400]))
END
}

lines()
{
	[ "$(wc -l <"$work/$1")" = "$2" ]
}

# A line's end, ESC, a byte that is none of UTF-8, what turns text around.
bad=$'x\n\e[31m\xff\xe2\x80\xae'
shown='x\x0a\x1b[31m�\u202e'

# told STATUS WHAT ARG…: a sentence with the word in it.
told()
{
	local want=$1 what=$2
	shift 2
	g0scope "$@"
	check "$what: exits $want" exits "$want"
	check "$what: says the word" err "$shown"
	check "$what: in one line" lines err 1
	check "$what: and nothing that steers" clean "$work/out" "$work/err"
}

told 1 "a name" "$bad"
told 1 "a recording" replay "$bad"
told 1 "a recording to dump" dump --json "$bad"
told 1 "a recording to look at" info "$bad"
told 1 "a lesson" check "$bad"
told 2 "one name too many" stale_link "$bad"
for option in view mcall procs seed step stop limit color size scale; do
	told 2 "--$option" "--$option=$bad" stale_link
done
told 2 "a flag with a value" "--json=$bad" stale_link
told 2 "an option" "--$bad" stale_link
told 2 "a variable" "--env=G0_PROCS=$bad" stale_link
told 2 "a schedule" "--schedule=$bad" stale_link
told 1 "the program's input" "--stdin=$bad" stale_link
told 1 "a recording's name" record stale_link -o "$work/$bad/file"
"$G0SCOPE" --version | grep -q 'without SDL2' ||
	G0SCOPE_FONT=$bad told 1 "a font" --view=sdl --screenshot="$work/$bad.png" stale_link

# Files that are there, and are not what they should be.
echo "no program" >"$work/$bad"
told 1 "a file that is no program" "$work/$bad"
cp "$work/$bad" "$work/$bad.g0r"
told 1 "a file that is no recording" "$work/$bad.g0r"
chmod +x "$work/$bad"
told 1 "a script" "$work/$bad"
cp /bin/true "$work/$bad"
told 1 "another program" "$work/$bad"
mkdir "$work/$bad.dir"
told 1 "a folder to record into" record stale_link -o "$work/$bad.dir"

# Lessons: what is wrong in them is quoted.
lesson=$(echo "$root"/examples/*stale_link.md)
cp "$O"/examples/*stale_link "$work/stale_link"
for line in "colour: $bad" "mcall: $bad" "procs: $bad" "program: $bad"; do
	line=$(tr '\n' ' ' <<<"$line")
	{ echo ---; echo "$line"; tail -n +2 "$lesson"; } >"$work/$bad.md"
	told 1 "a lesson with ${line%%:*}" check "$work/$bad.md"
done
for line in "run M0 until event $bad" "run M0 until at $bad now" "$bad"; do
	line=$(tr '\n' ' ' <<<"$line")
	# shellcheck disable=SC2016 # those are Markdown ticks
	{ cat "$lesson"; printf '\n## More\n```do\n%s\n```\n' "$line"; } >"$work/$bad.md"
	told 1 "a lesson with \`${line%%x*}…\`" check "$work/$bad.md"
done
sed -E "s/^title: .*/title: $(tr '\n' ' ' <<<"$bad")/" "$lesson" >"$work/$bad.md"
G0SCOPE_EXAMPLES=$work g0scope lessons
check "the list: exits 0" exits 0
check "the list: has the title" out '\x1b[31m�\u202e'
check "the list: nothing steers" clean "$work/out"
G0SCOPE_EXAMPLES=$work g0scope "$bad"
check "a lesson with such a title and name is told" exits 0
check "a lesson with such a title and name: nothing steers" clean "$work/out" "$work/err"

# A program that gives up before there is anything to step.
cat >"$work/gone.c" <<'END'
#include <stdlib.h>
#include <unistd.h>

#include "g0.h"

__attribute__((constructor)) static void end(void)
{
	exit(write(1, "\033[2J\377\nand more\n", 15) != 15);
}

void go_main(void)
{
}
END
if ${CC:-cc} -g -O0 -static -no-pie -fno-pie -fcf-protection=none -pthread -I"$root/src" -I"$root/arch/amd64" -o "$work/gone" \
	"$work/gone.c" "$O/libg0.a" 2>"$work/err"; then
	g0scope "$work/gone"
	check "a program's last words: exits 1" exits 1
	check "a program's last words: are said" err 'It wrote: \x1b[2J�'
	check "a program's last words: in one line" lines err 1
	check "a program's last words: nothing steers" clean "$work/err"
else
	not_ok "the program that gives up compiles"
fi
finish
