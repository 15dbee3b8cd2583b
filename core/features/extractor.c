/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "extractor.h"

#include <math.h>
#include <string.h>

#include "core/base/audio.h"
#include "core/dsp/mix.h"
#include "core/dsp/resampler.h"
#include "core/emotion.h"

#define BLOCK 512 /* input frames per step */

typedef enum {
  STAGE_EARLY, /* partial windows before the first full one */
  STAGE_FULL,
  STAGE_DONE,
} Stage;

struct _EmotionExtractor {
  const EmotionFeatureSet *set;
  gpointer analysis; /* the set's state */
  EmotionResampler *resampler;
  guint rate;
  EmotionMix mix;
  EmotionWindowing windowing;

  guint64 n_in;     /* input frames consumed */
  guint64 n_out;    /* samples at the analysis rate */
  guint64 n_frames; /* rows computed */
  guint64 bad_samples;
  gboolean ended;

  /* The samples at the analysis rate that the next frames need, from `first_sample` on. */
  float *samples;
  gsize n_samples;
  gint64 first_sample;

  /* The last `capacity` rows. Each is stored twice, `capacity` apart, so that any run is
   * contiguous. */
  float *rows;
  guint capacity;

  /* For sets that need samples: the last `history_capacity` samples, stored twice likewise. */
  float *history;
  gsize history_capacity;

  Stage stage;
  guint64 step;     /* windows of this stage so far */
  guint64 full_end; /* input frame where the last full window ended, 0 for none */
  float *vector;

  float mono[BLOCK];
};

static double
seconds (guint64 ns)
{
  return (double)ns / 1e9;
}

gboolean
emotion_windowing_check (const EmotionWindowing *windowing, GError **error)
{
  if (windowing->window < EMOTION_MIN_WINDOW || windowing->window > EMOTION_MAX_WINDOW)
    g_set_error (error, EMOTION_ERROR, EMOTION_ERROR_INVALID,
                 "a window of %.3f s is out of range: use %.1f to %.0f s",
                 seconds (windowing->window), seconds (EMOTION_MIN_WINDOW),
                 seconds (EMOTION_MAX_WINDOW));
  else if (windowing->interval < EMOTION_MIN_INTERVAL || windowing->interval > windowing->window)
    g_set_error (error, EMOTION_ERROR, EMOTION_ERROR_INVALID,
                 "an interval of %.3f s is out of range: use %.2f s to the window's %.3f s",
                 seconds (windowing->interval), seconds (EMOTION_MIN_INTERVAL),
                 seconds (windowing->window));
  else if (windowing->min_window > EMOTION_MAX_WINDOW)
    g_set_error (error, EMOTION_ERROR, EMOTION_ERROR_INVALID,
                 "a minimum window of %.3f s is out of range: use 0 to %.0f s, or the window "
                 "length for no partial windows",
                 seconds (windowing->min_window), seconds (EMOTION_MAX_WINDOW));
  else
    return TRUE;
  return FALSE;
}

gboolean
emotion_extractor_check (guint rate, guint channels, GError **error)
{
  if (rate < EMOTION_MIN_RATE || rate > EMOTION_MAX_RATE)
    g_set_error (error, EMOTION_ERROR, EMOTION_ERROR_INVALID,
                 "a sample rate of %u Hz is out of range: resample to %d to %d Hz", rate,
                 EMOTION_MIN_RATE, EMOTION_MAX_RATE);
  else if (channels < 1 || channels > EMOTION_MAX_CHANNELS)
    g_set_error (error, EMOTION_ERROR, EMOTION_ERROR_INVALID,
                 "%u channels are out of range: use 1 to %d", channels, EMOTION_MAX_CHANNELS);
  else
    return TRUE;
  return FALSE;
}

static EmotionExtractor *
create (const EmotionFeatureSet *set, guint rate, guint channels, const EmotionWindowing *windowing)
{
  EmotionExtractor *self = g_new0 (EmotionExtractor, 1);
  self->set = set;
  self->rate = rate;
  emotion_mix_init (&self->mix, channels, 0);
  self->windowing = *windowing;
  self->resampler = emotion_resampler_new (rate);

  gsize block_out = MAX (emotion_resampler_get_max_output (self->resampler, BLOCK),
                         emotion_resampler_get_max_output (self->resampler, 0));
  guint window = (guint)(windowing->window * EMOTION_SAMPLE_RATE / 1000000000) + 2;
  guint max_rows = window / set->hop + 1;
  /* While a window is ready, the rest of its block and the end of the stream may still be added. */
  self->capacity = max_rows + 2 * (guint)(block_out / set->hop + 2);
  self->rows = g_new0 (float, 2 * (gsize)self->capacity * set->row_length);
  self->samples = g_new0 (float, set->before + set->span + set->after + set->hop + 2 * block_out);
  if (set->needs_samples) {
    self->history_capacity = window + 2 * block_out;
    self->history = g_new (float, 2 * self->history_capacity);
  }
  self->vector = g_new0 (float, set->n_features);
  self->analysis = set->create (max_rows);
  emotion_extractor_reset (self);
  return self;
}

