/* SPDX-License-Identifier: MIT */
/*
 * void lose_scratch(void)
 *
 * x0 … x17 come back with nothing in them that anybody had.
 */
#include "asm.h"

FUNC(lose_scratch)
.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17
	mov	x\n, #0x5c5c
.endr
	ret
END(lose_scratch)
