/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The window stage of "speech-2". */
#include <math.h>
#include <string.h>

#include "core/base/statistics.h"
#include "speech-2.h"

#define MIN_SELECTED 6                    /* frames: with fewer, the whole cut is used instead */
#define SEMITONE_ORIGIN 4.78135971352466f /* log2 of 27.5 Hz */
#define UNVOICED_OCTAVE 7.f               /* log2 of 128 Hz, used as F0 if no frame is voiced */
#define SAME_OCTAVE 0.05f /* octaves: maximum distance of the strongest candidate from the path */
#define MIN_LOUDNESS 1e-6f

enum { N_TOGETHER = SPEECH_2_CORRELATED + SPEECH_2_FOLLOWING };
enum { LOG_ENERGY = 0, LOUDNESS = 1, CENTROID = 3, MFCC0 = SPEECH_2_CEPSTRA };

/* The first SPEECH_2_LEADING are also correlated with formants, bandwidths and voice quality. */
static const guint8 correlated[SPEECH_2_CORRELATED] = {
    LOG_ENERGY, SPEECH_2_F0, MFCC0 + 1,  MFCC0 + 2,  MFCC0 + 3,        MFCC0 + 4,
    MFCC0 + 5,  MFCC0 + 6,   MFCC0,      MFCC0 + 7,  MFCC0 + 8,        MFCC0 + 9,
    MFCC0 + 10, MFCC0 + 11,  MFCC0 + 12, MFCC0 + 13, SPEECH_2_VOICING, CENTROID};

static const char *const brief[SPEECH_2_BRIEF] = {"mean", "sd", "p05", "p50", "p95"};

struct _Speech2Functionals {
  guint max_rows;
  EmotionActivityTracker *tracker;
  float *series;   /* SPEECH_2_SERIES columns of max_rows */
  float *together; /* SPEECH_2_CORRELATED + SPEECH_2_FOLLOWING columns of max_rows */
  float *delta, *sorted, *selected; /* max_rows each */
  guint8 *clear;                    /* voiced frames whose strongest candidate is on the path */
  double *sums;                     /* max_rows + 1 */
  guint64 *order, *scratch;
};

/* The cut: the part of the window for which the functionals are computed. */
typedef struct {
  guint first, n;                /* in rows of the window */
  const guint8 *active, *voiced; /* of the cut's rows */
  const float *octaves;
} Cut;

Speech2Functionals *
emotion_speech_2_functionals_new (guint max_rows)
{
  Speech2Functionals *self = g_new0 (Speech2Functionals, 1);
  self->max_rows = max_rows;
  self->tracker = emotion_activity_tracker_new (max_rows);
  self->series = g_new (float, (gsize)SPEECH_2_SERIES *max_rows);
  self->together = g_new (float, (gsize)N_TOGETHER *max_rows);
  self->delta = g_new (float, max_rows);
  self->sorted = g_new (float, max_rows);
  self->selected = g_new (float, max_rows);
  self->clear = g_new (guint8, max_rows);
  self->sums = g_new (double, max_rows + 1);
  self->order = g_new (guint64, max_rows);
  self->scratch = g_new (guint64, max_rows);
  return self;
}

void
emotion_speech_2_functionals_free (Speech2Functionals *self)
{
  if (!self)
    return;
  emotion_activity_tracker_free (self->tracker);
  gpointer all[] = {self->series, self->together, self->delta, self->sorted,  self->selected,
                    self->clear,  self->sums,     self->order, self->scratch, self};
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    g_free (all[i]);
}

static float *
series_at (const Speech2Functionals *self, guint index)
{
  return self->series + (gsize)index * self->max_rows;
}

static float
semitones (float octave)
{
  return 12 * (octave - SEMITONE_ORIGIN);
}

