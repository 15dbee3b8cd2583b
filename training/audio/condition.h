/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Test conditions of an evaluation: the recordings as they are, and altered in one way at a
 * time. */
#pragma once

#include "augmentation.h"

G_BEGIN_DECLS

typedef struct {
  char *name;                        /* "as recorded", "white noise, SNR 10 dB" */
  gboolean altered;                  /* by the augmentation */
  gboolean babble;                   /* by babble at an SNR of augmentation.value dB instead */
  TrainingAugmentation augmentation; /* its kind is unset with babble */
  double window;                     /* s; 0: the model's window */
} TrainingCondition;

/* The values of --snr, --noise, --bandwidth, --gain and --window as text; NULL: not given. */
typedef struct {
  char *snr, *noise, *bandwidth, *gain, *window;
} TrainingSweep;

/* Returns an array of TrainingCondition; the first is the recordings as they are. NULL with
 * G_OPTION_ERROR_BAD_VALUE naming option and range. */
GArray *training_conditions_new (const TrainingSweep *sweep, GError **error);

G_END_DECLS
