/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names, vector and matrices of "descriptors-1". Its frame stage computes the activity only. */
#include "descriptors-1.h"

#include <math.h>

#include "core/base/audio.h"
#include "descriptors-1-frames.h"

#define LEVEL_FLOOR -120.0 /* dBFS */

typedef struct {
  Descriptors1Frames *frames;
  EmotionPitch *pitch;
  EmotionActivityTracker *tracker;
} Descriptors1;

/* The features in order: each group has `count` series with `n_statistics` each. */
static const struct {
  const char *name;
  guint count; /* 0: one series, whose name has no number */
  guint n_statistics;
  const char *unit;
} groups[] = {
    {"duration", 0, 0, "s"},
    {"rms", 0, 4, "1"},
    {"zero_crossing_rate", 0, 4, "1/sample"},
    {"spectral_centroid", 0, 4, "Hz"},
    {"spectral_bandwidth", 0, 4, "Hz"},
    {"spectral_rolloff", 0, 4, "Hz"},
    {"spectral_flatness", 0, 4, "1"},
    {"spectral_contrast", EMOTION_CONTRAST_BANDS, 2, "dB"},
    {"tonnetz", EMOTION_TONNETZ, 2, "1"},
    {"harmonic_energy_mean", 0, 0, "1"},
    {"percussive_energy_mean", 0, 0, "1"},
    {"harmonic_to_percussive_ratio", 0, 0, "1"},
    {"chroma_stft", EMOTION_CHROMA, 2, "1"},
    {"chroma_cqt", EMOTION_CHROMA, 2, "1"},
    {"chroma_cens", EMOTION_CHROMA, 2, "1"},
    {"mfcc", DESCRIPTORS_1_CEPSTRA, 2, "dB"},
    {"mfcc_delta", DESCRIPTORS_1_CEPSTRA, 2, "dB/frame"},
    {"mfcc_delta2", DESCRIPTORS_1_CEPSTRA, 2, "dB/frame^2"},
    {"pitch", 0, 4, "Hz"},
    {"tempo", 0, 0, "1/min"},
};

static const char *const statistics[] = {"mean", "std", "min", "max"};

static void
describe (guint index, GString *name, const char **unit)
{
  for (guint g = 0; g < G_N_ELEMENTS (groups); g++) {
    guint each = MAX (groups[g].n_statistics, 1), size = MAX (groups[g].count, 1) * each;
    if (index >= size) {
      index -= size;
      continue;
    }
    g_string_append (name, groups[g].name);
    if (groups[g].count)
      g_string_append_printf (name, "_%u", index / each + 1);
    if (groups[g].n_statistics)
      g_string_append_printf (name, "_%s", statistics[index % each]);
    *unit = groups[g].unit;
    return;
  }
}

static gpointer
create (guint max_rows)
{
  Descriptors1 *self = g_new0 (Descriptors1, 1);
  self->frames = emotion_descriptors_1_frames_new ((gsize)max_rows * EMOTION_ACTIVITY_HOP);
  self->pitch = emotion_pitch_new ();
  self->tracker = emotion_activity_tracker_new (max_rows);
  return self;
}

static void
destroy (gpointer state)
{
  Descriptors1 *self = state;
  emotion_descriptors_1_frames_free (self->frames);
  emotion_pitch_free (self->pitch);
  emotion_activity_tracker_free (self->tracker);
  g_free (self);
}

/* Frames are independent of each other. */
static void
reset (gpointer state)
{
  (void)state;
}

static void
analyse_frame (gpointer state, const float *context, float *row)
{
  Descriptors1 *self = state;
  emotion_activity_analyse (self->pitch, context, (EmotionActivityFrame *)row);
}

static gboolean
get_matrix (gpointer state, guint index, EmotionMatrix *matrix)
{
  const Descriptors1 *self = state;
  const Descriptors1Frames *f = self->frames;
  const guint n = f->n_frames;
  const EmotionMatrix all[] = {
      {"rms", f->rms, 1, n, 0, 1},
      {"zero_crossing_rate", f->zero_crossing_rate, 1, n, 0, 1},
      {"spectral_centroid", f->centroid, 1, n, 0, 1},
      {"spectral_bandwidth", f->bandwidth, 1, n, 0, 1},
      {"spectral_rolloff", f->rolloff, 1, n, 0, 1},
      {"spectral_flatness", f->flatness, 1, n, 0, 1},
      {"spectral_contrast", f->contrast[0], EMOTION_CONTRAST_BANDS, n,
       (gsize)(f->contrast[1] - f->contrast[0]), 1},
      {"tonnetz", f->tonnetz, EMOTION_TONNETZ, n, 1, EMOTION_TONNETZ},
      {"tonnetz_chroma", f->chroma_harmonic, EMOTION_CHROMA, n, 1, EMOTION_CHROMA},
      {"tonnetz_chroma_tuning", &f->harmonic_tuning, 1, 1, 0, 0},
      {"hpss_energies", f->energies, 1, G_N_ELEMENTS (f->energies), 0, 1},
      {"chroma_stft", f->chroma_stft, EMOTION_CHROMA, n, 1, EMOTION_CHROMA},
      {"chroma_stft_tuning", &f->stft_tuning, 1, 1, 0, 0},
      {"chroma_cqt", f->chroma_cqt, EMOTION_CHROMA, n, 1, EMOTION_CHROMA},
      {"chroma_cqt_tuning", &f->cqt_tuning, 1, 1, 0, 0},
      {"chroma_cens", f->chroma_cens, EMOTION_CHROMA, n, 1, EMOTION_CHROMA},
      {"mfcc", f->cepstra, DESCRIPTORS_1_CEPSTRA, n, 1, DESCRIPTORS_1_CEPSTRA},
      {"mfcc_delta", f->delta, DESCRIPTORS_1_CEPSTRA, n, 1, DESCRIPTORS_1_CEPSTRA},
      {"mfcc_delta2", f->delta2, DESCRIPTORS_1_CEPSTRA, n, 1, DESCRIPTORS_1_CEPSTRA},
      {"mel_db", f->levels, EMOTION_SLANEY_BANDS, n, 1, EMOTION_SLANEY_BANDS},
      {"pitch_values", f->pitches, 1, f->n_pitches, 0, 1},
      {"onset_env", f->onsets, 1, n, 0, 1},
      {"tempo", &f->tempo, 1, 1, 0, 0},
  };
  if (index >= G_N_ELEMENTS (all))
    return FALSE;
  *matrix = all[index];
  return TRUE;
}

