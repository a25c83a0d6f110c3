/* SPDX-License-Identifier: MIT */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../model/sim.h"
#include "export/export.h"
#include "export/jsonw.h"
#include "export_tests.h"
#include "model/text.h"
#include "model/xalloc.h"

/*
 * ---- is it JSON? Each takes what it names off the front and returns what follows; NULL:
 * it is not there. ----
 */

static const char *value(const char *p);

static const char *string(const char *p)
{
	if (*p++ != '"')
		return NULL;
	for (; *p != '"'; p++) {
		if ((unsigned char)*p < 0x20)
			return NULL;
		if (*p == '\\' && !strchr("\"\\u", *++p))
			return NULL;
	}
	return p + 1;
}

/* Members of an object or elements of an array, up to its end. */
static const char *list(const char *p, char end, bool keys)
{
	if (*p == end)
		return p + 1;
	for (;;) {
		if (keys && (!(p = string(p)) || *p++ != ':'))
			return NULL;
		if (!(p = value(p)))
			return NULL;
		if (*p == end)
			return p + 1;
		if (*p++ != ',')
			return NULL;
	}
}

static const char *value(const char *p)
{
	static const char *const words[] = {"null", "true", "false"};
	if (*p == '{')
		return list(p + 1, '}', true);
	if (*p == '[')
		return list(p + 1, ']', false);
	if (*p == '"')
		return string(p);
	for (int i = 0; i < 3; i++)
		if (!strncmp(p, words[i], strlen(words[i])))
			return p + strlen(words[i]);
	const char *digits = p + (*p == '-');
	for (p = digits; isdigit((unsigned char)*p);)
		p++;
	return p == digits ? NULL : p;
}

/* UTF-8, and nothing that steers whoever looks at it. */
static void assert_utf8(const char *text)
{
	uint32_t ch;
	for (size_t n = strlen(text), len; n; text += len, n -= len) {
		len = utf8_next(text, n, &ch);
		if (!len || (ch != '\n' && utf8_is_hidden(ch)))
			fail_msg("not to be in JSON: %.40s", text);
	}
}

/* Every line is one value, and nothing else; returns how many lines. */
static int assert_json_lines(const char *text)
{
	int n = 0;
	assert_utf8(text);
	for (const char *p = text; *p; n++) {
		const char *end = value(p);
		if (!end || *end != '\n')
			fail_msg("line %d is not JSON: %.200s", n + 1, p);
		p = end + 1;
	}
	return n;
}

void assert_one_json(const char *text)
{
	char *flat = xstrdup(text), *to = flat;
	assert_utf8(text);
	for (const char *p = text; *p; p++)
		if (*p != '\n')
			*to++ = *p;
	*to = '\0';
	const char *end = value(flat);
	if (!end || *end)
		fail_msg("not JSON: %.200s", end ? end : flat);
	free(flat);
}

/* ---- what is exported ---- */

static char *exported(const struct recording *r, bool words, int64_t only)
{
	char *text;
	size_t n;
	FILE *f = open_memstream(&text, &n);
	assert_true(export_json(r, &(struct export_more){.words = words}, only, f));
	fclose(f);
	return text;
}

bool holds(const char *text, const char *wanted)
{
	char *w = xstrdup(wanted);
	for (char *p = w; *p; p++)
		if (*p == '\'')
			*p = '"';
	bool found = strstr(text, w);
	free(w);
	return found;
}

struct sim *a_run(void)
{
	struct sim *s = sim_new("keep");
	sim_enter(s, 0, "schedule");
	sim_gogo(s, 0, 1);
	sim_enter(s, 0, "worker");
	sim_mcall(s, 0, "gosched_m");
	sim_status(s, 0, 1, GS_RUNNABLE, -1);
	return s;
}

static const char executed[] =
	"{'step':34,'m':0,'event':null,'pc':'0x4010b8','sym':'gosched_m+0x8',"
	"'file':'src/sim.c','line':12,'insn':'call',";