/* F0, interpolated linearly over unvoiced frames; the first and last values extend to the ends. */
static void
join_f0 (const Cut *cut, float *out)
{
  gint last = -1;
  for (guint i = 0; i < cut->n; i++) {
    if (cut->octaves[i] == 0)
      continue;
    out[i] = semitones (cut->octaves[i]);
    const float from = last < 0 ? out[i] : out[last];
    const gint gap = (gint)i - last;
    for (gint j = 1; j < gap; j++)
      out[last + j] = from + (out[i] - from) * (float)j / (float)gap;
    last = (gint)i;
  }
  const float rest = last < 0 ? semitones (UNVOICED_OCTAVE) : out[last];
  for (guint i = (guint)(last + 1); i < cut->n; i++)
    out[i] = rest;
}

/* The address of series `index` in a row. Voicing and f0 are not in the row. */
static const float *
in_row (const Speech2Row *row, guint index)
{
  if (index < SPEECH_2_VOICING)
    return &row->spectral.shapes[index];
  if (index < SPEECH_2_FORMANTS)
    return &row->spectral.cepstra[index - SPEECH_2_CEPSTRA];
  if (index < SPEECH_2_FORMANTS + EMOTION_FORMANTS)
    return &row->formants.centres[index - SPEECH_2_FORMANTS];
  if (index < SPEECH_2_VOICE)
    return &row->formants.bandwidths[index - SPEECH_2_FORMANTS - EMOTION_FORMANTS];
  return &row->voice.values[index - SPEECH_2_VOICE];
}

static void
gather_series (Speech2Functionals *self, const Speech2Row *rows, const Cut *cut)
{
  const gsize step = sizeof *rows / sizeof (float);
  rows += cut->first;
  for (guint s = 0; s < SPEECH_2_F0; s++) {
    const float *from = s == SPEECH_2_VOICING ? NULL : in_row (rows, s);
    float *out = series_at (self, s);
    for (guint i = 0; i < cut->n; i++)
      out[i] = from ? from[i * step] : self->tracker->strengths[cut->first + i];
  }
  for (guint i = 0; i < cut->n; i++)
    self->clear[i] = cut->voiced[i] && fabsf (rows[i].voice.octave - cut->octaves[i]) < SAME_OCTAVE;
  join_f0 (cut, series_at (self, SPEECH_2_F0));
}

/* Sorts x into self->sorted and leaves its sort order in self->order. */
static void
sort (Speech2Functionals *self, const float *x, guint n)
{
  emotion_sort_order (x, n, self->order, self->scratch);
  for (guint i = 0; i < n; i++)
    self->sorted[i] = x[(guint32)self->order[i]];
}

/* Removes the effect of the distance to the microphone and of its gain. */
static void
remove_level (Speech2Functionals *self, guint n)
{
  static const guint8 levels[] = {LOG_ENERGY, MFCC0, LOUDNESS};
  for (guint l = 0; l < G_N_ELEMENTS (levels); l++) {
    float *x = series_at (self, levels[l]);
    sort (self, x, n);
    const float reference = emotion_quantile (self->sorted, n, 0.95);
    for (guint i = 0; i < n; i++)
      x[i] = levels[l] == LOUDNESS ? x[i] / MAX (reference, MIN_LOUDNESS) : x[i] - reference;
  }
}

static float *
write_brief (const EmotionMoments *moments, const float *sorted, guint n, float *out)
{
  *out++ = (float)moments->mean;
  *out++ = (float)moments->sd;
  *out++ = emotion_quantile (sorted, n, 0.05);
  *out++ = emotion_quantile (sorted, n, 0.50);
  *out++ = emotion_quantile (sorted, n, 0.95);
  return out;
}

/* Writes the brief functionals of x. Leaves the sort order of x in self->order. */
static float *
write_all (Speech2Functionals *self, const float *x, guint n, EmotionMoments *moments, float *out)
{
  emotion_moments (x, n, moments);
  sort (self, x, n);
  return write_brief (moments, self->sorted, n, out);
}

/* The same over the frames of x where `mask` is set. self->order must hold the sort order of x.
 * Leaves the selected values sorted and returns their number. */
