/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The settings of a candidate by name, for people and for programs. */
#pragma once

#include <json-glib/json-glib.h>

#include "candidate.h"

G_BEGIN_DECLS

/* {"shrinkage": 0.3, "limit": 2.0}: only the settings that its kind has. */
JsonObject *training_candidate_settings_to_json (const TrainingCandidate *candidate);

/* The same with the kind before them: {"classifier": "lda", ...}. */
JsonObject *training_candidate_to_json (const TrainingCandidate *candidate);

G_END_DECLS
