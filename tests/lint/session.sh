#!/usr/bin/env bash
# A session changes by an action and in no other way (session_act): the views turn what a user does into one, and what is
# drawn is drawn of a session that stays as it is. So in view/, grid/ and scene/ nobody assigns a field of it, writes into one or
# moves its cursor. A session is called s or session there.
. "$(dirname "$0")/common.sh"

fields=$(awk '/^struct session \{/ { inside = 1; next } /^\}/ { inside = 0 }
	inside { sub(/[;[].*/, ""); if (match($0, /[a-z_0-9]+$/)) print substr($0, RSTART) }' visualizer/session/session.h | paste -sd'|')
field="\\b(s|session)->($fields)\\b"

find visualizer/view visualizer/grid visualizer/scene -name '*.[ch]' -print0 | sort -z | xargs -0r grep -nE \
	-e "$field(\\[[^]]*\\])?[[:space:]]*([-+*/|&^]?=[^=]|\\+\\+|--)" \
	-e "(\\+\\+|--)[a-z_>-]*$field" \
	-e "(^|[^&])&[a-z_>-]*$field([^-]|\$)" \
	-e "\\b(v?say|say_more|append|v?snprintf|str[a-z]*cpy)\\([a-z_>-]*$field" \
	-e '\btimeline_(seek|forward|follow|set_policy|undo|left|await)\(' /dev/null |
	sed -E 's/^([^:]*:[0-9]+:).*/\1 changes a session; that is for session_act to do/'