static guint
write_selection (Speech2Functionals *self, const float *x, guint n, const guint8 *mask,
                 EmotionMoments *moments, float *out)
{
  guint n_selected = 0, s = 0;
  for (guint i = 0; i < n; i++)
    n_selected += mask[i];
  const gboolean all = n_selected < MIN_SELECTED;
  for (guint i = 0; i < n; i++)
    if (all || mask[i])
      self->selected[s++] = x[i];
  emotion_moments (self->selected, s, moments);
  s = 0;
  for (guint i = 0; i < n; i++) {
    const guint32 at = (guint32)self->order[i];
    if (all || mask[at])
      self->sorted[s++] = x[at];
  }
  write_brief (moments, self->sorted, s, out);
  return s;
}

static float *
write_thirds (const float *x, guint n, float *out)
{
  for (guint t = 0; t < SPEECH_2_THIRDS; t++) {
    const guint first = n * t / SPEECH_2_THIRDS, end = n * (t + 1) / SPEECH_2_THIRDS;
    EmotionMoments moments;
    emotion_moments (x + first, MAX (end, first + 1) - first, &moments);
    *out++ = (float)moments.sd;
  }
  return out;
}

/* All functionals of one series. The voiced frames of the last series stay sorted. */
static float *
write_series (Speech2Functionals *self, const Cut *cut, guint series, EmotionMoments *voiced,
              guint *n_voiced, float *out)
{
  const gboolean quality = series >= SPEECH_2_VOICE && series < SPEECH_2_F0;
  const float *x = series_at (self, series);
  EmotionMoments moments;
  emotion_delta (x, cut->n, self->delta);
  out = write_all (self, self->delta, cut->n, &moments, out + SPEECH_2_BRIEF + 1);
  write_all (self, x, cut->n, &moments, out - 2 * SPEECH_2_BRIEF - 1);
  out[-SPEECH_2_BRIEF - 1] = (float)moments.slope;
  *n_voiced = write_selection (self, x, cut->n, quality ? self->clear : cut->voiced, voiced, out);
  out = write_thirds (x, cut->n, out + SPEECH_2_BRIEF);
  emotion_modulation (x, cut->n, self->sums, out);
  return out + EMOTION_MODULATIONS;
}

/* Functionals of the changes of F0 between neighbours, and of their absolute values. */
static float *
write_steps (Speech2Functionals *self, const Cut *cut, float *out)
{
  EmotionMoments moments;
  float *steps = self->delta;
  guint n = 0;
  for (guint i = 1; i < cut->n; i++)
    if (cut->octaves[i] != 0 && cut->octaves[i - 1] != 0)
      steps[n++] = 12 * (cut->octaves[i] - cut->octaves[i - 1]);
  if (n < MIN_SELECTED) {
    n = 1;
    steps[0] = 0;
  }
  out = write_all (self, steps, n, &moments, out);
  for (guint i = 0; i < n; i++)
    steps[i] = fabsf (steps[i]);
  return write_all (self, steps, n, &moments, out);
}

static float *
write_correlations (Speech2Functionals *self, const Cut *cut, float *out)
{
  const gsize step = self->max_rows;
  guint n = 0;
  for (guint i = 0; i < cut->n; i++)
    n += cut->active[i];
  const gboolean all = n < MIN_SELECTED;
  for (guint s = 0; s < N_TOGETHER; s++) {
    const float *x =
        series_at (self, s < SPEECH_2_CORRELATED ? correlated[s]
                                                 : SPEECH_2_FORMANTS + s - SPEECH_2_CORRELATED);
    float *to = self->together + s * step;
    n = 0;
    for (guint i = 0; i < cut->n; i++)
      if (all || cut->active[i])
        to[n++] = x[i];
  }
  emotion_correlations_prepare (self->together, step, N_TOGETHER, n);
  emotion_correlations_within (self->together, step, SPEECH_2_CORRELATED, n, out);
  emotion_correlations_between (self->together, SPEECH_2_LEADING,
                                self->together + SPEECH_2_CORRELATED * step, SPEECH_2_FOLLOWING,
                                step, n, out + SPEECH_2_PAIRS);
  return out + SPEECH_2_PAIRS + SPEECH_2_LEADING * SPEECH_2_FOLLOWING;
}

