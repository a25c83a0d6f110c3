# shellcheck shell=bash
# Sourced by tests/tui/*.sh: a shell in a terminal of its own (a private tmux server), keys into it, its screen out.
#
#   term_open COLSxROWS TERM [NAME=VALUE…]   a shell there, with these in its environment
#   run COMMAND   wait_done STATUS           type a command; wait until it has ended so
#   keys KEY…                                press keys, by tmux's names
#   view ARG…                                run g0scope with them and wait until its screen is there
#   wait_for TEXT   wait_until COMMAND…      or fail, showing the screen, after $PATIENCE seconds
#   screen   colors   shows TEXT             what is to be seen; with its escape sequences; whether TEXT is
#
# Nothing sleeps for a fixed time: what is waited for is looked for until it is there.
# shellcheck source=tests/tap.sh
. "$(dirname "${BASH_SOURCE[0]}")/../tap.sh"
need_g0scope
command -v tmux >/dev/null || skip_all "no tmux"
: "${PATIENCE:=60}"
terminals=0 runs=0
socket=
unset NO_COLOR TMUX

tmux_()
{
	tmux -L "$socket" -f /dev/null "$@" 2>/dev/null
}

term_close()
{
	[ -z "$socket" ] || tmux_ kill-server
}

at_exit()
{
	term_close
	rm -rf "$work"
}

# A server of its own for each terminal: one that is being killed still answers.
term_open()
{
	local size=$1 term=$2
	shift 2
	term_close
	terminals=$((terminals + 1))
	socket=g0test-$$-$terminals
	tmux_ new-session -d -x "${size%x*}" -y "${size#*x}" -c "$work" \
		env -i PATH="$PATH" HOME="$work" HISTFILE= G0SCOPE_EXAMPLES="$G0SCOPE_EXAMPLES" \
		LC_ALL=C.UTF-8 PS1='ready> ' "$@" TERM="$term" bash --norc --noprofile -i
	tmux_ set-option -g status off
	wait_for 'ready>'
}

# Numbered, so that no command's end is taken for another's.
run()
{
	runs=$((runs + 1))
	tmux_ send-keys -l -- "clear; $1; echo end $runs: \$?"
	tmux_ send-keys Enter
}

# The last command has ended with this status.
wait_done()
{
	wait_for "end $runs: $1"
}

keys()
{
	tmux_ send-keys -- "$@"
}

screen()
{
	tmux_ capture-pane -p
}

colors()
{
	tmux_ capture-pane -p -e
}

shows()
{
	screen | grep -qF -- "$1"
}

# The picture's first line.
drawn()
{
	screen | grep -qE 'step [0-9]+ of [0-9]+'
}

view()
{
	run "$G0SCOPE $*"
	wait_until drawn
}

wait_until()
{
	local end=$((SECONDS + PATIENCE))
	until "$@"; do
		if [ "$SECONDS" -ge "$end" ]; then
			not_ok "waited $PATIENCE s for: $*"
			explain
			finish
		fi
		sleep 0.05
	done
}

wait_for()
{
	wait_until shows "$1"
}

explain()
{
	screen | sed 's/^/  | /'
}

# The g0scope in the terminal.
viewer()
{
	pgrep -P "$(tmux_ list-panes -F '#{pane_pid}')" -f "$G0SCOPE" | head -1
}
