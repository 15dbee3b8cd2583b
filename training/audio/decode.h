/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Decodes one audio file with GStreamer at its own rate and channel count.
 *
 * The samples are what the element would be given for the same file: interleaved float, clipped to
 * the segment, neither mixed nor resampled (both are core's). Any thread; gst_init() first. */
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

/* Gets one block of a file after the other; `block` is valid during the call. FALSE with an error, which
 * has the path put in front, ends the decoding. Not in the thread that waits for the file's end. */
typedef gboolean (*TrainingBlockFunc) (const TrainingAudio *block, gpointer data, GError **error);

/* Decodes in the memory of a block, whatever the file's length. FALSE with MEDIA_ERROR_DECODE and a
 * message that names the path and, for a missing decoder, its description and the Debian package that
 * has it; MEDIA_ERROR_STOPPED; or the error of `func`. A file with no samples at all is an error.
 * `func` may have got blocks before an error: nothing of a file counts before TRUE. */
gboolean training_decode_blocks (const char *path, TrainingBlockFunc func, gpointer data,
                                 GError **error);

/* The most samples that are held at once, in bytes: 4.6 hours of one channel at 16 kHz, 46 minutes of
 * two at 48 kHz. */
#define TRAINING_MAX_HELD ((gsize)1 << 30)

/* The whole file. FALSE as above, and with TRAINING_ERROR_LENGTH for more than TRAINING_MAX_HELD. */
gboolean training_decode (const char *path, TrainingAudio *audio, GError **error);

/* The same of a file of up to so many minutes. */
gboolean training_decode_minutes (const char *path, guint minutes, TrainingAudio *audio,
                                  GError **error);
void training_audio_clear (TrainingAudio *audio);

/* SHA-256 of a file's rate and channels, of more than two with their positions, and of its samples, which
 * are added block by block, in order; a NULL `*checksum` is made anew. */
void training_audio_hash_add (GChecksum **checksum, const TrainingAudio *block);

/* The same of all at once, in hex. */
void training_audio_hash (const TrainingAudio *audio, char hash[65]);

G_END_DECLS
