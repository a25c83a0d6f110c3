#!/usr/bin/env bash
# What is said of the parts of a stack that no M is in: of the C functions that a callback is to return to, and of what a
# signal has interrupted.
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

g0scope --view=text --stop=1 callback
check_not "the stack that C calls back from is in use" out "not in use"

g0scope --view=text --stop=2 callback
check "in the callback the M is to come back to C" out "g0 of M1 ─ M1 will be back"
check_not "C is not left over" out "no M is here"
check "but what is below it" out "left over below …"
check "the words of C are alive" grep -qE "local$" <(sed -nE '/left over below/{n;s/│ +│.*//;p}' "$work/out")

g0scope --view=text --stop=2 --size=240x50 callback
turns=$(grep -oE 'M[0-9]+\*[0-9]+( M[0-9]+(\*[0-9]+)?)*' "$work/out" | head -n 1)

g0scope --view=text --stop=1 steal
check "an M that runs a G has nothing to do on its g0" out "g0 of M0 ─ not in use"

g0scope record callback --schedule="$turns" -o "$work/c.g0r"
g0scope dump "$work/c.g0r" --json --words
check "dump --words has the words of C" python3 - "$work/out" <<'EOF'
import json, sys
line = json.loads(open(sys.argv[1]).readlines()[-1])
on = next(m for m in line["ms"] if m["id"] == 1)
low = min(int(r["fp"], 16) for r in on["chain"] if r["stack"] == "M1.g0")
sys.exit(int(line["words"]["M1.g0"]["lo"], 16) >= low)
EOF

# The program has such pages that its handler interrupts touch, itself, and C that cgocall has called.
signals=$O/tests/programs/signals
g0scope record "$signals" -o "$work/s.g0r"
check "the program ends as without g0scope" exits 0
g0scope dump "$work/s.g0r" --json
cat >"$work/calls.py" <<'EOF'
import json, sys
seen = []
for line in open(sys.argv[1]):
    m = next(m for m in json.loads(line)["ms"] if m["id"] == 0)
    # In the body of note, which is its fourth instruction or so: there its record is.
    if m["sym"] and m["sym"].startswith("note+") and m["chain"] and m["chain"][0]["sym"].startswith("open_page+"):
        names = [f["sym"].split("+")[0] for f in m["chain"]]
        said = " ".join([m["verdict"]] + names + ["|"] + m["truth"]).replace("__restore_rt", "<signal>")
        if said not in seen:
            seen.append(said)
            print(json.loads(line)["step"], said)
EOF
python3 "$work/calls.py" "$work/out" >"$work/calls"
cut -d ' ' -f 2- "$work/calls" >"$work/said"
cat >"$work/right" <<'EOF'
VALID open_page <signal> open_page <signal> go_main runtime_main goexit_stub | note open_page <signal> touch open_page <signal> touch go_main runtime_main goexit_stub
VALID open_page <signal> go_main runtime_main goexit_stub | note open_page <signal> touch go_main runtime_main goexit_stub
VALID open_page <signal> in_c asmcgocall cgocall go_main runtime_main goexit_stub | note open_page <signal> touch in_c asmcgocall cgocall go_main runtime_main goexit_stub
EOF
check "what signals have interrupted is in the truth, and nothing that is reported is false" diff "$work/right" "$work/said"
while read -r step _; do
	g0scope --view=text --step="$step" replay "$work/s.g0r"
	check "step $step: it is said what is missing" out "VALID (what a signal has interrupted is missing)"
	check_not "step $step: no frame is marked false" out "✗ "
done <"$work/calls"
finish