EmotionExtractor *
emotion_extractor_new (const EmotionFeatureSet *set, guint rate, guint channels,
                       const EmotionWindowing *windowing, GError **error)
{
  if (!emotion_extractor_check (rate, channels, error) ||
      !emotion_windowing_check (windowing, error))
    return NULL;
  return create (set, rate, channels, windowing);
}

EmotionExtractor *
emotion_extractor_new_clip (const EmotionFeatureSet *set, guint rate, guint channels,
                            guint64 max_frames, GError **error)
{
  if (!emotion_extractor_check (rate, channels, error))
    return NULL;
  /* A window longer than the stream, so that the last window is the whole stream. */
  guint64 length = (max_frames / rate + 1) * 1000000000 + max_frames % rate * 1000000000 / rate;
  return create (set, rate, channels, &(EmotionWindowing){length, length, length});
}

void
emotion_extractor_set_positions (EmotionExtractor *self, guint64 positions)
{
  emotion_mix_init (&self->mix, self->mix.channels, positions);
}

void
emotion_extractor_free (EmotionExtractor *self)
{
  if (!self)
    return;
  self->set->destroy (self->analysis);
  emotion_resampler_free (self->resampler);
  g_free (self->rows);
  g_free (self->samples);
  g_free (self->history);
  g_free (self->vector);
  g_free (self);
}

void
emotion_extractor_reset (EmotionExtractor *self)
{
  emotion_resampler_reset (self->resampler);
  self->set->reset (self->analysis);
  self->n_in = self->n_out = self->n_frames = self->bad_samples = 0;
  self->ended = FALSE;
  /* The context of frame 0 starts before the stream. */
  self->first_sample = -(gint64)self->set->before;
  self->n_samples = self->set->before;
  memset (self->samples, 0, self->set->before * sizeof (float));
  self->stage = STAGE_EARLY;
  self->step = 0;
  self->full_end = 0;
}

static void
analyse_frames (EmotionExtractor *self)
{
  const EmotionFeatureSet *set = self->set;
  const gsize context = set->before + set->span + set->after;
  gsize at = 0;
  /* After the end the samples are zeros, but a frame must lie inside the stream. */
  while (at + context <= self->n_samples &&
         (!self->ended || self->n_frames * set->hop + set->span <= self->n_out)) {
    float *row = self->rows + self->n_frames % self->capacity * set->row_length;
    set->analyse_frame (self->analysis, self->samples + at, row);
    memcpy (row + (gsize)self->capacity * set->row_length, row, set->row_length * sizeof (float));
    self->n_frames++;
    at += set->hop;
  }
  memmove (self->samples, self->samples + at, (self->n_samples - at) * sizeof (float));
  self->n_samples -= at;
  self->first_sample += (gint64)at;
}

/* Adds `made` samples, which the resampler has written behind the others. */
static void
append_samples (EmotionExtractor *self, gsize made)
{
  const float *from = self->samples + self->n_samples;
  self->n_samples += made;
  for (gsize done = 0; self->history && done < made;) {
    gsize at = (self->n_out + done) % self->history_capacity;
    gsize n = MIN (made - done, self->history_capacity - at);
    memcpy (self->history + at, from + done, n * sizeof (float));
    memcpy (self->history + self->history_capacity + at, from + done, n * sizeof (float));
    done += n;
  }
  self->n_out += made;
}

/* Whether there are enough samples, or the end of the stream, for a window that ends at `end`. */
static gboolean
is_covered (const EmotionExtractor *self, guint64 end)
{
  if (end > self->n_in)
    return FALSE;
  guint64 end_out = emotion_resampler_scale (self->rate, end);
  return self->n_out >= end_out && self->n_frames * self->set->hop + self->set->span > end_out;
}

static guint64
to_input (const EmotionExtractor *self, guint64 ns)
{
  /* Split to avoid overflow. */
  const guint64 second = 1000000000;
  return ns / second * self->rate + (ns % second * self->rate + second / 2) / second;
}

