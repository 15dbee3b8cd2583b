/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Log-mel spectrograms of one size for networks: the series mel_db of descriptors-1, which is 128
 * mel bands from 0 to 8 kHz (core/dsp/slaney-mel.h) of frames of 128 ms each 32 ms (core/dsp/stft.h), no
 * lower than 80 dB below the greatest of the file. */
#pragma once

#include "core/dsp/slaney-mel.h"
#include "decode.h"

G_BEGIN_DECLS

#define TRAINING_LOG_MEL_FEATURES "descriptors-1" /* the set that has it */
#define TRAINING_LOG_MEL_BANDS EMOTION_SLANEY_BANDS
#define TRAINING_LOG_MEL_WIDTH 143 /* frames by default, 4.6 s */

typedef struct _TrainingLogMel TrainingLogMel;

/* For a file of that rate, channels and positions of channels (see TrainingAudio). NULL with
 * EMOTION_ERROR_INVALID when the rate or the channels are out of their ranges. Its memory does not depend on
 * the file's length. */
TrainingLogMel *training_log_mel_new (const TrainingAudio *format, guint width, GError **error);
void training_log_mel_free (TrainingLogMel *self); /* NULL is fine */

/* The next block of the file. */
void training_log_mel_add (TrainingLogMel *self, const TrainingAudio *block);

/* The file has ended. Fills `array`, bands x width, row by row, the lowest band first: 1 is the greatest
 * level of the file, 0 is 80 dB or more below, or silence, and each of the first `width` frames has a
 * column; behind the last there are zeros. */
void training_log_mel_finish (TrainingLogMel *self, float *array);

G_END_DECLS
