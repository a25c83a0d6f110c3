/* SPDX-License-Identifier: MIT */
/*
 * Keys as names. Escape sequences are ncurses's business; what it does not know (Alt-x,
 * focus and paste reports) is swallowed whole, so that no letter of it is taken for a
 * key.
 *
 * Ctrl-C and a change of size come as signals. They are let in only while ppoll waits, so
 * that none is lost between looking and waiting.
 */
#include <assert.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "tui.h"

static const struct {
	int code;
	const char *name;
} named[] = {{KEY_RIGHT, "Right"}, {KEY_LEFT, "Left"}, {KEY_UP, "Up"}, {KEY_DOWN, "Down"},
	{KEY_HOME, "Home"}, {KEY_END, "End"}, {KEY_NPAGE, "PageDown"}, {KEY_PPAGE, "PageUp"},
	{KEY_BACKSPACE, "Backspace"}, {KEY_DC, "Delete"}, {KEY_IC, "Insert"}, {KEY_BTAB, "S-Tab"},
	{KEY_ENTER, "Enter"}, {KEY_SLEFT, "S-Left"}, {KEY_SRIGHT, "S-Right"}, {KEY_SR, "S-Up"},
	{KEY_SF, "S-Down"}};

/*
 * What terminals send whatever TERM says: remotes and terminals inside others rely on it.
 * ncurses knows only what the terminal's description has.
 */
static const struct {
	const char *sequence;
	int code;
} common[] = {{"\033[A", KEY_UP}, {"\033[B", KEY_DOWN}, {"\033[C", KEY_RIGHT}, {"\033[D", KEY_LEFT},
	{"\033OA", KEY_UP}, {"\033OB", KEY_DOWN}, {"\033OC", KEY_RIGHT}, {"\033OD", KEY_LEFT},
	{"\033[H", KEY_HOME}, {"\033OH", KEY_HOME}, {"\033[1~", KEY_HOME}, {"\033[7~", KEY_HOME},
	{"\033[F", KEY_END}, {"\033OF", KEY_END}, {"\033[4~", KEY_END}, {"\033[8~", KEY_END},
	{"\033[5~", KEY_PPAGE}, {"\033[6~", KEY_NPAGE}, {"\033OP", KEY_F(1)},
	{"\033[11~", KEY_F(1)}};

static volatile sig_atomic_t resized;

static void on_resize(int sig)
{
	(void)sig;
	resized = 1;
}

void keys_init(void)
{
	struct sigaction sa = {.sa_handler = on_resize};

	sigaction(SIGWINCH, &sa, NULL);
	keypad(stdscr, TRUE);
	for (size_t i = 0; i < sizeof common / sizeof *common; i++)
		if (key_defined(common[i].sequence) <= 0)
			define_key(common[i].sequence, common[i].code);
}

/* Ctrl-letters are C-a … C-z, but for those that are keys of their own. */
static void name_char(wchar_t ch, char *name)
{
	mbstate_t state = {0};
	char utf8[MB_LEN_MAX];
	size_t n;

	switch (ch) {
	case ' ': strcpy(name, "Space"); return;
	case '\t': strcpy(name, "Tab"); return;
	case '\r':
	case '\n': strcpy(name, "Enter"); return;
	case '\b':
	case 0x7f: strcpy(name, "Backspace"); return;
	}
	if (ch < ' ') {
		snprintf(name, KEY_NAME_MAX, "C-%c", (char)(ch + '`'));
		return;
	}
	n = wcrtomb(utf8, ch, &state);
	snprintf(name, KEY_NAME_MAX, "%.*s", n == (size_t)-1 ? 1 : (int)n,
		n == (size_t)-1 ? "?" : utf8);
}

static void name_code(int code, char *name)
{
	if (code >= KEY_F(1) && code <= KEY_F(12)) {
		snprintf(name, KEY_NAME_MAX, "F%d", code - KEY_F0);
		return;
	}
	snprintf(name, KEY_NAME_MAX, "%s", "unknown key");
	for (size_t i = 0; i < sizeof named / sizeof *named; i++)
		if (named[i].code == code)
			snprintf(name, KEY_NAME_MAX, "%s", named[i].name);
}

/*
 * After an ESC: alone it is the key; with a character right behind it, Alt; with '[', the
 * start of a sequence that ends in '@' to '~'.
 */
static bool name_escape(char *name)
{
	wint_t ch;

	if (get_wch(&ch) != OK) {
		strcpy(name, "Escape");
		return true;
	}
	if (ch == '[')
		while (get_wch(&ch) == OK && (ch < '@' || ch > '~'))
			;
	else
		snprintf(name, KEY_NAME_MAX, "M-%c", ch > ' ' && ch < 0x7f ? (char)ch : '?');
	return name[0] != 0;
}

/*
 * Whether the size has changed since the last time; then ncurses knows it now. It would find out by
 * itself, but counts cells in shorts, and faults where there are more.
 */
static bool has_resized(void)
{
	enum { MOST = 2000 };
	struct winsize is;

	if (!resized)
		return false;
	resized = 0;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &is) == 0 && is.ws_row > 0 && is.ws_col > 0)
		resize_term(
			is.ws_row < MOST ? is.ws_row : MOST, is.ws_col < MOST ? is.ws_col : MOST);
	return true;
}

/* What has been typed already, without waiting. False: nothing, or nothing that is a key. */
static bool take(char *name, enum input *what)
{
	wint_t ch;

	name[0] = 0;
	*what = INPUT_KEY;
	switch (get_wch(&ch)) {
	case KEY_CODE_YES:
		/* From before keys_init. */
		if (ch == KEY_RESIZE)
			*what = INPUT_RESIZED;
		else
			name_code((int)ch, name);
		return true;
	case OK:
		if (ch == 0x1b)
			return name_escape(name);
		name_char((wchar_t)ch, name);
		return true;
	}
	return false;
}

/*
 * Until there is something to read, a signal, or what tui_input may wait for. false in *there: the
 * terminal has gone. Whether it goes on waiting.
 */
static bool wait_for_input(const sigset_t *outside, int fd, int ms, bool *there)
{
	struct pollfd in[] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = fd, .events = POLLIN}};
	struct timespec most = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};

	int n = ppoll(in, 2, fd < 0 ? NULL : &most, outside);
	*there = n < 0 || !(in[0].revents & (POLLHUP | POLLERR | POLLNVAL));
	return n < 0 || in[0].revents;
}

enum input tui_input(char name[KEY_NAME_MAX], int fd, int ms)
{
	sigset_t held, outside;
	enum input what;
	bool there = true, more = true;

	sigemptyset(&held);
	sigaddset(&held, SIGINT);
	sigaddset(&held, SIGWINCH);
	sigprocmask(SIG_BLOCK, &held, &outside);
	timeout(0);
	for (;;) {
		if (restore_interrupted()) {
			strcpy(name, "C-c");
			what = INPUT_KEY;
			break;
		}
		if (has_resized()) {
			what = INPUT_RESIZED;
			break;
		}
		if (take(name, &what))
			break;
		what = there ? INPUT_NONE : INPUT_GONE;
		if (!there || !more)
			break;
		more = wait_for_input(&outside, fd, ms, &there);
	}
	sigprocmask(SIG_SETMASK, &outside, NULL);
	assert(what != INPUT_KEY || *name);
	return what;
}
