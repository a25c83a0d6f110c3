#!/usr/bin/env bash
# Other ways to build a program with the installed library than to compile C: as C++, and with link-time optimization; and
# the library itself by who asks for that of all.
# shellcheck source=tests/installed.sh
. "$(dirname "$0")/installed.sh"
check "make install" in_tree install
read -ra cflags <<<"$(of_g0 --cflags)"
read -ra libs <<<"$(of_g0 --libs)"

# each NAME COMPILER... -- COMMAND...: COMMAND with each of those that are there before it; skipped if none is.
each()
{
	local name=$1 any="" c compilers=()
	shift
	while [ "$1" != -- ]; do
		compilers+=("$1")
		shift
	done
	shift
	for c in "${compilers[@]}"; do
		command -v "$c" >/dev/null || continue
		any=1
		check "$name: $c" quietly "$@" "$c"
	done
	[ -n "$any" ] || echo "ok - $name # skip none here of: ${compilers[*]}"
}

# Without what of a channel, a mutex, a wait group, a select, a yield in line or an exception C++ might have its own idea.
cat >"$work/program.cc" <<'END'
#include <g0.h>
#include <stdexcept>

static chan *numbers;
static mutex m;
static waitgroup wg;

static void send(void *)
{
	int n = 0;

	mutexlock(&m);
	try {
		throw std::runtime_error("caught");
	} catch (const std::exception &) {
		n = 42;
	}
	mutexunlock(&m);
	goyield();
	chansend(numbers, &n);
	wgdone(&wg);
}

void go_main()
{
	int n = 0;
	scase receive = {};

	numbers = makechan(sizeof n, 0);
	wgadd(&wg, 1);
	go(send, nullptr);
	receive.c = numbers;
	receive.elem = &n;
	if (selectgo(&receive, 1, true) == 0 && receive.ok)
		g0_printf("received %d\n", n);
	wgwait(&wg);
}
END
as_cxx()
{
	local flag
	for flag in -O0 -O2; do
		"$1" -std=c++17 -Wall -Wextra -pedantic -Werror "$flag" -o "$work/cxx" "$work/program.cc" "${cflags[@]}" "${libs[@]}" &&
			timeout 20 "$work/cxx" | grep -x "received 42" || return 1
	done
}
each "a program in C++ is built without a warning, and runs" g++ clang++ -- as_cxx

# The same text in both languages.
cat >"$work/layout.c" <<'END'
#include <g0.h>

#define S(type) g0_printf("%s %d\n", #type, (int)sizeof(struct type))
#define F(type, field) g0_printf("%s.%s %d\n", #type, #field, (int)offsetof(struct type, field))
void go_main(void)
{
	S(gqueue), F(gqueue, head), F(gqueue, tail), F(gqueue, n);
	S(scase), F(scase, c), F(scase, elem), F(scase, send), F(scase, ok);
	S(sema), F(sema, lock), F(sema, n), F(sema, waiters);
	S(mutex), F(mutex, users), F(mutex, sema);
	S(rwmutex), F(rwmutex, lock), F(rwmutex, writing), F(rwmutex, reading), F(rwmutex, readers), F(rwmutex, writers);
	S(waitgroup), F(waitgroup, lock), F(waitgroup, n), F(waitgroup, waiters);
	S(timer), F(timer, when), F(timer, seq), F(timer, f), F(timer, arg), F(timer, sleeper), F(timer, place);
}
END
same_layout()
{
	"${CC:-cc}" -o "$work/in_c" "$work/layout.c" "${cflags[@]}" "${libs[@]}" &&
		"$1" -x c++ -o "$work/in_cxx" "$work/layout.c" "${cflags[@]}" -x none "${libs[@]}" &&
		"$work/in_c" >"$work/in_c.txt" && "$work/in_cxx" >"$work/in_cxx.txt" &&
		grep -q "^timer.place " "$work/in_c.txt" && diff "$work/in_c.txt" "$work/in_cxx.txt"
}
each "structs are laid out as in C" g++ clang++ -- same_layout

# Where a linker puts code that is made last: before the runtime's, or it is not preempted.
cat >"$work/spin.c" <<'END'
#include <g0.h>

static volatile int done;

static void finish(void *arg)
{
	(void)arg;
	goyield();
	done = 1;
}

void go_main(void)
{
	go(finish, NULL);
	while (!done) {
	}
	g0_puts("preempted\n");
}
END
with_lto()
{
	"$1" -flto -O2 "${cflags[@]}" -c -o "$work/spin.o" "$work/spin.c" && "$1" -flto -O2 -o "$work/spin" "$work/spin.o" "${libs[@]}" &&
		G0_PROCS=1 timeout 20 "$work/spin" | grep -x preempted
}
each "a program with -flto runs, and is preempted" gcc clang -- with_lto

library_with_lto()
{
	make -s -C "$root" O="$work/lto" CC="$1" CFLAGS="-O2 -flto" "$work/lto/libg0.a" &&
		"$1" "${cflags[@]}" -o "$work/spin" "$work/spin.c" "$work/lto/libg0.a" "${libs[@]}" &&
		G0_PROCS=1 timeout 20 "$work/spin" | grep -x preempted
}
each "make CFLAGS=-flto gives a library like any other" gcc -- library_with_lto

# has_note FILE: src/layout.c is in it, whole, by what lists notes.
has_note()
{
	readelf -n "$1" | grep -A1 -E '^  g0 +0x' && readelf -p .note.g0.layout "$1" | grep -q arena.hi
}

# Static and not, where the linker drops what nobody refers to, and stripped of all that can be.
keeps_note()
{
	local how
	for how in -static -no-pie; do
		"$1" -ffunction-sections -fdata-sections "${cflags[@]}" "$work/spin.c" -o "$work/spin" \
			"${libs[@]/#-static/$how}" -Wl,--gc-sections && strip -s -o "$work/stripped" "$work/spin" &&
			has_note "$work/spin" && has_note "$work/stripped" || return 1
	done
}
each "the note of the runtime's layout is in every program, and strip keeps it" gcc clang -- keeps_note
finish
