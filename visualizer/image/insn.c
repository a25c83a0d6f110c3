/* SPDX-License-Identifier: MIT */
#include "insn.h"

#include <stdio.h>

#include "machine_code.h"
#include "model/xalloc.h"

struct decoder {
	csh cs;
	cs_insn *insn;
	const struct arch_desc *arch;
};

struct decoder *decoder_new(void)
{
	struct decoder *d = xcalloc(1, sizeof *d);
	d->arch = arch_by_name(MACHINE_NAME);
	if (cs_open((cs_arch)MACHINE_CS_ARCH, (cs_mode)MACHINE_CS_MODE, &d->cs) != CS_ERR_OK) {
		free(d);
		return NULL;
	}
	cs_option(d->cs, CS_OPT_SYNTAX, MACHINE_CS_SYNTAX);
	cs_option(d->cs, CS_OPT_DETAIL, CS_OPT_ON);
	d->insn = cs_malloc(d->cs);
	return d;
}

void decoder_free(struct decoder *d)
{
	if (!d)
		return;
	cs_free(d->insn, 1);
	cs_close(&d->cs);
	free(d);
}

static enum insn_flow flow_of(struct decoder *d)
{
	if (machine_is_syscall(d->insn))
		return FLOW_SYSCALL;
	if (cs_insn_group(d->cs, d->insn, CS_GRP_CALL))
		return FLOW_CALL;
	if (cs_insn_group(d->cs, d->insn, CS_GRP_RET) || cs_insn_group(d->cs, d->insn, CS_GRP_IRET))
		return FLOW_RET;
	return cs_insn_group(d->cs, d->insn, CS_GRP_JUMP) ? FLOW_JUMP : FLOW_ON;
}

void decode(struct decoder *d, uint64_t pc, const uint8_t *bytes, size_t nbytes, struct insn *out,
	char *text, size_t ntext)
{
	*out = (struct insn){.pc = pc, .opaque = true, .pops_flags = -1};
	snprintf(text, ntext, "(not an instruction)");
	uint64_t at = pc;
	if (!cs_disasm_iter(d->cs, &bytes, &nbytes, &at, d->insn))
		return;
	out->len = d->insn->size;
	out->opaque = false;
	out->flow = flow_of(d);
	machine_operands(d->cs, d->arch, d->insn, out);
	out->pushes = machine_pushes(d->insn);
	out->pushes_flags = machine_pushes_flags(d->insn);
	out->saves_flags = machine_saves_flags(d->insn);
	out->pops_flags = machine_pops_flags(d->insn);
	if (out->flow == FLOW_CALL || out->flow == FLOW_JUMP)
		out->target = machine_target(d->insn);
	snprintf(text, ntext, "%s %s", d->insn->mnemonic, d->insn->op_str);
}
