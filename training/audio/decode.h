/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Decodes one audio file with GStreamer at its own rate and channel count.
 *
 * The samples equal the input of the element for the same file: interleaved float, clipped to the
 * segment, neither mixed nor resampled (core does both). Any thread; gst_init() first. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct {
  float *samples; /* n_frames x channels, interleaved; free with training_audio_clear() */
  gsize n_frames;
  guint rate; /* Hz */
  guint channels;
  guint64 positions; /* of the channels, as for emotion_mix_init(); 0: none */
} TrainingAudio;

/* Receives the blocks of a file in order; `block` is valid during the call. Returning FALSE with an
 * error ends the decoding; the path is prefixed to the error. Called in another thread than the one
 * that waits for the end of the file. */
typedef gboolean (*TrainingBlockFunc) (const TrainingAudio *block, gpointer data, GError **error);

/* Decodes in the memory of one block, whatever the file's length. FALSE with a MEDIA_ERROR and
 * a message that names the path and, for a missing decoder, its description and Debian package;
 * with MEDIA_ERROR_STOPPED; or with the error of `func`. A file without samples is an error. `func`
 * may have received blocks before an error: discard them unless the result is TRUE. */
gboolean training_decode_blocks (const char *path, TrainingBlockFunc func, gpointer data,
                                 GError **error);

/* Maximum size of samples in memory, in bytes: 4.6 hours of one channel at 16 kHz, 46 minutes of
 * two channels at 48 kHz. */
#define TRAINING_MAX_HELD ((gsize)1 << 30)

/* Decodes the whole file. FALSE as above, and with TRAINING_ERROR_LENGTH for more than
 * TRAINING_MAX_HELD. */
gboolean training_decode (const char *path, TrainingAudio *audio, GError **error);

/* The same with a maximum length in minutes. */
gboolean training_decode_minutes (const char *path, guint minutes, TrainingAudio *audio,
                                  GError **error);
void training_audio_clear (TrainingAudio *audio);

/* Updates the SHA-256 of a file's rate, channels, positions (with more than two channels) and
 * samples, block by block in order. A NULL `*checksum` is created. */
void training_audio_hash_add (GChecksum **checksum, const TrainingAudio *block);

/* The same of a whole clip, in hex. */
void training_audio_hash (const TrainingAudio *audio, char hash[65]);

G_END_DECLS
