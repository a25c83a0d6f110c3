/* SPDX-License-Identifier: MIT */
#include "insn.h"

#include <assert.h>
#include <stdio.h>

#include "isa.h"
#include "model/xalloc.h"

struct decoder {
	csh cs;
	cs_insn *insn;
	const struct isa *isa;
};

struct decoder *decoder_new(const struct isa *isa)
{
	struct decoder *d = xcalloc(1, sizeof *d);
	d->isa = isa;
	if (cs_open(isa->arch, isa->mode, &d->cs) != CS_ERR_OK) {
		free(d);
		return NULL;
	}
	cs_option(d->cs, CS_OPT_SYNTAX, isa->syntax);
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
	const uint8_t *rest = bytes;
	size_t left = nbytes;
	if (!cs_disasm_iter(d->cs, &rest, &left, &at, d->insn))
		return;
	out->len = d->insn->size;
	out->opaque = false;
	out->flow = flow_of(d);
	d->isa->describe(d->cs, d->insn, out);
	if (d->isa->describe_ahead)
		d->isa->describe_ahead(pc, bytes, nbytes, out);
	assert(out->nmem <= INSN_NMEM_MAX);
	snprintf(text, ntext, "%s %s", d->insn->mnemonic, d->insn->op_str);
}
