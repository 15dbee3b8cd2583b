/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads a file as mono for plots. Channels are mixed as in core (core/dsp/mix.h); memory does not
 * depend on the file's length. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  char *file;
  guint64 n; /* samples, > 0 */
  guint rate, channels;
  double seconds;
  float peak; /* the maximum magnitude of a sample */
  /* All samples of a short file; otherwise NULL, and each read decodes the file again. */
  float *held;
} TrainingMono;

/* Whether a file or URI can be read more than once: FALSE for "-", pipes and devices. */
gboolean training_mono_is_lasting (const char *file);

/* Decodes the file once to find its length and peak. FALSE with the errors of
 * training_decode_blocks(), or with TRAINING_ERROR_LENGTH for a standard input or pipe of several
 * hours, which cannot be read twice. */
gboolean training_mono_open (TrainingMono *self, const char *file, GError **error);
void training_mono_clear (TrainingMono *self);

/* Receives the samples in order, in pieces. */
typedef void (*TrainingMonoFunc) (const float *samples, gsize n, gpointer data);

/* Passes on all samples. FALSE with the errors of training_decode_blocks(), or with
 * MEDIA_ERROR_DECODE when the length of the file has changed. */
gboolean training_mono_read (const TrainingMono *self, TrainingMonoFunc func, gpointer data,
                             GError **error);

G_END_DECLS
