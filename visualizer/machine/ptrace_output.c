/* SPDX-License-Identifier: MIT */
/* What the stepped process writes to its standard output and error, a pipe that ends here. */
#include <stddef.h>
#include <unistd.h>

#include "ptrace_parts.h"
#include "model/xalloc.h"

void process_drain(struct process *p)
{
	for (;;) {
		p->output = xgrow(p->output, &p->output_cap, p->noutput + 4096, 1);
		ssize_t n = read(p->output_fd, p->output + p->noutput, p->output_cap - p->noutput);
		if (n <= 0)
			return;
		p->noutput += (size_t)n;
	}
}

void process_forget_output(struct process *p)
{
	p->noutput = 0;
}
