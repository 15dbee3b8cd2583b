/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Altered copies of training clips. Each effect with each of its values makes one copy of every clip;
 * copies stay with their clip in every fold, and are never evaluated. */
#pragma once

#include "decode.h"

G_BEGIN_DECLS

typedef enum {
  TRAINING_AUGMENT_SPEED,  /* faster or slower, pitch and tempo together: factor, 0.5..2 */
  TRAINING_AUGMENT_PITCH,  /* semitones, -12..12, at the same tempo */
  TRAINING_AUGMENT_TEMPO,  /* factor, 0.5..2, at the same pitch */
  TRAINING_AUGMENT_GAIN,   /* dB, -60..60 */
  TRAINING_AUGMENT_NOISE,  /* white noise at a signal-to-noise ratio in dB, -20..60 */
  TRAINING_AUGMENT_PINK,   /* the same with pink noise, 3 dB less an octave */
  TRAINING_AUGMENT_BABBLE, /* the same with several made voices, see made-babble.h */
  TRAINING_AUGMENT_BAND,   /* low-pass: kHz, 1..8 */
  TRAINING_AUGMENT_REVERB, /* a room's decay by 60 dB (RT60): s, 0.05..5 */
  TRAINING_AUGMENT_SCENE, /* what else is where people speak, drawn by chance: a room, white or pink noise,
                           * a narrow band, a level. A number to tell several draws apart, 1..99 */
} TrainingAugmentationKind;

typedef struct {
  TrainingAugmentationKind kind;
  double value;
  double weight; /* above 0, up to 1: how much a copy counts beside its clip, which counts 1 */
} TrainingAugmentation;

/* Reads "speed=0.89:1.12,noise=20:10@0.5": four copies, of which the last counts half. An array of
 * TrainingAugmentation; NULL with TRAINING_ERROR_DATA naming what is wrong. */
GArray *training_augmentations_parse (const char *text, GError **error);

/* Whether all of `list` (TrainingAugmentation; NULL: none) can be made here; MEDIA_ERROR_DECODE with
 * what is missing otherwise. After gst_init(). */
gboolean training_augmentations_check (const GArray *list, GError **error);

/* The least and the greatest value that an effect may have. */
void training_augmentation_get_range (TrainingAugmentationKind kind, double *min, double *max);

/* Adds `noise`, a number a frame, to all channels so that the signal's power is `snr` dB above it, both
 * over the whole. */
void training_audio_add_noise (TrainingAudio *audio, const float *noise, double snr);

/* Makes the mix of the channels, resampled to `rate` (Hz), of `audio`. */
void training_audio_make_mono (TrainingAudio *audio, guint rate);

/* The same with `noise` of another rate, which is resampled; zeros follow where it is shorter. */
void training_audio_add_mono (TrainingAudio *audio, TrainingAudio *noise, double snr);

/* "speed=0.89", without the weight; free with g_free(). */
char *training_augmentation_describe (const TrainingAugmentation *augmentation);

/* Alters `audio`. `seed` makes the noise: the same seed, audio and effect give the same samples.
 * FALSE with MEDIA_ERROR_DECODE when an element of GStreamer is missing or fails. Any thread. */
gboolean training_augmentation_apply (const TrainingAugmentation *augmentation,
                                      TrainingAudio *audio, guint32 seed, GError **error);

G_END_DECLS
