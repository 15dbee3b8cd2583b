/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Augmentation of training clips. Each augmentation gives one augmented clip per source clip.
 * Augmented clips stay with their source clip in every fold and are never evaluated. */
#pragma once

#include "decode.h"

G_BEGIN_DECLS

typedef enum {
  TRAINING_AUGMENT_SPEED,  /* resampling factor, changes pitch and tempo together, 0.5..2 */
  TRAINING_AUGMENT_PITCH,  /* semitones at constant tempo, -12..12 */
  TRAINING_AUGMENT_TEMPO,  /* factor at constant pitch, 0.5..2 */
  TRAINING_AUGMENT_GAIN,   /* dB, -60..60 */
  TRAINING_AUGMENT_NOISE,  /* white noise at a signal-to-noise ratio in dB, -20..60 */
  TRAINING_AUGMENT_PINK,   /* the same with pink noise, -3 dB per octave */
  TRAINING_AUGMENT_BABBLE, /* the same with synthetic babble, see synthetic-babble.h */
  TRAINING_AUGMENT_BAND,   /* low-pass filter: kHz, 1..8 */
  TRAINING_AUGMENT_REVERB, /* reverberation time (RT60): s, 0.05..5 */
  /* A random acoustic scene: a room, white or pink noise, a narrow band, a level. The value only
   * distinguishes draws, 1..99. */
  TRAINING_AUGMENT_SCENE,
} TrainingAugmentationKind;

typedef struct {
  TrainingAugmentationKind kind;
  double value;
  double weight; /* weight of an augmented clip, above 0, up to 1; a source clip has 1 */
} TrainingAugmentation;

/* Parses "speed=0.89:1.12,noise=20:10@0.5": four augmentations, of which the last has the weight
 * 0.5. Returns an array of TrainingAugmentation; NULL with TRAINING_ERROR_DATA naming the error. */
GArray *training_augmentations_parse (const char *text, GError **error);

/* Whether all augmentations of `list` (TrainingAugmentation; NULL: none) are available. FALSE with
 * MEDIA_ERROR_DECODE naming the missing element. After gst_init(). */
gboolean training_augmentations_check (const GArray *list, GError **error);

/* The minimum and the maximum value of an augmentation. */
void training_augmentation_get_range (TrainingAugmentationKind kind, double *min, double *max);

/* Adds `noise`, one sample per frame, to all channels at a signal-to-noise ratio of `snr` dB over
 * the whole clip. */
void training_audio_add_noise (TrainingAudio *audio, const float *noise, double snr);

/* Replaces `audio` by the mono mix of its channels, resampled to `rate` (Hz). */
void training_audio_make_mono (TrainingAudio *audio, guint rate);

/* Adds `noise` of another sample rate, which is resampled; it is padded with zeros if shorter. */
void training_audio_add_mono (TrainingAudio *audio, TrainingAudio *noise, double snr);

/* "speed=0.89", without the weight; free with g_free(). */
char *training_augmentation_describe (const TrainingAugmentation *augmentation);

/* Augments `audio` in place. The result is determined by the audio, the augmentation and `seed`,
 * which seeds the noise. FALSE with MEDIA_ERROR_DECODE when a GStreamer element is missing or
 * fails. Any thread. */
gboolean training_augmentation_apply (const TrainingAugmentation *augmentation,
                                      TrainingAudio *audio, guint32 seed, GError **error);

G_END_DECLS
