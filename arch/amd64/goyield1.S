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
	mov	$goyield_m, %edi	/* fn */
	jmp	*mcall_policy(%rip)
END(goyield1)
