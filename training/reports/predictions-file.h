/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The out-of-fold predictions of every clip as CSV (RFC 4180): what each model said of clips that it was not
 * fitted on. */
#pragma once

#include "report.h"

G_BEGIN_DECLS

/* The columns protocol, clip, speaker (empty where it is not known), fold (from 1), truth, prediction and
 * score_LABEL, the calibrated probability of each label. A row a clip in the order of the data, protocol by
 * protocol; all figures of clips in the metrics can be computed from it. The file appears whole or not at all.
 * FALSE with TRAINING_ERROR_OUTPUT. */
gboolean training_predictions_write (const TrainingResults *results, const char *path,
                                     GError **error);

G_END_DECLS
