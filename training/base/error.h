/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The errors of the trainer and its programs. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define TRAINING_ERROR (training_error_quark ())

typedef enum {
  TRAINING_ERROR_METADATA, /* a metadata file cannot be used */
  TRAINING_ERROR_DATA,     /* the data do not allow the requested operation */
  TRAINING_ERROR_OUTPUT,   /* results cannot be written */
  TRAINING_ERROR_LENGTH,   /* a file is too long to be kept in memory */
} TrainingError;

GQuark training_error_quark (void);

G_END_DECLS
