/* SPDX-License-Identifier: MIT */
/*
 * What programs do that a stepper may stumble over. The first argument says what; each is a
 * function of that name. What they print is the same natively and stepped.
 */
#include <string.h>

#include "g0.h"
#include "instructions.h"

/* ---- addresses ---- */

/* Instructions that only name an address, at both ends of them all. */
static void nowhere(void)
{
	for (long at = -16; at < 16; at++)
		name_address(at);
	g0_puts("went on\n");
}

void go_main(void)
{
	static const struct {
		const char *name;
		void (*fn)(void);
	} todo[] = {{"nowhere", nowhere}};
	for (size_t i = 0; i < sizeof todo / sizeof *todo; i++)
		if (g0_argc > 1 && strcmp(g0_argv[1], todo[i].name) == 0)
			todo[i].fn();
}
