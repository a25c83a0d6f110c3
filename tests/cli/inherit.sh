#!/usr/bin/env bash
# What a shell leaves behind, the stepped program does not see: a recording under any is the same, byte for byte. What the user
# gives reaches it.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
inherited=$(realpath "$O/tests/programs/inherited")
plain=$work/plain.g0r r=$work/r.g0r

# record_under COMMAND…: a recording made by that command, which is to end in the words that follow.
record_under()
{
	rm -f "$r"
	timeout 120 "$@" "$G0SCOPE" record --seed=1 -o "$r" "$inherited" -- one >"$work/out" 2>"$work/err"
	status=$?
}

# under WORDS COMMAND…: the recording is the same under a shell that is so.
under()
{
	record_under "${@:2}" </dev/null
	check "$1: the same recording" cmp "$plain" "$r"
}

# shell_with WORDS CODE: the same of a shell that has executed this code.
shell_with()
{
	under "$1" bash -c "$2"' && exec "$@"' -
}

# says FILE LINE: whether the program said so.
says()
{
	"$G0SCOPE" dump --json "$1" | sed -n 's/.*"output":"\([^"]*\)".*/\1/p' | tr -d '\n' | sed 's/\\n\|\\u000a/\n/g' | grep -qxF -- "$2"
}

record_under env </dev/null
cp "$r" "$plain"
check "it ends" out "ended with status 0"
for line in "descriptors 0 1 2" "ignored" "blocked 0" "sent when the parent ends 0" "stack 8388608 of 8388608" "core 0" \
	"terminal none" "argument inherited" "argument one" "left on a stack 0, in a register 0" "input "; do
	check "plain: $line" says "$plain" "$line"
done

under "again" env
shell_with "descriptors" 'exec 3<. 9</dev/null 39</dev/null 252</dev/null 255</dev/null'
under "nohup" nohup
# shellcheck disable=SC2016 # for the inner shell
shell_with "signals ignored" 'for s in {1..64}; do trap "" $s; done 2>/dev/null'
under "signals blocked" python3 -c 'import os, signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
os.execvp(sys.argv[1], sys.argv[1:])'
shell_with "soft limits" 'ulimit -Ss 1024 && ulimit -Sn 64 && ulimit -St 1000 && ulimit -Sv 4000000'
shell_with "a hard limit on stacks" 'ulimit -Hs 16384'
# shellcheck disable=SC2016 # for the inner shell
shell_with "core files" 'ulimit -Sc "$(ulimit -Hc)"'
under "no environment" env -i
under "a large environment" env LANG=de_DE.UTF-8 GLIBC_TUNABLES=glibc.malloc.tcache_count=0 LD_BIND_NOW=1 BIG="$(seq 999)"
under "another session" setsid -w
under "a terminal" python3 -c 'import os, pty, sys
sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))'
under "another priority" nice -n 5
# Whose thread libc starts: what the kernel tells of a thread would be on its stack.
on_cpu()
{
	taskset -c "$1" "$G0SCOPE" record --seed=3 --limit=400 -o "$work/cpu$1.g0r" "$EXAMPLES/06_callback" >"$work/out" 2>&1 </dev/null
}
cpus=$(taskset -cp $$ | sed 's/.*: //')
first=${cpus%%[,-]*} last=${cpus##*[,-]}
on_cpu "$first"
on_cpu "$last"
check "another CPU: the same recording" cmp "$work/cpu$first.g0r" "$work/cpu$last.g0r"
shell_with "another mask for files" 'umask 077'
shell_with "another directory" 'cd /'
shell_with "no input" 'exec <&-'
shell_with "no output" 'exec >&- 2>&-'
shell_with "nothing at all" 'exec <&- >&- 2>&-'
whole=$inherited
inherited=$(realpath --relative-to=. "$whole")
record_under env </dev/null
check "by another path: the same recording" cmp "$plain" "$r"
inherited=$whole

# What is given.
printf 'first\nsecond\n' >"$work/input"
record_under env <"$work/input"
check "a file as input" says "$r" "input first"
(read -r _ && record_under env) <"$work/input"
check "the rest of a file" says "$r" "input second"
echo piped | record_under env
check "a pipe as input" says "$r" "input piped"
cp "$r" "$work/piped"
echo piped | record_under nohup
check "another pipe: the same recording" cmp "$work/piped" "$r"
touch -a -d 2001-01-01 "$work/input"
record_under env <"$work/input"
cp "$r" "$work/read"
record_under env <"$work/input"
check "a file that was read in between: the same recording" cmp "$work/read" "$r"
g0scope record --stdin="$work/input" --env=A=B --env=EMPTY= -o "$r" "$inherited"
for line in "input first" "variable A=B" "variable EMPTY="; do
	check "given: $line" says "$r" "$line"
done
record_under env G0_STACK=128 </dev/null
check "a variable that does not reach it: said" err "G0_STACK is set here"
check "a variable that does not reach it: the same recording" cmp "$plain" "$r"
refused 1 "cannot read $work/none" record --stdin="$work/none" -o "$r" "$inherited"
refused 2 "expected NAME=VALUE" record --env=A -o "$r" "$inherited"
refused 2 "an option says" record --env=G0_PROCS=3 -o "$r" "$inherited"
finish
