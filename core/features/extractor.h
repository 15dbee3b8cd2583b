/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* EmotionExtractor: samples of one stream in, one feature vector per window out.
 *
 * Input is interleaved float at the stream's own rate; the channels are mixed (core/dsp/mix.h), the mix is
 * resampled to 16 kHz with the filter's delay removed. Samples that are not finite, or beyond 1e6, count
 * as 0.
 *
 * Window k covers [k * interval, k * interval + window), counted from the stream's first sample.
 * Before the first full window a `partial` one that starts at 0 comes at each multiple of the
 * interval that is at least min_window and less than the window. emotion_extractor_finish() adds a
 * last one anchored to the stream's end, as long as the window if the stream is, unless a full
 * window ended there already.
 *
 * One thread at a time. Only emotion_extractor_new() and _free() allocate; push, pull, finish and
 * reset neither allocate, lock nor print. The vectors do not depend on how the samples are cut into
 * pushes. */
#pragma once

#include "core/base/audio.h"
#include "core/dsp/mix.h"
#include "feature-set.h"

G_BEGIN_DECLS

#define EMOTION_MIN_WINDOW (100 * G_GUINT64_CONSTANT (1000000))   /* ns */
#define EMOTION_MAX_WINDOW (60 * G_GUINT64_CONSTANT (1000000000)) /* ns */
#define EMOTION_MIN_INTERVAL (10 * G_GUINT64_CONSTANT (1000000))  /* ns */

/* Where windows lie, in ns of stream time. */
typedef struct {
  guint64 window;     /* EMOTION_MIN_WINDOW .. EMOTION_MAX_WINDOW */
  guint64 interval;   /* EMOTION_MIN_INTERVAL .. window */
  guint64 min_window; /* shortest early partial window, up to EMOTION_MAX_WINDOW; >= window: none */
} EmotionWindowing;

typedef struct {
  guint64 start;    /* in frames (samples per channel) of the input, from the stream's first */
  guint64 length;   /* in frames of the input */
  gboolean early;   /* partial, before the first full window */
  gboolean partial; /* shorter than the window: early, or the whole of a short stream */
  EmotionActivity activity;
  const float *vector; /* set->n_features numbers, valid until the next call */
} EmotionWindow;

typedef struct _EmotionExtractor EmotionExtractor;

/* Checks that `windowing` lies in the ranges above; EMOTION_ERROR_INVALID otherwise. */
gboolean emotion_windowing_check (const EmotionWindowing *windowing, GError **error);

/* Checks that audio of that rate (Hz) and that many channels can be taken; EMOTION_ERROR_INVALID
 * otherwise. */
gboolean emotion_extractor_check (guint rate, guint channels, GError **error);

/* A new extractor, or NULL with EMOTION_ERROR_INVALID naming the value out of range. */
EmotionExtractor *emotion_extractor_new (const EmotionFeatureSet *set, guint rate, guint channels,
                                         const EmotionWindowing *windowing, GError **error);
/* The same with one window: the whole stream, of up to `max_frames` frames, whatever its length. */
EmotionExtractor *emotion_extractor_new_clip (const EmotionFeatureSet *set, guint rate,
                                              guint channels, guint64 max_frames, GError **error);
void emotion_extractor_free (EmotionExtractor *self); /* NULL is fine */

/* Where the channels are, as for emotion_mix_init(), from the next sample on; a new extractor's have no
 * positions. */
void emotion_extractor_set_positions (EmotionExtractor *self, guint64 positions);

/* Takes up to `n_frames` interleaved frames and returns how many it took: fewer when a window got
 * ready, and none while one waits to be pulled or after finish. */
gsize emotion_extractor_push (EmotionExtractor *self, const float *frames, gsize n_frames);

/* The next ready window; FALSE when there is none. Pull until FALSE after each push and after
 * finish. */
gboolean emotion_extractor_pull (EmotionExtractor *self, EmotionWindow *window);

/* The set's matrix `index` behind the window pulled last, see EmotionFeatureSet.get_matrix. */
gboolean emotion_extractor_get_matrix (const EmotionExtractor *self, guint index,
                                       EmotionMatrix *matrix);

/* The stream has ended: makes ready what is left. Pull until FALSE, then reset before pushing
 * again. */
void emotion_extractor_finish (EmotionExtractor *self);

/* Forgets all samples: the next one pushed is the first of a new stream. */
void emotion_extractor_reset (EmotionExtractor *self);

/* Frames pushed since the last reset. */
guint64 emotion_extractor_get_position (const EmotionExtractor *self);

/* Input samples since the last reset that counted as 0. */
guint64 emotion_extractor_get_bad_samples (const EmotionExtractor *self);

G_END_DECLS
