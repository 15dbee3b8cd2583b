/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The window stage of "speech-1". */
#include <math.h>
#include <string.h>

#include "core/base/statistics.h"
#include "speech-1.h"

#define MIN_SELECTED 6                    /* frames: with fewer, the whole cut is used instead */
#define SEMITONE_ORIGIN 4.78135971352466f /* log2 of 27.5 Hz */
#define UNVOICED_OCTAVE 7.f               /* log2 of 128 Hz, used as F0 if no frame is voiced */

static const char *const functionals[SPEECH_1_FULL] = {
    "mean", "sd",      "p05", "p25",   "p50",      "p75",
    "p95",  "range90", "iqr", "slope", "skewness", "kurtosis",
};

static const struct {
  const char *name, *unit;
} rhythm[SPEECH_1_RHYTHM] = {
    {"f0_voiced_fraction", "1"},  {"active_fraction", "1"},   {"voiced_runs", "1/frame"},
    {"voiced_run_mean", "frame"}, {"voiced_run_sd", "frame"}, {"voiced_run_max", "frame"},
    {"cut_frames", "frame"},      {"active_frames", "frame"},
};

struct _Speech1Functionals {
  guint max_rows;
  EmotionActivityTracker *tracker;
  float *column, *delta, *sorted, *selected, *runs; /* max_rows each */
  guint64 *order, *scratch;
};

/* The cut: the part of the window for which the functionals are computed. */
typedef struct {
  guint first, n; /* in rows of the window */
  guint n_active, n_voiced;
} Cut;

Speech1Functionals *
emotion_speech_1_functionals_new (guint max_rows)
{
  Speech1Functionals *self = g_new0 (Speech1Functionals, 1);
  self->max_rows = max_rows;
  float **series[] = {&self->column, &self->delta, &self->sorted, &self->selected, &self->runs};
  for (guint i = 0; i < G_N_ELEMENTS (series); i++)
    *series[i] = g_new (float, max_rows);
  self->tracker = emotion_activity_tracker_new (max_rows);
  self->order = g_new (guint64, max_rows);
  self->scratch = g_new (guint64, max_rows);
  return self;
}

void
emotion_speech_1_functionals_free (Speech1Functionals *self)
{
  if (!self)
    return;
  emotion_activity_tracker_free (self->tracker);
  gpointer all[] = {self->column, self->delta, self->sorted,  self->selected,
                    self->runs,   self->order, self->scratch, self};
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    g_free (all[i]);
}

/* Leaves the sort order of x in self->order. */
static void
sort (Speech1Functionals *self, const float *x, guint n)
{
  emotion_sort_order (x, n, self->order, self->scratch);
}

/* Writes mean, sd and the order statistics of x[0..n). `sorted` has the same values, ascending. */
static void
write_brief (const EmotionMoments *moments, const float *sorted, guint n, float *out)
{
  out[0] = (float)moments->mean;
  out[1] = (float)moments->sd;
  out[2] = emotion_quantile (sorted, n, 0.05);
  out[3] = emotion_quantile (sorted, n, 0.25);
  out[4] = emotion_quantile (sorted, n, 0.50);
  out[5] = emotion_quantile (sorted, n, 0.75);
  out[6] = emotion_quantile (sorted, n, 0.95);
  out[7] = out[6] - out[2];
  out[8] = out[5] - out[3];
}

static float *
write_series (Speech1Functionals *self, const float *x, guint n, guint n_functionals, float *out)
{
  EmotionMoments moments;
  sort (self, x, n);
  for (guint i = 0; i < n; i++)
    self->sorted[i] = x[(guint32)self->order[i]];
  emotion_moments (x, n, &moments);
  write_brief (&moments, self->sorted, n, out);
  if (n_functionals == SPEECH_1_FULL) {
    out[9] = (float)moments.slope;
    out[10] = (float)moments.skewness;
    out[11] = (float)moments.kurtosis;
  }
  return out + n_functionals;
}

/* The same over the rows of x where `mask` is set. self->order must hold the sort order of x. */
static float *
write_selection (Speech1Functionals *self, const float *x, guint n, const guint8 *mask,
                 guint n_selected, float *out)
{
  EmotionMoments moments;
  gboolean all = n_selected < MIN_SELECTED;
  guint s = 0;
  for (guint i = 0; i < n; i++)
    if (all || mask[i])
      self->selected[s++] = x[i];
  emotion_moments (self->selected, s, &moments);
  s = 0;
  for (guint i = 0; i < n; i++) {
    guint32 at = (guint32)self->order[i];
    if (all || mask[at])
      self->sorted[s++] = x[at];
  }
  write_brief (&moments, self->sorted, s, out);
  return out + SPEECH_1_BRIEF;
}

