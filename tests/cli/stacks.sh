#!/usr/bin/env bash
# What is said of the parts of a stack that no M is in: of the C functions, say, that a callback is to return to.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

g0scope --view=text --stop=1 callback
check_not "the stack that C calls back from is in use" out "not in use"

g0scope --view=text --stop=2 callback
check "in the callback the M is to come back to C" out "g0 of M1 ─ M1 will be back"
check_not "C is not left over" out "no M is here"
check "but what is below it" out "left over below …"
check "the words of C are alive" grep -qE "local$" <(sed -nE '/left over below/{n;s/│ +│.*//;p}' "$work/out")

g0scope --view=text --stop=1 steal
check "an M that runs a G has nothing to do on its g0" out "g0 of M0 ─ not in use"

g0scope record callback --schedule="M0*327 M1*122" -o "$work/c.g0r"
g0scope dump "$work/c.g0r" --json --words --step=449
check "dump --words has the words of C" python3 - "$work/out" <<'EOF'
import json, sys
line = json.loads(open(sys.argv[1]).readlines()[-1])
on = next(m for m in line["ms"] if m["id"] == 1)
low = min(int(r["fp"], 16) for r in on["chain"] if r["stack"] == "M1.g0")
sys.exit(int(line["words"]["M1.g0"]["lo"], 16) >= low)
EOF
finish