void
emotion_speech_2_functionals_compute (Speech2Functionals *self, const Speech2Row *rows,
                                      guint n_rows, float *vector, EmotionActivity *activity)
{
  g_assert (n_rows >= 1 && n_rows <= self->max_rows);
  EmotionMoments f0 = {0};
  guint n_f0 = 1;
  Cut cut;
  emotion_activity_track (self->tracker, &rows[0].activity.rms, sizeof *rows / sizeof (float),
                          n_rows, activity);
  emotion_activity_cut (self->tracker, n_rows, &cut.first, &cut.n);
  cut.active = self->tracker->active + cut.first;
  cut.voiced = self->tracker->voiced + cut.first;
  cut.octaves = self->tracker->octaves + cut.first;
  gather_series (self, rows, &cut);
  remove_level (self, cut.n);
  float *out = vector;
  for (guint s = 0; s < SPEECH_2_SERIES; s++)
    out = write_series (self, &cut, s, &f0, &n_f0, out);
  /* The last series is F0, whose voiced frames are sorted. */
  *out++ = self->sorted[0];
  *out++ = self->sorted[n_f0 - 1];
  *out++ = (float)f0.skewness;
  *out++ = (float)f0.kurtosis;
  *out++ = (float)f0.slope;
  out = write_steps (self, &cut, out);
  emotion_contour (cut.octaves, cut.n, self->delta, out);
  out += EMOTION_CONTOURS;
  emotion_rhythm (cut.active, cut.voiced, series_at (self, LOG_ENERGY), cut.n, self->delta, out);
  out = write_correlations (self, &cut, out + EMOTION_RHYTHMS);
  g_assert (out == vector + SPEECH_2_N_FEATURES);
}

static const char *
describe_series (guint series, const char **unit)
{
  static const char *const resonances[] = {"formant1",   "formant2",   "formant3",
                                           "bandwidth1", "bandwidth2", "bandwidth3"};
  *unit = "1";
  if (series == SPEECH_2_VOICING)
    return "voicing";
  if (series < SPEECH_2_FORMANTS)
    return emotion_spectral_frame_describe (series - (series > SPEECH_2_VOICING), unit);
  *unit = "Hz";
  if (series < SPEECH_2_VOICE)
    return resonances[series - SPEECH_2_FORMANTS];
  if (series < SPEECH_2_F0)
    return emotion_voice_quality_describe (series - SPEECH_2_VOICE, unit);
  *unit = "semitone";
  return "f0";
}

gboolean
emotion_speech_2_functionals_get_matrix (Speech2Functionals *self, const Speech2Row *rows,
                                         guint n_rows, guint index, EmotionMatrix *matrix)
{
  const EmotionActivityTracker *tracker = self->tracker;
  const gsize step = sizeof *rows / sizeof (float);
  const char *unit;
  /* The cepstra are a single matrix, the last one. */
  const guint named = index > SPEECH_2_VOICING ? index + EMOTION_SPECTRAL_CEPSTRA : index;
  if (named < SPEECH_2_F0 && named != SPEECH_2_VOICING) {
    *matrix =
        (EmotionMatrix){describe_series (named, &unit), in_row (rows, named), 1, n_rows, 0, step};
    return TRUE;
  }
  for (guint i = 0; i < n_rows; i++) {
    self->sorted[i] = tracker->octaves[i] != 0 ? exp2f (tracker->octaves[i]) : 0;
    self->delta[i] = tracker->active[i];
  }
  const EmotionMatrix rest[] = {
      {"voicing", tracker->strengths, 1, n_rows, 0, 1},
      {"f0", self->sorted, 1, n_rows, 0, 1},
      {"active", self->delta, 1, n_rows, 0, 1},
      {"mfcc", rows->spectral.cepstra, EMOTION_SPECTRAL_CEPSTRA, n_rows, 1, step}};
  const guint at = named == SPEECH_2_VOICING ? 0 : named - SPEECH_2_F0 + 1;
  if (at >= G_N_ELEMENTS (rest))
    return FALSE;
  *matrix = rest[at];
  return TRUE;
}

