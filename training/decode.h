/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Decodes one audio file with GStreamer at its own rate and channel count.
 *
 * The samples are what the element would be given for the same file: interleaved float, clipped to
 * the segment, neither mixed nor resampled (both are core's). Any thread; gst_init() first. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

#define TRAINING_ERROR (training_error_quark ())

typedef enum {
  TRAINING_ERROR_DECODE,   /* a file cannot be read or has no audio */
  TRAINING_ERROR_METADATA, /* a metadata file cannot be used */
  TRAINING_ERROR_DATA,     /* the data do not allow what was asked for */
  TRAINING_ERROR_OUTPUT,   /* results cannot be written */
  TRAINING_ERROR_STOPPED,  /* a signal asked to stop (see stop.h) */
} TrainingError;

GQuark training_error_quark (void);

typedef struct {
  float *samples; /* n_frames x channels, interleaved; free with training_audio_clear() */
  gsize n_frames;
  guint rate; /* Hz */
  guint channels;
  guint64 positions; /* of the channels, as for emotion_mix_init(); 0: none */
} TrainingAudio;

/* FALSE with TRAINING_ERROR_DECODE and a message that names the path and, for a missing decoder,
 * its description and the Debian package that has it. A file with no samples at all is an error. */
gboolean training_decode (const char *path, TrainingAudio *audio, GError **error);
void training_audio_clear (TrainingAudio *audio);

/* SHA-256 in hex of the samples, rate and channels, of more than two with their positions. */
void training_audio_hash (const TrainingAudio *audio, char hash[65]);

G_END_DECLS
