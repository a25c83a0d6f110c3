/* SPDX-License-Identifier: MIT */
#ifndef EXPORT_JSON_VARS_H
#define EXPORT_JSON_VARS_H

#include "jsonw.h"
#include "model/moment.h"
#include "model/walk.h"

/* "vars": of each of the truth's frames a list, as the manual page has it. */
void json_put_vars(struct jsonw *j, const struct moment *at, const struct m_state *m,
	const struct truth *truth);

#endif
