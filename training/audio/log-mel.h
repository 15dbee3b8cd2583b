/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Log-mel spectrograms of fixed size for neural networks: the series mel_db of descriptors-1. It
 * has 128 mel bands from 0 to 8 kHz (core/dsp/slaney-mel.h) of 128 ms frames every 32 ms
 * (core/dsp/stft.h), limited to 80 dB below the file's maximum. */
#pragma once

#include "core/dsp/slaney-mel.h"
#include "decode.h"

G_BEGIN_DECLS

#define TRAINING_LOG_MEL_FEATURES "descriptors-1" /* the feature set with the series */
#define TRAINING_LOG_MEL_BANDS EMOTION_SLANEY_BANDS
#define TRAINING_LOG_MEL_WIDTH 143 /* frames by default, 4.6 s */

typedef struct _TrainingLogMel TrainingLogMel;

/* Starts a file with that rate, channels and channel positions (see TrainingAudio). NULL with
 * EMOTION_ERROR_INVALID when the rate or the channels are out of range. Memory does not depend on
 * the file's length. */
TrainingLogMel *training_log_mel_new (const TrainingAudio *format, guint width, GError **error);
void training_log_mel_free (TrainingLogMel *self); /* NULL is fine */

/* Adds the next block of the file. */
void training_log_mel_add (TrainingLogMel *self, const TrainingAudio *block);

/* Ends the file and fills `array`, bands x width, row by row, the lowest band first. 1 is the
 * maximum level of the file; 0 is 80 dB or more below it, or silence. Each of the first `width`
 * frames has a column; missing columns are zero. */
void training_log_mel_finish (TrainingLogMel *self, float *array);

G_END_DECLS
