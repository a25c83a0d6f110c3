#!/usr/bin/env bash
# A name means one thing: no two structs or enums of the visualizer have the same, but twins for two architectures.
. "$(dirname "$0")/common.sh"

sources c h | grep '^visualizer/' | grep -vE '/(amd64|arm64)/' |
	xargs -r grep -nE '^(static )?(struct|enum|union) [a-z0-9_]+ \{' /dev/null |
	sed -E 's/^([^:]*:[0-9]+):(static )?(struct|enum|union) ([a-z0-9_]+) .*/\4 \1/' | sort |
	awk '{ if ($1 == name) print $2 ": another " $1 " than that of " at; name = $1; at = $2 }'