static const char m0[] =
	"'ms':[{'id':0,'pc':'0x4010b8','sym':'gosched_m+0x8','sp':'0x7f10000001d0',"
	"'fp':'0x7f10000001e0','on':'g0','curg':1,"
	"'g0':{'lo':'0x7f1000000000','hi':'0x7f1000000200'},"
	"'asleep':false,'exited':false,"
	"'verdict':'STALE','chain':["
	"{'fp':'0x7f10000001e0','ret':'0x40107f','sym':'mcall_keep+0xf',"
	"'stack':'M0.g0','link':'idle'},"
	"{'fp':'0x7f10000101a0','ret':'0x40105d','sym':'mcall+0xd','stack':'G1','link':'call'},"
	"{'fp':'0x7f10000101c0','ret':'0x40103d','sym':'worker+0xd','stack':'G1','link':'call'},"
	"{'fp':'0x7f10000101e0','ret':'0x401021','sym':'goexit_stub+0x1',"
	"'stack':'G1','link':'top'}],"
	"'truth':['gosched_m','mcall_keep']},";

static const char the_rest[] =
	"{'id':1,'pc':'0x401008','sym':'mstart+0x8','sp':'0x7f10000011f0','fp':'0x0','on':'g0',"
	"'curg':null,'g0':{'lo':'0x7f1000001000','hi':'0x7f1000001200'},"
	"'asleep':false,'exited':false,"
	"'verdict':'VALID','chain':[],'truth':['mstart']}],"
	"'gs':[{'id':1,'status':'runnable','m':null,'stack':'G1',"
	"'lo':'0x7f100000f600','hi':'0x7f1000010200'},"
	"{'id':2,'status':'runnable','m':null,'stack':'G2',"
	"'lo':'0x7f1000010600','hi':'0x7f1000011200'}],"
	"'runq':{'global':[],'p':[{'id':0,'runnext':null,'q':[]},{'id':1,'runnext':null,'q':[]}]},"
	"'wrote':[]}\n";

static void one_step(void **state)
{
	(void)state;
	struct sim *s = a_run();
	char *text = exported(s->r, false, recording_last(s->r));
	size_t n = strlen(executed), n0 = strlen(m0);
	assert_int_equal(strlen(text), n + n0 + strlen(the_rest));
	assert_true(holds(text, executed));
	assert_true(holds(text + n, m0));
	assert_true(holds(text + n + n0, the_rest));
	free(text);
	sim_free(s);
}

static void a_write(void **state)
{
	(void)state;
	struct sim *s = a_run();
	sim_call(s, 1, "schedule");
	char *text = exported(s->r, false, recording_last(s->r));
	assert_true(holds(text, "'wrote':[{'addr':'0x7f10000011e8','old':'0x0','new':'0x40100d',"
				"'stack':'M1.g0'}]"));
	free(text);
	sim_free(s);
}

/* Named on each step that it is there, and on no other. */
static void damage(void **state)
{
	(void)state;
	struct sim *s = a_run();
	s->k.s.ndamage = 2;
	strcpy(s->k.s.damage[0], "allgs[1] is G1 again");
	strcpy(s->k.s.damage[1], "allm is a cycle at M0");
	sim_status(s, 0, 1, GS_RUNNABLE, -1);
	char *text = exported(s->r, false, recording_last(s->r));
	assert_true(holds(text, "}]},'damage':['allgs[1] is G1 again','allm is a cycle at M0'],"
				"'wrote':"));
	free(text);
	text = exported(s->r, false, recording_last(s->r) - 1);
	assert_false(holds(text, "damage"));
	free(text);
	sim_free(s);
}

/* One at the next address. */
static void put_wait(struct snapmem *k, enum wait_kind kind, const uint64_t *number)
{
	int n = k->s.waits.n;
	snapmem_add_wait(k, n, kind, 0x100 + 0x100 * (uint64_t)n);
	memcpy(k->s.waits.object[n].number, number, sizeof k->s.waits.object[n].number);
}

