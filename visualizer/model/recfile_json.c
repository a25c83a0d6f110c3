/* SPDX-License-Identifier: MIT */
/* The parts of a recording file that are JSON: what it is, and what its run is of. */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recfile_parts.h"
#include "text.h"

static void put_json(struct bytes *out, json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT | JSON_PRESERVE_ORDER);
	put_raw(out, text, strlen(text));
	free(text);
	json_decref(json);
}

void put_header_json(struct bytes *out)
{
	put_json(out, json_pack("{s:s, s:i, s:i}", "format", RECFILE_FORMAT, "version",
			      RECFILE_VERSION, "minor", RECFILE_MINOR));
}

enum header get_header_json(const void *p, size_t n, char *version, size_t nversion)
{
	const char *format = "";
	int major = 0, minor = 0;
	json_t *json = json_loadb(p, n, 0, NULL);
	json_unpack(json, "{s:s, s:i, s?i}", "format", &format, "version", &major, "minor", &minor);
	enum header is = strcmp(format, RECFILE_FORMAT) != 0 || major < 1 ? HEADER_NONE
			 : major == RECFILE_VERSION                       ? HEADER_OURS
									  : HEADER_LATER;
	snprintf(version, nversion, "%d.%d", major, minor);
	json_decref(json);
	return is;
}

/* ---- a run ---- */

/* Text from outside may hold what is none of JSON's. */
static json_t *json_of(const char *text)
{
	char *shown = text_shown(text, strlen(text));
	json_t *json = json_string(shown);
	free(shown);
	return json ? json : json_string("?");
}

static json_t *names(const char *const *name, int n)
{
	json_t *list = json_array();
	for (int i = 0; i < n; i++)
		json_array_append_new(list, json_string(name[i]));
	return list;
}

/* JSON's numbers are no place for 64 bits. */
static json_t *hex(uint64_t v)
{
	char text[24];
	snprintf(text, sizeof text, "0x%" PRIx64, v);
	return json_string(text);
}

static json_t *args_of(const struct recording_info *i)
{
	json_t *list = json_array();
	const char *arg = i->args;
	for (int n = 0; n < i->nargs; n++, arg += strlen(arg) + 1)
		json_array_append_new(list, json_of(arg));
	return list;
}

void put_run_json(struct bytes *out, const struct recording *r)
{
	const struct recording_info *i = &r->info;
	put_json(out, json_pack("{s:o*, s:o, s:o, s:s, s:s, s:s, s:i, s:o, s:o, s:o, s:o}", "after",
			      i->after ? json_integer(i->after) : NULL, "program",
			      json_of(i->program), "args", args_of(i), "arch", r->arch->name,
			      "machine", i->emulated ? "emulated" : "real", "policy", i->policy,
			      "procs", i->procs, "seed", hex(i->seed), "build", hex(i->build),
			      "registers", names(r->arch->regs, r->arch->nregs), "events",
			      names(event_names, EVENT_COUNT)));
}

/* A string that fits; false: there is none, or it does not. */
static bool get_string(const json_t *json, const char *key, char *to, size_t n)
{
	const char *text = json_string_value(json_object_get(json, key));
	if (!text || strlen(text) >= n)
		return false;
	memcpy(to, text, strlen(text) + 1);
	return true;
}

static void get_args(const json_t *list, struct recording_info *i)
{
	size_t used = 0;
	for (size_t k = 0; k < json_array_size(list); k++, i->nargs++) {
		const char *arg = json_string_value(json_array_get(list, k));
		size_t n = arg ? strlen(arg) + 1 : 0;
		if (!n || n > sizeof i->args - used)
			return;
		memcpy(i->args + used, arg, n);
		used += n;
	}
}

static uint64_t get_hex(const json_t *json, const char *key)
{
	const char *text = json_string_value(json_object_get(json, key));
	return text ? strtoull(text, NULL, 16) : 0;
}

/* Which registers the file has at which place must be what we have there. */
static bool same_registers(const json_t *list, const struct arch_desc *arch)
{
	if (json_array_size(list) != (size_t)arch->nregs)
		return false;
	for (int i = 0; i < arch->nregs; i++) {
		const char *name = json_string_value(json_array_get(list, (size_t)i));
		if (!name || strcmp(name, arch->regs[i]) != 0)
			return false;
	}
	return true;
}

static struct event_map map_events(const json_t *list)
{
	struct event_map map = {0};
	const int room = sizeof map.to / sizeof map.to[0];
	for (; map.n < room && (size_t)map.n < json_array_size(list); map.n++) {
		const char *name = json_string_value(json_array_get(list, (size_t)map.n));
		map.to[map.n] = (int16_t)(name ? event_by_name(name) : -1);
	}
	return map;
}

static bool get_run(const json_t *json, struct recording *r)
{
	struct recording_info *i = &r->info;
	char machine[16];
	if (!get_string(json, "program", i->program, sizeof i->program) ||
		!get_string(json, "policy", i->policy, sizeof i->policy) ||
		!get_string(json, "arch", i->arch, sizeof i->arch) ||
		!get_string(json, "machine", machine, sizeof machine))
		return false;
	json_int_t procs = json_integer_value(json_object_get(json, "procs"));
	i->procs = procs > 0 && procs <= SNAP_MS_MAX ? (int)procs : 0;
	get_args(json_object_get(json, "args"), i);
	i->seed = get_hex(json, "seed");
	i->build = get_hex(json, "build");
	i->emulated = strcmp(machine, "emulated") == 0;
	json_int_t after = json_integer_value(json_object_get(json, "after"));
	i->after = after > 0 ? after : 0;
	r->events = map_events(json_object_get(json, "events"));
	r->arch = arch_by_name(i->arch);
	return r->arch && same_registers(json_object_get(json, "registers"), r->arch);
}

bool get_run_json(const void *p, size_t n, struct recording *r)
{
	json_t *json = json_loadb(p, n, 0, NULL);
	bool ok = json && get_run(json, r);
	json_decref(json);
	return ok;
}
