#!/usr/bin/env bash
# What a program writes while it is stepped: on the step that wrote it, in JSON and as text, in whatever way it was written.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || skip_all "no python3 here to read JSON"
cat >"$work/writes.c" <<'END'
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "g0.h"

static void at_exit(void)
{
	printf("at exit\n");
}

void go_main(void)
{
	atexit(at_exit);
	g0_printf("by %s\n", "g0_printf");
	if (write(2, "with \0 in it\n", 13) != 13)
		abort();
	setvbuf(stderr, NULL, _IONBF, 0);
	fprintf(stderr, "%s, ", "several"), fputs("writes\n", stderr);
	printf("kept by stdio\n");
	exit(0);
}
END

# written RECORDING: function, line and text of each step that wrote.
written()
{
	g0scope dump --json "$1"
	python3 -c '
import json, sys
for line in open(sys.argv[1]):
    step = json.loads(line)
    if "output" in step:
        print(step["sym"].split("+")[0], step["line"], json.dumps(step["output"]))' "$work/out" >"$work/written"
}

if ! ${CC:-cc} -g -O0 -static -no-pie -fno-pie -fcf-protection=none -pthread -I"$root/src" -I"$root/arch/amd64" -o "$work/writes" \
	"$work/writes.c" "$O/libg0.a" 2>"$work/err"; then
	not_ok "the program that writes compiles"
	cat "$work/err"
	finish
fi
g0scope record "$work/writes" -o "$work/w.g0r"
check "it is recorded" exits 0
written "$work/w.g0r"
grep -v '^oswrite' "$work/written" >"$work/by_program"
check "the runtime's way of writing" grep -qx 'oswrite [0-9]* "by g0_printf\\n"' "$work/written"
check "each other on the line that called for it" diff "$work/by_program" - <<'END'
go_main 16 "with \u0000 in it\n"
go_main 19 "several, "
go_main 19 "writes\n"
at_exit 10 "kept by stdio\nat exit\n"
END
g0scope info "$work/w.g0r"
g0scope --view=text --step="$(sed -n 's/^steps *//p' "$work/out")" "$work/w.g0r"
check "the last page tells what came before" grep -q "^written before this step:" "$work/out"
check "and at the end" diff <(sed -n '/^written by this step:/,$p' "$work/out") - <<'END'
written by this step:
  kept by stdio
  at exit
END
g0scope --view=text deadlock
check "a lesson's story tells it at the next stop" grep -q "^the program has written:" "$work/out"
check "and how the program died" out "  fatal error: all goroutines are asleep - deadlock!"
g0scope record deadlock -o "$work/d.g0r" --seed=1
written "$work/d.g0r"
check "the step that throws has the message" grep -q '^oswrite [0-9]* "fatal error: all goroutines are asleep - deadlock!' "$work/written"
finish