/* Mean, population deviation, minimum and maximum of n values `step` apart; 0 if n is 0. */
static void
reduce (const float *x, guint n, gsize step, double out[4])
{
  double sum = 0, squares = 0;
  for (guint i = 0; i < 4; i++)
    out[i] = 0;
  if (n == 0)
    return;
  out[2] = out[3] = x[0];
  for (guint i = 0; i < n; i++) {
    sum += x[i * step];
    out[2] = MIN (out[2], x[i * step]);
    out[3] = MAX (out[3], x[i * step]);
  }
  out[0] = sum / n;
  for (guint i = 0; i < n; i++)
    squares += (x[i * step] - out[0]) * (x[i * step] - out[0]);
  out[1] = sqrt (squares / n);
}

static float *
write_series (const float *x, guint n, gsize step, guint n_statistics, float *out)
{
  double all[4];
  reduce (x, n, step, all);
  for (guint i = 0; i < n_statistics; i++)
    out[i] = (float)all[i];
  return out + n_statistics;
}

/* Statistics of the `n_bands` series in rows of `n_bands` numbers. */
static float *
write_bands (const float *x, guint n, guint n_bands, float *out)
{
  for (guint b = 0; b < n_bands; b++)
    out = write_series (x + b, n, n_bands, 2, out);
  return out;
}

static void
write_vector (const Descriptors1Frames *f, float *out)
{
  const float *const four[] = {
      f->rms, f->zero_crossing_rate, f->centroid, f->bandwidth, f->rolloff, f->flatness};
  const guint n = f->n_frames;
  float *const first = out;
  *out++ = (float)((double)f->n_samples / EMOTION_SAMPLE_RATE);
  for (guint i = 0; i < G_N_ELEMENTS (four); i++)
    out = write_series (four[i], n, 1, 4, out);
  for (guint b = 0; b < EMOTION_CONTRAST_BANDS; b++)
    out = write_series (f->contrast[b], n, 1, 2, out);
  out = write_bands (f->tonnetz, n, EMOTION_TONNETZ, out);
  for (guint i = 0; i < G_N_ELEMENTS (f->energies); i++)
    *out++ = f->energies[i];
  out = write_bands (f->chroma_stft, n, EMOTION_CHROMA, out);
  out = write_bands (f->chroma_cqt, n, EMOTION_CHROMA, out);
  out = write_bands (f->chroma_cens, n, EMOTION_CHROMA, out);
  out = write_bands (f->cepstra, n, DESCRIPTORS_1_CEPSTRA, out);
  out = write_bands (f->delta, n, DESCRIPTORS_1_CEPSTRA, out);
  out = write_bands (f->delta2, n, DESCRIPTORS_1_CEPSTRA, out);
  out = write_series (f->pitches, f->n_pitches, 1, 4, out);
  *out++ = f->tempo;
  g_assert (out == first + DESCRIPTORS_1_N_FEATURES);
}

static void
measure_activity (Descriptors1 *self, const EmotionSegment *segment, EmotionActivity *activity)
{
  if (segment->n_rows > 0) {
    emotion_activity_track (self->tracker, segment->rows,
                            sizeof (EmotionActivityFrame) / sizeof (float), segment->n_rows,
                            activity);
    return;
  }
  /* Shorter than a frame: reported as one frame without speech. */
  double energy = 0;
  for (gsize i = 0; i < segment->n_samples; i++)
    energy += (double)segment->samples[i] * segment->samples[i];
  energy /= (double)segment->n_samples;
  activity->n_frames = 1;
  activity->n_speech = 0;
  activity->level = energy > 0 ? MAX (10 * log10 (energy), LEVEL_FLOOR) : LEVEL_FLOOR;
}

static void
analyse_window (gpointer state, const EmotionSegment *segment, float *vector,
                EmotionActivity *activity)
{
  Descriptors1 *self = state;
  emotion_descriptors_1_frames_compute (self->frames, segment->samples, segment->n_samples);
  write_vector (self->frames, vector);
  measure_activity (self, segment, activity);
}

const EmotionFeatureSet emotion_descriptors_1 = {
    .name = "descriptors-1",
    .n_features = DESCRIPTORS_1_N_FEATURES,
    .row_length = sizeof (EmotionActivityFrame) / sizeof (float),
    .hop = EMOTION_ACTIVITY_HOP,
    .span = EMOTION_ACTIVITY_SPAN,
    .before = EMOTION_ACTIVITY_MARGIN,
    .after = EMOTION_ACTIVITY_MARGIN,
    .describe = describe,
    .create = create,
    .destroy = destroy,
    .reset = reset,
    .analyse_frame = analyse_frame,
    .analyse_window = analyse_window,
    .needs_samples = TRUE,
    .get_matrix = get_matrix,
};
