/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Feature vectors as CSV (RFC 4180, C locale): one row per window, with the columns file, start and
 * duration in seconds, then the features by name. */
#pragma once

#include "feature-set.h"

G_BEGIN_DECLS

/* Appends `text` as a field, quoted if necessary. */
void emotion_feature_csv_put_text (GString *line, const char *text);

/* Append the header line, and the line of one window. */
void emotion_feature_csv_put_header (GString *line, const EmotionFeatureSet *set);
void emotion_feature_csv_put_row (GString *line, const EmotionFeatureSet *set, const char *file,
                                  double start, double duration, const float *vector);

G_END_DECLS