/* The span from the first to the last active frame. */
static Cut
find_cut (const EmotionActivityTracker *tracker, guint n)
{
  Cut cut = {.n_active = tracker->n_active};
  emotion_activity_cut (tracker, n, &cut.first, &cut.n);
  for (guint i = 0; i < cut.n; i++)
    cut.n_voiced += tracker->voiced[cut.first + i];
  return cut;
}

static void
gather_descriptor (const Speech1Functionals *self, const Speech1Row *rows, const Cut *cut,
                   guint descriptor, float *out)
{
  for (guint i = 0; i < cut->n; i++) {
    const Speech1Row *row = &rows[cut->first + i];
    if (descriptor < SPEECH_1_SPECTRAL)
      out[i] = row->spectral.shapes[descriptor];
    else if (descriptor == SPEECH_1_SPECTRAL)
      out[i] = self->tracker->strengths[cut->first + i];
    else
      out[i] = row->spectral.cepstra[descriptor - SPEECH_1_SPECTRAL - 1];
  }
}

static float *
write_descriptors (Speech1Functionals *self, const Speech1Row *rows, const Cut *cut, float *out)
{
  for (guint d = 0; d < SPEECH_1_DESCRIPTORS; d++) {
    gather_descriptor (self, rows, cut, d, self->column);
    emotion_delta (self->column, cut->n, self->delta);
    float *next = write_series (self, self->column, cut->n, SPEECH_1_FULL, out) + SPEECH_1_BRIEF;
    next = write_selection (self, self->column, cut->n, self->tracker->active + cut->first,
                            cut->n_active, next);
    next = write_selection (self, self->column, cut->n, self->tracker->voiced + cut->first,
                            cut->n_voiced, next);
    write_series (self, self->delta, cut->n, SPEECH_1_BRIEF, out + SPEECH_1_FULL);
    out = next;
  }
  return out;
}

static float
semitones (float octave)
{
  return 12 * (octave - SEMITONE_ORIGIN);
}

/* Writes the functionals of F0 and of its steps. Writes the lengths of the voiced runs to
 * self->runs and returns their number. */
static guint
write_f0 (Speech1Functionals *self, const Cut *cut, float **out)
{
  const float *octaves = self->tracker->octaves + cut->first;
  guint n_f0 = 0, n_steps = 0, n_runs = 0;
  for (guint i = 0; i < cut->n; i++) {
    if (octaves[i] == 0)
      continue;
    self->column[n_f0++] = semitones (octaves[i]);
    if (i > 0 && octaves[i - 1] != 0) {
      self->delta[n_steps++] = 12 * (octaves[i] - octaves[i - 1]);
      self->runs[n_runs - 1]++;
    } else {
      self->runs[n_runs++] = 1;
    }
  }
  if (n_f0 < MIN_SELECTED) {
    n_f0 = 1;
    self->column[0] = semitones (UNVOICED_OCTAVE);
  }
  if (n_steps < MIN_SELECTED) {
    n_steps = 1;
    self->delta[0] = 0;
  }
  *out = write_series (self, self->column, n_f0, SPEECH_1_FULL, *out);
  *(*out)++ = self->sorted[0];
  *(*out)++ = self->sorted[n_f0 - 1];
  *out = write_series (self, self->delta, n_steps, SPEECH_1_BRIEF, *out);
  return n_runs;
}

static void
write_rhythm (const Speech1Functionals *self, const Cut *cut, guint n_runs, float *out)
{
  EmotionMoments moments = {0};
  float longest = 0;
  if (n_runs)
    emotion_moments (self->runs, n_runs, &moments);
  for (guint i = 0; i < n_runs; i++)
    longest = MAX (longest, self->runs[i]);
  float n = (float)cut->n;
  out[0] = (float)cut->n_voiced / n;
  out[1] = (float)cut->n_active / n;
  out[2] = (float)n_runs / n;
  out[3] = (float)moments.mean;
  out[4] = (float)moments.sd;
  out[5] = longest;
  out[6] = n;
  out[7] = (float)cut->n_active;
}