/* Sets `window` to the next scheduled window. Moves from the early to the full windows. */
static void
next_window (EmotionExtractor *self, EmotionWindow *window)
{
  const EmotionWindowing *w = &self->windowing;
  *window = (EmotionWindow){0};
  if (self->stage == STAGE_EARLY) {
    guint64 end = (self->step + 1) * w->interval;
    while (end < w->min_window)
      end = (++self->step + 1) * w->interval;
    if (end < w->window) {
      window->length = to_input (self, end);
      window->early = window->partial = TRUE;
      return;
    }
    self->stage = STAGE_FULL;
    self->step = 0;
  }
  window->start = to_input (self, self->step * w->interval);
  window->length = to_input (self, self->step * w->interval + w->window) - window->start;
}

static gboolean
is_ready (EmotionExtractor *self)
{
  EmotionWindow window;
  if (self->stage > STAGE_FULL)
    return FALSE;
  next_window (self, &window);
  return is_covered (self, window.start + window.length);
}

gsize
emotion_extractor_push (EmotionExtractor *self, const float *frames, gsize n_frames)
{
  gsize taken = 0;
  while (taken < n_frames && !self->ended && !is_ready (self)) {
    guint n = (guint)MIN (n_frames - taken, BLOCK);
    self->bad_samples +=
        emotion_mix_apply (&self->mix, frames + taken * self->mix.channels, n, self->mono);
    gsize made =
        emotion_resampler_process (self->resampler, self->mono, n, self->samples + self->n_samples);
    append_samples (self, made);
    self->n_in += n;
    taken += n;
    analyse_frames (self);
  }
  return taken;
}

void
emotion_extractor_finish (EmotionExtractor *self)
{
  if (self->ended)
    return;
  append_samples (self, emotion_resampler_drain (self->resampler, self->samples + self->n_samples));
  self->ended = TRUE;
  memset (self->samples + self->n_samples, 0, self->set->after * sizeof (float));
  self->n_samples += self->set->after;
  analyse_frames (self);
}

/* Computes the vector of the window; FALSE if the window has too few samples. */
static gboolean
compute (EmotionExtractor *self, EmotionWindow *window)
{
  const EmotionFeatureSet *set = self->set;
  EmotionSegment segment = {0};
  guint64 start = emotion_resampler_scale (self->rate, window->start);
  guint64 end = emotion_resampler_scale (self->rate, window->start + window->length);
  guint64 first = (start + set->hop - 1) / set->hop;
  if (end >= first * set->hop + set->span) {
    guint64 last = (end - set->span) / set->hop;
    g_assert (last < self->n_frames && self->n_frames - first <= self->capacity);
    segment.rows = self->rows + first % self->capacity * set->row_length;
    segment.n_rows = (guint)(last - first + 1);
  }
  if (set->needs_samples) {
    g_assert (end <= self->n_out && self->n_out - start <= self->history_capacity);
    segment.samples = self->history + start % self->history_capacity;
    segment.n_samples = (gsize)(end - start);
  }
  if (segment.n_rows == 0 && segment.n_samples == 0)
    return FALSE;
  set->analyse_window (self->analysis, &segment, self->vector, &window->activity);
  for (guint i = 0; i < set->n_features; i++)
    if (G_UNLIKELY (!isfinite (self->vector[i])))
      self->vector[i] = 0;
  window->vector = self->vector;
  return TRUE;
}

/* The last window, which ends at the end of the stream, unless a full window ended there. */
static gboolean
pull_last (EmotionExtractor *self, EmotionWindow *window)
{
  self->stage = STAGE_DONE;
  guint64 full = to_input (self, self->windowing.window);
  *window = (EmotionWindow){0};
  window->length = MIN (self->n_in, full);
  window->start = self->n_in - window->length;
  window->partial = window->length < full;
  return self->n_in > self->full_end && compute (self, window);
}

gboolean
emotion_extractor_pull (EmotionExtractor *self, EmotionWindow *window)
{
  if (self->stage == STAGE_DONE)
    return FALSE;
  while (is_ready (self)) {
    next_window (self, window);
    self->step++;
    if (!window->early)
      self->full_end = window->start + window->length;
    if (compute (self, window)) /* an early window may be too short for a frame */
      return TRUE;
  }
  return self->ended && pull_last (self, window);
}

gboolean
emotion_extractor_get_matrix (const EmotionExtractor *self, guint index, EmotionMatrix *matrix)
{
  return self->set->get_matrix && self->set->get_matrix (self->analysis, index, matrix);
}

guint64
emotion_extractor_get_position (const EmotionExtractor *self)
{
  return self->n_in;
}

guint64
emotion_extractor_get_bad_samples (const EmotionExtractor *self)
{
  return self->bad_samples;
}
