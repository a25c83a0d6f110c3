#!/usr/bin/env bash
# The lint scripts can fail: each is given a small tree that is right and must be silent about it, then the same with one
# thing wrong, and must name the file. Prints TAP.
set -uo pipefail
cd "$(dirname "$0")" || exit 1
lint=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0 n=0
layers="model image machine engine lesson session scene grid view export"

# put FILE TEXT: into the tree.
put()
{
	mkdir -p "$work/tree/$(dirname "$1")"
	printf '%b' "$2" >"$work/tree/$1"
}

source_file()
{
	put "$1" "/* SPDX-License-Identifier: MIT */\n$2"
}

# A tree without faults, one file a layer, built; made once, then copied.
good_tree()
{
	rm -rf "$work/tree"
	cp -r "$work/good" "$work/tree"
}

make_good_tree()
{
	local layer
	source_file arch/arch.h 'void gresumed(void);\n'
	for arch in amd64 arm64; do
		source_file "arch/$arch/mcall.S" 'FUNC(mcall)\nEND(mcall)\n'
		source_file "visualizer/machine/$arch/ptrace_arch.h" ''
		source_file "tests/$arch/sentinels.S" ''
	done
	source_file src/runtime.h '#include "arch.h"\n'
	source_file src/event.def ''
	source_file src/proc.c '#include "runtime.h"\nvoid gresumed(void);\nvoid schedule(void);\n\nvoid schedule(void)\n{\n\tgresumed();\n}\n\nvoid gresumed(void)\n{\n}\n'
	for layer in $layers; do
		source_file "visualizer/$layer/$layer.h" "void $layer(void);\n"
		source_file "visualizer/$layer/$layer.c" "#include \"$layer.h\"\n\nvoid $layer(void)\n{\n}\n"
	done
	source_file visualizer/session/session.h 'void session(void);\nstruct session {\n\tint scroll; /* rows */\n\tchar message[80];\n};\n'
	source_file visualizer/main.c '#include "view/view.h"\n\nint main(void)\n{\n\treturn 0;\n}\n'
	put tests/clean.sh '#!/bin/sh\necho clean\n'
	cp ../../.clang-format "$work/tree/"
	compile src/proc.c g0
	printf '.globl mcall\nmcall: call gresumed\n' >"$work/tree/mcall.s"
	mkdir -p "$work/tree/build/arch/amd64"
	cc -c -o "$work/tree/build/arch/amd64/mcall.o" "$work/tree/mcall.s"
	for layer in $layers; do
		compile "visualizer/$layer/$layer.c" "$layer"
	done
}

# compile FILE LAYER: alone into the layer's archive. As C once was: the faulty call what nobody has declared.
compile()
{
	local object
	object=$work/tree/build/${1%.c}.o
	mkdir -p "$(dirname "$object")"
	(cd "$work/tree" && cc -std=gnu89 -w -Isrc -Iarch -Ivisualizer -fno-builtin -c -o "$object" "$1") || exit 1
	rm -f "$work/tree/build/lib$2.a"
	ar rcs "$work/tree/build/lib$2.a" "$object"
}

# verdict NAME STATUS WHAT PATTERN: run a script on the tree; it must end so, and say so.
verdict()
{
	local name=$1 want=$2 what=$3 pattern=$4 said status
	said=$(O=build "$lint/$name.sh" "$work/tree")
	status=$?
	n=$((n + 1))
	if [ "$status" = 77 ]; then
		echo "ok $n - $name: $what # skip $said"
	elif [ "$status" = "$want" ] && grep -q -e "$pattern" <<<"$said"; then
		echo "ok $n - $name: $what"
	else
		printf '%s\n' "$said" | sed 's/^/# /'
		echo "not ok $n - $name: $what (exit status $status)"
		failed=1
	fi
}