void
emotion_speech_1_functionals_compute (Speech1Functionals *self, const Speech1Row *rows,
                                      guint n_rows, float *vector, EmotionActivity *activity)
{
  g_assert (n_rows >= 1 && n_rows <= self->max_rows);
  emotion_activity_track (self->tracker, &rows[0].activity.rms, sizeof *rows / sizeof (float),
                          n_rows, activity);
  Cut cut = find_cut (self->tracker, n_rows);
  float *out = write_descriptors (self, rows, &cut, vector);
  guint n_runs = write_f0 (self, &cut, &out);
  write_rhythm (self, &cut, n_runs, out);
}

gboolean
emotion_speech_1_functionals_get_matrix (Speech1Functionals *self, const Speech1Row *rows,
                                         guint n_rows, guint index, EmotionMatrix *matrix)
{
  const gsize step = sizeof *rows / sizeof (float);
  const EmotionActivityTracker *tracker = self->tracker;
  if (index < SPEECH_1_SPECTRAL) {
    const char *unit, *name = emotion_spectral_frame_describe (index, &unit);
    *matrix = (EmotionMatrix){name, &rows->spectral.shapes[index], 1, n_rows, 0, step};
    return TRUE;
  }
  for (guint i = 0; i < n_rows; i++) {
    self->column[i] = tracker->octaves[i] != 0 ? exp2f (tracker->octaves[i]) : 0;
    self->delta[i] = tracker->active[i];
  }
  const EmotionMatrix rest[] = {
      {"voicing", tracker->strengths, 1, n_rows, 0, 1},
      {"f0", self->column, 1, n_rows, 0, 1},
      {"active", self->delta, 1, n_rows, 0, 1},
      {"mfcc", rows->spectral.cepstra, SPEECH_1_CEPSTRA, n_rows, 1, step}};
  if (index - SPEECH_1_SPECTRAL >= G_N_ELEMENTS (rest))
    return FALSE;
  *matrix = rest[index - SPEECH_1_SPECTRAL];
  return TRUE;
}

static const char *
describe_descriptor (guint descriptor, const char **unit)
{
  *unit = "1";
  if (descriptor == SPEECH_1_SPECTRAL)
    return "voicing";
  return emotion_spectral_frame_describe (descriptor - (descriptor > SPEECH_1_SPECTRAL), unit);
}

void
emotion_speech_1_functionals_describe (guint index, GString *name, const char **unit)
{
  static const char *const classifiers[] = {"", "delta_", "active_", "voiced_"};
  const guint per_descriptor = SPEECH_1_FULL + 3 * SPEECH_1_BRIEF;
  if (index < SPEECH_1_DESCRIPTORS * per_descriptor) {
    guint d = index / per_descriptor, f = index % per_descriptor, classifier = 0;
    if (f >= SPEECH_1_FULL) {
      classifier = 1 + (f - SPEECH_1_FULL) / SPEECH_1_BRIEF;
      f = (f - SPEECH_1_FULL) % SPEECH_1_BRIEF;
    }
    const char *descriptor = describe_descriptor (d, unit);
    g_string_append_printf (name, "%s_%s%s", descriptor, classifiers[classifier], functionals[f]);
    if (f >= 10)
      *unit = "1";
    return;
  }
  index -= SPEECH_1_DESCRIPTORS * per_descriptor;
  *unit = "semitone";
  if (index < SPEECH_1_FULL) {
    g_string_append_printf (name, "f0_%s", functionals[index]);
    *unit = index < 10 ? "semitone" : "1";
  } else if (index < SPEECH_1_FULL + SPEECH_1_F0_EXTRA) {
    g_string_append (name, index == SPEECH_1_FULL ? "f0_min" : "f0_max");
  } else if (index < SPEECH_1_FULL + SPEECH_1_F0_EXTRA + SPEECH_1_BRIEF) {
    index -= SPEECH_1_FULL + SPEECH_1_F0_EXTRA;
    g_string_append_printf (name, "f0_step_%s", functionals[index]);
  } else {
    index -= SPEECH_1_FULL + SPEECH_1_F0_EXTRA + SPEECH_1_BRIEF;
    g_string_append (name, rhythm[index].name);
    *unit = rhythm[index].unit;
  }
}
