/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "activity.h"

#include <math.h>

#include "core/base/simd.h"
#include "core/base/statistics.h"

#define ACTIVE_FRACTION 0.03f /* of the 98th percentile of RMS */
#define ACTIVE_FLOOR 1e-5f    /* RMS, -100 dBFS */
/* The quietest tenth of the frames is taken as noise, and active frames must exceed it by this
 * factor. Speech without pauses has no such tenth, so the limit is at most a fraction of the
 * loudest frames. */
#define NOISE_QUANTILE 0.1
#define OVER_NOISE 4.f
#define MAX_NOISE 0.3f     /* of the 98th percentile of RMS */
#define SPEECH_FLOOR 1e-3f /* RMS, -60 dBFS: quieter frames are not counted as speech */
#define SPEECH_REACH 25    /* frames: speech is active within 250 ms of voicing */
#define MIN_ACTIVE 10      /* frames: with fewer the window is not cut */
#define LEVEL_FLOOR -120.0 /* dBFS */

/* The frames of a window. */
typedef struct {
  const float *first;
  gsize stride;
  guint n;
} Frames;

static const EmotionActivityFrame *
frame_at (const Frames *frames, guint i)
{
  return (const EmotionActivityFrame *)(frames->first + i * frames->stride);
}

void
emotion_activity_analyse (EmotionPitch *pitch, const float *context, EmotionActivityFrame *frame)
{
  const float *samples = context + EMOTION_ACTIVITY_MARGIN;
  const float mean = emotion_simd_sum (samples, EMOTION_ACTIVITY_SPAN) / EMOTION_ACTIVITY_SPAN;
  float centred[EMOTION_ACTIVITY_SPAN];
  for (guint i = 0; i < EMOTION_ACTIVITY_SPAN; i++)
    centred[i] = samples[i] - mean;
  const float energy = emotion_simd_product (centred, centred, EMOTION_ACTIVITY_SPAN);
  frame->rms = sqrtf (energy / EMOTION_ACTIVITY_SPAN);
  emotion_pitch_analyse (pitch, context, &frame->pitch);
}

EmotionActivityTracker *
emotion_activity_tracker_new (guint max_frames)
{
  EmotionActivityTracker *self = g_new0 (EmotionActivityTracker, 1);
  self->max_frames = max_frames;
  self->active = g_new (guint8, max_frames);
  self->voiced = g_new (guint8, max_frames);
  self->octaves = g_new (float, max_frames);
  self->strengths = g_new (float, max_frames);
  self->column = g_new (float, max_frames);
  self->sorted = g_new (float, max_frames);
  self->order = g_new (guint64, max_frames);
  self->scratch = g_new (guint64, max_frames);
  self->track_workspace = g_malloc (emotion_pitch_track_workspace (max_frames));
  return self;
}

void
emotion_activity_tracker_free (EmotionActivityTracker *self)
{
  if (!self)
    return;
  gpointer all[] = {self->active, self->voiced, self->octaves, self->strengths,       self->column,
                    self->sorted, self->order,  self->scratch, self->track_workspace, self};
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    g_free (all[i]);
}

/* The q-quantile of self->column; leaves the values sorted in self->sorted. */
static float
column_quantile (EmotionActivityTracker *self, guint n, double q)
{
  emotion_sort_order (self->column, n, self->order, self->scratch);
  for (guint i = 0; i < n; i++)
    self->sorted[i] = self->column[(guint32)self->order[i]];
  return emotion_quantile (self->sorted, n, q);
}

static void
track_pitch (EmotionActivityTracker *self, const Frames *frames)
{
  for (guint i = 0; i < frames->n; i++)
    self->column[i] = frame_at (frames, i)->pitch.rms;
  float loudest = column_quantile (self, frames->n, 0.99);
  emotion_pitch_track (&frame_at (frames, 0)->pitch.rms, frames->stride, frames->n, loudest,
                       self->track_workspace, self->octaves, self->strengths);
  for (guint i = 0; i < frames->n; i++)
    self->voiced[i] = self->octaves[i] > 0;
}

/* Voiced frames at the level of the noise belong to the noise: other people's voices. */
static void
find_active (EmotionActivityTracker *self, const Frames *frames)
{
  for (guint i = 0; i < frames->n; i++)
    self->column[i] = frame_at (frames, i)->rms;
  const float loud = column_quantile (self, frames->n, 0.98);
  const float quiet = emotion_quantile (self->sorted, frames->n, NOISE_QUANTILE);
  const float noise = MIN (quiet * OVER_NOISE, loud * MAX_NOISE);
  const float threshold = MAX (MAX (loud * ACTIVE_FRACTION, ACTIVE_FLOOR), noise);
  self->n_active = 0;
  for (guint i = 0; i < frames->n; i++) {
    self->active[i] = self->column[i] > threshold;
    self->n_active += self->active[i];
    if (self->column[i] > noise)
      continue;
    self->voiced[i] = FALSE;
    self->octaves[i] = self->strengths[i] = 0;
  }
}

void
emotion_activity_track (EmotionActivityTracker *self, const float *frames, gsize stride, guint n,
                        EmotionActivity *activity)
{
  const Frames all = {frames, stride, n};
  double energy = 0;
  guint speech = 0;
  gint64 last_voiced = -SPEECH_REACH - 1, next_voiced = -1;
  g_assert (n >= 1 && n <= self->max_frames);
  track_pitch (self, &all);
  find_active (self, &all);
  const float *rms = self->column;
  for (guint i = 0; i < n; i++) {
    energy += (double)rms[i] * rms[i];
    if (self->voiced[i] && rms[i] > SPEECH_FLOOR)
      last_voiced = i;
    if (next_voiced < i)
      for (next_voiced = i; next_voiced < n; next_voiced++)
        if (self->voiced[next_voiced] && rms[next_voiced] > SPEECH_FLOOR)
          break;
    gboolean near =
        i - last_voiced <= SPEECH_REACH || (next_voiced < n && next_voiced - i <= SPEECH_REACH);
    speech += near && self->active[i] && rms[i] > SPEECH_FLOOR;
  }
  activity->n_frames = n;
  activity->n_speech = speech;
  activity->level = energy > 0 ? MAX (10 * log10 (energy / n), LEVEL_FLOOR) : LEVEL_FLOOR;
}

void
emotion_activity_cut (const EmotionActivityTracker *self, guint n, guint *first, guint *length)
{
  *first = 0;
  *length = n;
  if (self->n_active < MIN_ACTIVE)
    return;
  guint last = n - 1;
  while (!self->active[*first])
    (*first)++;
  while (!self->active[last])
    last--;
  *length = last + 1 - *first;
}
