/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The out-of-fold predictions of every clip as CSV (RFC 4180): each clip is predicted by a model
 * that was not fitted on it. */
#pragma once

#include "report.h"

G_BEGIN_DECLS

/* The columns are protocol, clip, speaker (empty if unknown), fold (from 1), truth, prediction and
 * score_LABEL, the calibrated probability of each label. There is one row per clip in the order of
 * the data, protocol by protocol. All figures of clips in the metrics can be recomputed from the
 * file. The file appears complete or not at all. FALSE with TRAINING_ERROR_OUTPUT. */
gboolean training_predictions_write (const TrainingResults *results, const char *path,
                                     GError **error);

G_END_DECLS
