#!/usr/bin/env bash
# Under limits of the shell: what they would change is the same all the same, or is said.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
r=$work/limited.g0r

# limited LIMITS…: a run recorded under them ("-s 64"), with its words as JSON; $status, out and err are record's.
limited()
{
	rm -f "$r" "$work/json"
	(ulimit "$@" && timeout 60 "$G0SCOPE" record --mcall=keep --seed=1 --limit=2000 -o "$r" stale_link) \
		>"$work/out" 2>"$work/err" </dev/null
	status=$?
	[ ! -e "$r" ] || "$G0SCOPE" dump --json --words "$r" >"$work/json"
}

# As without a limit; or the limit could not be moved, and that is said.
same_or_said()
{
	if [ -s "$work/err" ]; then err "$1"; else exits 1 && cmp "$work/free" "$work/json"; fi
}

limited -c 0
cp "$work/json" "$work/free"
check "no limit: nothing is said" silent err
soft="-Ss 64 -Ss 1024 -Ss $(ulimit -Hs) -Sn 64"
while read -r which n; do
	limited "$which" "$n"
	check "ulimit $which $n: the same words" cmp "$work/free" "$work/json"
	check "ulimit $which $n: nothing is said" silent err
done < <(xargs -n 2 <<<"$soft")
for n in 64 1024; do
	limited -s $n
	check "ulimit -s $n: the same, or it is said" same_or_said "ulimit -s"
done
for n in 9 64; do
	limited -n $n
	check "ulimit -n $n: the same, or it is said" same_or_said "ulimit -n"
done

# No process may be made: said of a user, not of root. Whoever is none is made one here, who can read no more than what he must.
chmod 755 "$work"
cp "$G0SCOPE" "$O"/examples/*stale_link "$work"
# shellcheck disable=SC2016 # for the inner shell
one_process=(bash -c 'cd "$1" && ulimit -u 1 && exec ./g0scope --view=text ./*stale_link' - "$work")
[ "$(id -u)" != 0 ] || one_process=(setpriv --reuid 65534 --regid 65534 --clear-groups "${one_process[@]}")
if [ "$(id -u)" != 0 ] || command -v setpriv >/dev/null; then
	"${one_process[@]}" >"$work/out" 2>"$work/err" </dev/null
	status=$?
	check "ulimit -u 1: exits 1" exits 1
	check "ulimit -u 1: a sentence" err "ulimit -u"
fi
finish
