/* SPDX-License-Identifier: MIT */
/* The emulator as g0scope uses it: a guest that does what it is asked to, over wire.h. */
#ifndef EMULATOR_SERVE_H
#define EMULATOR_SERVE_H

/* Until the other end of the socket is closed. The exit status. */
int serve(int socket, int memory, const char *path, char *const *argv, char *const *envp);

#endif
