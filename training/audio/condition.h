/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The conditions under which a model is evaluated: the recordings as they are, and altered in one
 * way at a time. */
#pragma once

#include "augmentation.h"

G_BEGIN_DECLS

typedef struct {
  char *name;                        /* "as recorded", "white noise, SNR 10 dB" */
  gboolean altered;                  /* by the effect */
  gboolean babble;                   /* by babble at an SNR of effect.value dB instead */
  TrainingAugmentation augmentation; /* its kind is not set with babble */
  double window;                     /* s; 0: the model's own */
} TrainingCondition;

/* What --snr, --bandwidth, --gain and --window list, as text; NULL: nothing. */
typedef struct {
  char *snr, *noise, *bandwidth, *gain, *window;
} TrainingSweep;

/* An array of TrainingCondition, the first of which is the recordings as they are. NULL with
 * G_OPTION_ERROR_BAD_VALUE naming option and range. */
GArray *training_conditions_new (const TrainingSweep *sweep, GError **error);

G_END_DECLS
