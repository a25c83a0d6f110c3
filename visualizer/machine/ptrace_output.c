/* SPDX-License-Identifier: MIT */
/* What the stepped process writes to its standard output and error, a pipe that ends here. */
#include <stddef.h>
#include <unistd.h>

#include "ptrace_parts.h"
#include "model/xalloc.h"

void process_drain(struct machine *m)
{
	for (;;) {
		m->output = xgrow(m->output, &m->output_cap, m->noutput + 4096, 1);
		ssize_t n = read(process_of(m)->output_fd, m->output + m->noutput,
			m->output_cap - m->noutput);
		if (n <= 0)
			return;
		m->noutput += (size_t)n;
	}
}