make_good_tree
mv "$work/tree" "$work/good"
for script in "$lint"/*.sh; do
	name=$(basename "$script" .sh)
	case $name in common | selftest) continue ;; esac
	good_tree
	verdict "$name" 0 "silent about a good tree" '^$'
done

good_tree
source_file visualizer/model/model.c '#include "scene/scene.h"\n'
verdict includes 1 "an include that points up" '^visualizer/model/model.c:2: '
good_tree
source_file visualizer/scene/scene.c '#include "runtime.h"\n'
verdict includes 1 "a scene that knows the runtime" '^visualizer/scene/scene.c:2: '
good_tree
source_file visualizer/engine/runtime_view.c '#include "runtime.h"\n'
verdict includes 1 "a reader of the runtime that includes its structs" '^visualizer/engine/runtime_view.c:2: '
good_tree
source_file visualizer/model/model.c '#include "../../arch/arch.h"\n'
verdict includes 1 "a model that knows the assembly" '^visualizer/model/model.c:2: '
good_tree
source_file visualizer/scene/scene.c '#include "event.def"\n'
verdict includes 1 "a scene that expands the runtime's table" '^visualizer/scene/scene.c:2: only model'
good_tree
source_file visualizer/grid/grid.c '#include "scene/scene.h"\n'
verdict includes 1 "a grid that knows what scenes are made of" '^visualizer/grid/grid.c:2: a grid lays out things'
good_tree
source_file visualizer/emulator/cpu.c '#include "model/model.h"\n'
verdict includes 1 "an emulator that is not by itself" '^visualizer/emulator/cpu.c:2: g0scope-emulator is a program of its own'
good_tree
source_file visualizer/emulator/cpu.h ''
source_file visualizer/machine/machine.c '#include "emulator/cpu.h"\n'
verdict includes 1 "a machine that has the emulator in it" '^visualizer/machine/machine.c:2: g0scope-emulator is a program of its own'
good_tree
source_file visualizer/model/model.c 'struct line {\n\tint n;\n};\n'
source_file visualizer/view/view.c 'static struct line {\n\tint n;\n} l;\n'
verdict names 1 "a name that means two things" '^visualizer/view/view.c:2: another line than that of visualizer/model/model.c:2'
good_tree
source_file visualizer/view/view.h '#include "export/export.h"\n'
verdict includes 1 "a view that includes an export" '^visualizer/view/view.h:2: '
good_tree
source_file visualizer/machine/ptrace.h ''
source_file visualizer/engine/engine.c '#include "machine/ptrace.h"\n'
verdict includes 1 "a stepper that knows of ptrace" '^visualizer/engine/engine.c:2: is of one machine'
good_tree
source_file visualizer/machine/ptrace.h ''
source_file visualizer/machine/machine.h '#include "ptrace.h"\n'
verdict includes 1 "an interface made of one machine" '^visualizer/machine/machine.h:2: is of one machine'
good_tree
source_file visualizer/engine/engine.c '#include <sys/ptrace.h>\n'
verdict includes 1 "a stepper that calls ptrace" '^visualizer/engine/engine.c:2: only machine/ptrace'
good_tree
source_file visualizer/engine/engine.c '#include "machine/amd64/ptrace_arch.h"\n'
verdict includes 1 "a stepper for one architecture" '^visualizer/engine/engine.c:2: above machine/'
good_tree
source_file visualizer/model/one.h '#include "two.h"\n'
source_file visualizer/model/two.h '#include "one.h"\n'
verdict includes 1 "a circle" 'circle.*visualizer/model/one'
good_tree
source_file examples/01_red.c '#include "runtime.h"\n'
verdict includes 1 "an example that knows the runtime" '^examples/01_red.c:2: '

good_tree
source_file visualizer/model/model.c 'void model(void)\n{\n\tscene();\n}\n'
compile visualizer/model/model.c model
verdict symbols 1 "a call that points up" 'model (model.o) uses scene'
good_tree
source_file visualizer/view/view.c 'void view(void)\n{\n\tschedule();\n}\n'
compile visualizer/view/view.c view
verdict symbols 1 "a view that calls the runtime" 'view (view.o) uses schedule'
good_tree
source_file visualizer/model/one.c 'void one(void)\n{\n\ttwo();\n}\n'
source_file visualizer/model/two.c 'void two(void)\n{\n\tone();\n}\n'
compile visualizer/model/one.c one
compile visualizer/model/two.c model
ar q "$work/tree/build/libmodel.a" "$work/tree/build/visualizer/model/one.o"
verdict symbols 1 "two files that need each other" 'model: in a circle of calls: one.o'
good_tree
source_file arch/arch.h ''
verdict symbols 1 "assembly that calls up unannounced" 'arch uses gresumed'
good_tree
source_file src/proc.c 'void gresumed(void)\n{\n\tmemcpy(0, 0, 0);\n}\n'
compile src/proc.c g0
verdict libc 1 "a scheduler that calls memcpy" 'proc.o uses memcpy'

# Each of these changes a session; the lines before only look.
for fault in 's->scroll = 0' 'w->session->scroll++' '--f->s->scroll' "s->message[0] = 'x'" 'say(s->message, 80, "no")' \
	'zero(&s->scroll)' 'timeline_seek(s->tl, 1)'; do
	good_tree
	source_file visualizer/view/view.c "void view(void)\n{\n\tif (s->scroll == 1 && s->message[0] <= s->scroll)\n\t\tputs(s->message);\n\t$fault;\n}\n"
	verdict session 1 "a view that says $fault" '^visualizer/view/view.c:6: '
done

good_tree
rm "$work/tree/arch/arm64/mcall.S"
verdict twins 1 "a missing twin" 'mcall.S: only one'
good_tree
source_file arch/arm64/mcall.S 'FUNC(other)\nEND(other)\nFUNC(mcall)\nEND(mcall)\n'
verdict twins 1 "twins that differ" '^arch/amd64/mcall.S: '
good_tree
source_file src/proc.c '#ifdef __x86_64__\n#endif\n'
verdict twins 1 "a question for the architecture" '^src/proc.c:2: '

good_tree
source_file src/proc.c "$(printf '\\n%.0s' {1..501})"
verdict text 1 "a long file" '^src/proc.c:501: '
good_tree
source_file src/proc.c "/* $(printf 'a%.0s' {1..100}) */\n"
verdict text 1 "a wide line" '^src/proc.c:2: '
good_tree
source_file src/proc.c '\t\n'
verdict text 1 "blanks at a line's end" '^src/proc.c:2: blanks'
good_tree
source_file src/proc.c "/* TO""DO: more */\n"
verdict text 1 "unfinished work" '^src/proc.c:2: marks'
good_tree
put src/proc.c 'int no_licence;\n'
verdict text 1 "no licence line" '^src/proc.c:1: '

good_tree
source_file visualizer/main.c 'int main(void)\n{\n\tfprintf(stderr, "g0scope: %%s\\n", err);\n}\n'
verdict text 1 "a sentence by printf" '^visualizer/main.c:4: '

good_tree
source_file src/proc.c "void schedule(void)\n{\n$(printf '\\n%.0s' {1..60})}\n"
verdict functions 1 "a long function" '^src/proc.c:2: schedule'
good_tree
source_file src/proc.c 'int  schedule ( void ) { return 0 ; }\n'
verdict format 1 "another layout" '^src/proc.c:2: '
good_tree
# shellcheck disable=SC2016 # the script's own
put tests/unclean.sh '#!/bin/sh\n[ `id` == a ]\n'
verdict shell 1 "an unquoted word" '^tests/unclean.sh:2:'
good_tree
put tests/twice.py 'def one():\n    pass\n\n\ndef one():\n    pass\n'
verdict python 1 "two functions of one name" '^tests/twice.py:5: another one'
good_tree
put README.md 'see [that](docs/that.md)\n'
verdict links 1 "a link to nothing" '^README.md:1: '
exit "$failed"