/* Between the queues and what is damaged, and only where there are any. */
static void waits(void **state)
{
	(void)state;
	struct sim *s = a_run();
	put_wait(&s->k, WAIT_CHAN, (uint64_t[]){8, 3, 2, 1});
	snapmem_set_wait_list(&s->k, 0, CHAN_RECEIVERS, (uint64_t[]){1}, 1);
	snapmem_set_wait_list(&s->k, 0, CHAN_SENDERS, (uint64_t[]){2, 3}, 2);
	snapmem_set_wait_list(&s->k, 0, CHAN_ELEMENTS, (uint64_t[]){UINT64_MAX, 5}, 2);
	put_wait(&s->k, WAIT_CHAN, (uint64_t[]){16, 3, 2, 0});
	put_wait(&s->k, WAIT_MUTEX, (uint64_t[]){4, 1, 0, 0});
	snapmem_set_wait_list(&s->k, 2, MUTEX_WAITERS, (uint64_t[]){4}, 1);
	put_wait(&s->k, WAIT_RWMUTEX, (uint64_t[]){2, 0, 0, 0});
	snapmem_set_wait_list(&s->k, 3, RWMUTEX_WRITERS, (uint64_t[]){5}, 1);
	put_wait(&s->k, WAIT_WAITGROUP, (uint64_t[]){(uint64_t)-1, 0, 0, 0});
	snapmem_set_wait_list(&s->k, 4, WAITGROUP_WAITERS, (uint64_t[]){6}, 1);
	put_wait(&s->k, WAIT_TIMER, (uint64_t[]){1000, 7, 0x401000, 5});
	sim_status(s, 0, 1, GS_RUNNABLE, -1);
	char *text = exported(s->r, false, recording_last(s->r));
	assert_true(holds(text,
		"}]},'waits':[{'kind':'chan','addr':'0x100','elemsize':8,'cap':3,'len':2,"
		"'closed':true,'receivers':[1],'senders':[2,3],'elements':['0xffffffffffffffff',"
		"'0x5']},{'kind':'chan','addr':'0x200','elemsize':16,'cap':3,'len':2,"
		"'closed':false,'receivers':[],'senders':[],'elements':[]},"
		"{'kind':'mutex','addr':'0x300',"
		"'users':4,'released':1,'waiters':[4]},{'kind':'rwmutex','addr':'0x400',"
		"'reading':2,'writing':false,'readers':[],'writers':[5]},{'kind':'waitgroup',"
		"'addr':'0x500','n':-1,'waiters':[6]},{'kind':'timer','addr':'0x600','when':1000,"
		"'seq':7,'fn':'0x401000','arg':'0x5','wakes':[]}],'wrote':"));
	assert_int_equal(assert_json_lines(text), 1);
	free(text);
	text = exported(s->r, false, recording_last(s->r) - 1);
	assert_false(holds(text, "waits"));
	free(text);
	sim_free(s);
}

static void every_step(void **state)
{
	(void)state;
	struct sim *s = a_run();
	struct step st = {
		.m = 1,
		.pc = 7,
		.state = &s->k.s,
		.event = {.id = 2},
		.output = "one\n\0\"",
		.noutput = 6,
		.before = {(const struct turn[]){{TURN_SIGNAL, 1, 0}, {TURN_TIME, 0, 1500}}, 2},
	};
	recording_add(s->r, &st);
	st.before.n = 0;
	st.output = NULL;
	st.noutput = 0;
	recording_add(s->r, &st);
	recording_add_output(s->r, "two", 3);
	char *text = exported(s->r, true, -1);
	assert_int_equal(assert_json_lines(text), recording_last(s->r) + 1);
	assert_true(holds(text, "'wrote':[],'output':'one\\u000a\\u0000\\'','words':"));
	assert_true(holds(text, "'wrote':[],'output':'two','words':"));
	assert_true(holds(text, "'insn':null,'before':[{'signal':1},{'ns':1500}],'ms':"));
	assert_false(holds(text, "'before':[],"));
	int outputs = 0;
	for (const char *p = text; (p = strstr(p, "\"output\"")); p++)
		outputs++;
	assert_int_equal(outputs, 2);
	assert_true(
		holds(text, "{'step':0,'m':null,'event':null,'pc':null,'sym':null,'file':null,"));
	assert_true(
		holds(text, "'event':'casgstatus','pc':'0x7','sym':'0x7','file':null,'line':null"));
	free(text);
	text = exported(s->r, false, 1 << 20); /* the last there is */
	assert_int_equal(assert_json_lines(text), 1);
	free(text);
	sim_free(s);
}

static void add_output(struct sim *s, const char *text)
{
	struct step st = {.m = 1, .pc = 7, .state = &s->k.s, .event = {.id = -1}};
	st.output = text;
	st.noutput = strlen(text);
	recording_add(s->r, &st);
}

/*
 * One U+FFFD for a byte that is no text; a character that began in another step counts to the one
 * that ended it. Where the text does not say so, what the bytes were.
 */
