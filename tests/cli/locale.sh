#!/usr/bin/env bash
# The user's locale says which characters the terminal has, and nothing else: no number, no name and no order of anything
# changes with it. Where it is not UTF-8, what is printed is ASCII.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
command -v localedef >/dev/null || skip_all "no localedef here to make locales with"
export LOCPATH=$work/locales
mkdir "$LOCPATH"

# make_locale NAME: language, country and charset.
make_locale()
{
	localedef -i "${1%.*}" -f "${1#*.}" "$LOCPATH/$1" >"$work/localedef" 2>&1
	[ -e "$LOCPATH/$1/LC_CTYPE" ] || skip_all "localedef cannot make $1 (package locales): $(head -1 "$work/localedef")"
}

utf8="de_DE.UTF-8 tr_TR.UTF-8"
others="de_DE.ISO-8859-1 tr_TR.ISO-8859-9"
for locale in $utf8 $others C.UTF-8; do
	make_locale "$locale"
done
check "numbers have a comma in de_DE" [ "$(LC_ALL=de_DE.UTF-8 printf %.1f 1)" = 1,0 ]

g0scope record --limit=400 --seed=1 -o "$work/run.g0r" stale_link
printf -- '---\nTITII: a lesson\n---\n' >"$work/lesson.md"
name=$'names/\xc3\xa9\xe6\x97\xa5'

# Each way of printing something, in a locale: what it writes, and how it ends.
everything()
{
	local base=$1
	{
		g0scope dump --json "$work/run.g0r"
		cat "$work/out"
	} >"$base.json"
	{
		for words in "info $work/run.g0r" "--view=text $work/run.g0r" "--view=text --size=100x30 $work/run.g0r" \
			"--size=100,5x30 $work/run.g0r" "--scale=1,5 $work/run.g0r" "check $work/lesson.md" lessons stale_link \
			"$name" "--stop=2 --view=text steal" "--schedule=M0*1,5 stale_link"; do
			# shellcheck disable=SC2086 # words
			g0scope $words
			cat "$work/out" "$work/err"
			echo "$status"
		done
	} >"$base.text"
	if "$G0SCOPE" --version | grep -q 'tui sdl'; then
		g0scope --view=sdl --scale=1.5 --screenshot="$base.png" "$work/run.g0r"
		echo "$status" >>"$base.text"
	fi
}

# same LOCALE KIND [AS]: what it wrote there is what another locale has.
same()
{
	check "$1: its $2 is that of ${3:-C.UTF-8}" cmp "$work/$1.$2" "$work/${3:-C.UTF-8}.$2"
}

everything "$work/C.UTF-8"
check "a page has more than ASCII" grep -q '─' "$work/C.UTF-8.text"
check "and a scale is read" [ "$(tail -1 "$work/C.UTF-8.text")" = 0 ]
for locale in C POSIX $utf8 $others; do
	LC_ALL=$locale everything "$work/$locale"
	same "$locale" json
	[ ! -e "$work/C.UTF-8.png" ] || same "$locale" png
done
for locale in $utf8; do
	same "$locale" text
done
for locale in POSIX $others; do
	same "$locale" text C
	check_not "$locale: it is ASCII" grep -qP '[^\x00-\x7f]' "$work/$locale.text"
done
LC_ALL='' LC_CTYPE=C.UTF-8 LC_NUMERIC=de_DE.UTF-8 everything "$work/LC_NUMERIC"
same LC_NUMERIC text
same LC_NUMERIC json
finish
