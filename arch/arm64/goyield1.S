/* SPDX-License-Identifier: MIT */
/*
 * void goyield1(void)
 *
 * goyield for who has kept what it needs itself (G0_CALL in g0_arch.h), as Go's callers of mcall have: straight to the
 * policy, which has gogo come back to our caller. We have no frame, as there is nothing to come back to here for.
 * Clobbers: everything.
 */
#include "asm.h"

FUNC(goyield1)
	adrp	x0, goyield_m		/* fn */
	add	x0, x0, #:lo12:goyield_m
	adrp	x1, mcall_policy
	ldr	x1, [x1, #:lo12:mcall_policy]
	br	x1
END(goyield1)