static void output_of_any_bytes(void **state)
{
	(void)state;
	struct sim *s = a_run();
	add_output(s, "a\xc3(b\n");
	add_output(s, "\xe2");
	add_output(s, "\x82");
	add_output(s, "\xac\x1b\u202e\U000e0041\x7f");
	add_output(s, "日本");
	add_output(s, "\xe2\x82");
	char *text = exported(s->r, false, -1);
	assert_int_equal(assert_json_lines(text), recording_last(s->r) + 1);
	assert_true(holds(text, "'output':'a\\ufffd(b\\u000a','output_hex':'61c328620a'}"));
	assert_true(holds(text, "'output':'','output_hex':'e2'}"));
	assert_true(holds(text, "'output':'','output_hex':'82'}"));
	assert_true(holds(text, "'output':'€\\u001b\\u202e\\udb40\\udc41\\u007f',"
				"'output_hex':'ac1be280aef3a081817f'}"));
	assert_true(holds(text, "'output':'日本'}"));
	assert_true(holds(text, "'output':'\\ufffd\\ufffd','output_hex':'e282'}"));
	free(text);
	sim_free(s);
}

/* Names of any bytes and of any length. */
static void names_of_any_bytes(void **state)
{
	(void)state;
	char sym[700], want[800];
	struct sim *s = a_run();
	memset(sym, 'x', sizeof sym - 1);
	sym[sizeof sym - 1] = '\0';
	code_add(recording_code(s->r), &(struct code_line){.pc = 7,
					       .sym = sym,
					       .sym_lo = 2,
					       .file = "src/\xff\x1b.c",
					       .line = 3,
					       .text = "nop \xc3"});
	add_output(s, "");
	char *text = exported(s->r, false, recording_last(s->r));
	assert_int_equal(assert_json_lines(text), 1);
	snprintf(want, sizeof want,
		"'pc':'0x7','sym':'%s+0x5','file':'src/\\ufffd\\u001b.c','line':3,"
		"'insn':'nop \\ufffd'",
		sym);
	assert_true(holds(text, want));
	free(text);
	sim_free(s);
}

/* The words of a stack begin at SP, or at the lowest record that a chain leads to. */
static void words(void **state)
{
	(void)state;
	struct sim *s = a_run();
	char *text = exported(s->r, true, recording_last(s->r));
	assert_true(holds(text, "'words':{'M0.g0':{'lo':'0x7f10000001d0','hex':['0x0','0x0',"
				"'0x7f10000101a0','0x40107f','0x0','0x0']}"));
	assert_true(holds(text, "'G1':{'lo':'0x7f10000101a0','hex':['0x7f10000101c0','0x40105d',"));
	assert_true(holds(text, "'G2':{'lo':'0x7f1000011200','hex':[]}"));
	free(text);
	sim_free(s);
}

static void escapes(void **state)
{
	(void)state;
	char *text;
	size_t n;
	struct jsonw j = {.f = open_memstream(&text, &n)};
	json_open(&j, '{');
	json_key(&j, "a\"b");
	json_str(&j, "\\ \n\t\x01 é");
	json_key(&j, "n");
	json_int(&j, INT64_MIN);
	json_key(&j, "none");
	json_str(&j, NULL);
	json_close(&j, '}');
	fclose(j.f);
	assert_string_equal(text, "{\"a\\\"b\":\"\\\\ \\u000a\\u0009\\u0001 é\",\"n\":"
				  "-9223372036854775808,\"none\":null}");
	assert_non_null(value(text));
	free(text);
}

static void cannot_be_written(void **state)
{
	(void)state;
	struct sim *s = a_run();
	FILE *full = fopen("/dev/full", "w");
	if (!full)
		skip();
	assert_false(export_json(s->r, &(struct export_more){0}, -1, full));
	assert_int_equal(errno, ENOSPC);
	fclose(full);
	sim_free(s);
}

int test_json(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_step),
		cmocka_unit_test(a_write),
		cmocka_unit_test(damage),
		cmocka_unit_test(waits),
		cmocka_unit_test(every_step),
		cmocka_unit_test(output_of_any_bytes),
		cmocka_unit_test(names_of_any_bytes),
		cmocka_unit_test(words),
		cmocka_unit_test(escapes),
		cmocka_unit_test(cannot_be_written),
	};
	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
