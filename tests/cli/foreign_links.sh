#!/usr/bin/env bash
# The one fact that all of this is about, found anew by thirty lines of Python in the words that are dumped.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || skip_all "no python3 here"

# links WORDS: what foreign_links.py says of the dump; $work/links has it too.
links()
{
	python3 -B tests/foreign_links.py <"$work/out" >"$work/links"
}

for policy in keep clear; do
	for words in "stale_link" "select --seed=1"; do
		# shellcheck disable=SC2086 # words of a command
		g0scope record $words --mcall=$policy -o "$work/$policy.g0r"
		g0scope dump --json --words "$work/$policy.g0r"
		check "$words under $policy: the foreign links are those that are said" links
		if [ $policy = keep ]; then
			check_not "$words under $policy: there are some" grep -q "^0 foreign" "$work/links"
			cp "$work/out" "$work/keep.json"
		else
			check "$words under $policy: there are none" grep -q "^0 foreign" "$work/links"
		fi
	done
done

# One of them said to be another, and another said to be one.
sed '0,/"link":"foreign"/s//"link":"idle"/' "$work/keep.json" >"$work/out"
check_not "a foreign link of which something else is said is found" links
sed '0,/"link":"call"/s//"link":"foreign"/' "$work/keep.json" >"$work/out"
check_not "and one that is none" links
check "of one M" grep -q ", 1 Ms" "$work/links"
finish
