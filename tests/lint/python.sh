#!/usr/bin/env bash
# Python that would not run as it reads: what does not compile, and a function whose name another in the same place takes.
. "$(dirname "$0")/common.sh"
command -v python3 >/dev/null || skip "no python3"

sources py | xargs -r python3 -c '
import ast, sys
for path in sys.argv[1:]:
    try:
        with open(path, encoding="utf-8") as f:
            tree = ast.parse(f.read(), path)
    except SyntaxError as e:
        print(f"{path}:{e.lineno}: {e.msg}")
        continue
    for place in ast.walk(tree):
        seen = set()
        for one in getattr(place, "body", None) if isinstance(getattr(place, "body", None), list) else []:
            if isinstance(one, (ast.FunctionDef, ast.ClassDef)):
                if one.name in seen:
                    print(f"{path}:{one.lineno}: another {one.name} in the same place, which nobody can call")
                seen.add(one.name)
'
