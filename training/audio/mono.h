/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file as pictures want it: one channel, mixed as core does it (core/dsp/mix.h), in memory that does not
 * depend on its length. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  char *file;
  guint64 n; /* samples, > 0 */
  guint rate, channels;
  double seconds;
  float peak;  /* the greatest size of a sample */
  float *held; /* all samples of a short file; else NULL, and it is decoded again each time */
} TrainingMono;

/* Whether a file or URI can be read more than once: FALSE for "-", pipes and devices. */
gboolean training_mono_is_lasting (const char *file);

/* Decodes the file once, to know its length and peak. FALSE with an error as of training_decode_blocks(),
 * or with TRAINING_ERROR_LENGTH for a standard input or pipe of hours, which cannot be read twice. */
gboolean training_mono_open (TrainingMono *self, const char *file, GError **error);
void training_mono_clear (TrainingMono *self);

/* Gets the samples in order, some at a time. */
typedef void (*TrainingMonoFunc) (const float *samples, gsize n, gpointer data);

/* Gives all samples. FALSE with an error as of training_decode_blocks(), or with MEDIA_ERROR_DECODE when
 * the file is not as long as it was. */
gboolean training_mono_read (const TrainingMono *self, TrainingMonoFunc func, gpointer data,
                             GError **error);

G_END_DECLS
