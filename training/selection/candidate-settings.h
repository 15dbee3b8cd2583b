/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The settings of a candidate by name, for reports. */
#pragma once

#include <json-glib/json-glib.h>

#include "candidate.h"

G_BEGIN_DECLS

/* {"shrinkage": 0.3, "limit": 2.0}: only the settings of its kind. */
JsonObject *training_candidate_settings_to_json (const TrainingCandidate *candidate);

/* The same with the kind first: {"classifier": "lda", ...}. */
JsonObject *training_candidate_to_json (const TrainingCandidate *candidate);

G_END_DECLS
