/* SPDX-License-Identifier: MIT */
#ifndef SESSION_PAGE_H
#define SESSION_PAGE_H

/* What fills the screen. */
enum page { PAGE_MAIN, PAGE_HELP, PAGE_OUTPUT };

#endif
