/* SPDX-License-Identifier: MIT */
#include "room.h"
#include "variable.h"

char *var_format(const struct types *ts, const struct variable *var, const struct var_frame *f,
	struct value v, char *buf, size_t n)
{
	struct var_location at = var_locate(var, f);
	struct room room = room_in(buf, n);
	uint8_t bytes[8];
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)(at.n >> 8 * i);
	switch (at.found) {
	case VAR_AT_NOWHERE: room_put(&room, "<optimized out>"); return buf;
	case VAR_AT_UNKNOWN: room_put(&room, "<unknown>"); return buf;
	case VAR_AT_ADDRESS:
		v.bytes = NULL;
		v.addr = at.n;
		break;
	case VAR_AT_REGISTER:
	case VAR_AS_VALUE:
		/* More than one register holds cannot be there. */
		if (types_size(ts, var->type) > sizeof bytes) {
			room_put(&room, "<unknown>");
			return buf;
		}
		v.bytes = bytes;
		v.n = sizeof bytes;
	}
	return type_format(ts, var->type, &v, buf, n);
}