static void
describe_in_series (guint index, GString *name, const char **unit)
{
  static const char *const classifiers[] = {"", "delta_", "voiced_"};
  g_string_append_printf (name, "%s_", describe_series (index / SPEECH_2_PER_SERIES, unit));
  index %= SPEECH_2_PER_SERIES;
  if (index == SPEECH_2_BRIEF) {
    g_string_append (name, "slope");
    return;
  }
  index -= index > SPEECH_2_BRIEF;
  if (index < 3 * SPEECH_2_BRIEF) {
    g_string_append_printf (name, "%s%s", classifiers[index / SPEECH_2_BRIEF],
                            brief[index % SPEECH_2_BRIEF]);
    return;
  }
  index -= 3 * SPEECH_2_BRIEF;
  if (index < SPEECH_2_THIRDS)
    g_string_append_printf (name, "third%u_sd", index + 1);
  else
    g_string_append_printf (name, "modulation_%u",
                            emotion_modulation_block (index - SPEECH_2_THIRDS));
}

static void
describe_f0 (guint index, GString *name, const char **unit)
{
  static const char *const extra[SPEECH_2_F0_VALUES] = {"min", "max", "skewness", "kurtosis",
                                                        "voiced_slope"};
  *unit = index == 2 || index == 3 ? "1" : "semitone";
  if (index < SPEECH_2_F0_VALUES) {
    g_string_append_printf (name, "f0_%s", extra[index]);
    return;
  }
  index -= SPEECH_2_F0_VALUES;
  g_string_append_printf (name, "f0_%s_%s", index < SPEECH_2_BRIEF ? "step" : "jump",
                          brief[index % SPEECH_2_BRIEF]);
}

static void
describe_correlation (guint index, GString *name)
{
  const char *unit;
  guint a = 0, b;
  if (index < SPEECH_2_PAIRS) {
    while (index >= SPEECH_2_CORRELATED - 1 - a)
      index -= SPEECH_2_CORRELATED - 1 - a++;
    b = correlated[a + 1 + index];
  } else {
    a = (index - SPEECH_2_PAIRS) / SPEECH_2_FOLLOWING;
    b = SPEECH_2_FORMANTS + (index - SPEECH_2_PAIRS) % SPEECH_2_FOLLOWING;
  }
  g_string_append_printf (name, "correlation_%s", describe_series (correlated[a], &unit));
  g_string_append_printf (name, "_%s", describe_series (b, &unit));
}

void
emotion_speech_2_functionals_describe (guint index, GString *name, const char **unit)
{
  if (index < SPEECH_2_SERIES * SPEECH_2_PER_SERIES) {
    describe_in_series (index, name, unit);
    return;
  }
  index -= SPEECH_2_SERIES * SPEECH_2_PER_SERIES;
  if (index < SPEECH_2_F0_EXTRA) {
    describe_f0 (index, name, unit);
    return;
  }
  index -= SPEECH_2_F0_EXTRA;
  if (index < EMOTION_CONTOURS) {
    g_string_append_printf (name, "contour_%s", emotion_contour_describe (index, unit));
    return;
  }
  index -= EMOTION_CONTOURS;
  if (index < EMOTION_RHYTHMS) {
    g_string_append_printf (name, "rhythm_%s", emotion_rhythm_describe (index, unit));
    return;
  }
  *unit = "1";
  describe_correlation (index - EMOTION_RHYTHMS, name);
}
