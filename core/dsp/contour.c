/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "contour.h"

#include <math.h>

#include "core/base/statistics.h"

#define MIN_RUN 5  /* frames */
#define RATE 100.0 /* frames per second */

static const struct {
  const char *name, *unit;
} contours[EMOTION_CONTOURS] = {
    {"slope", "semitone/s"},
    {"abs_slope", "semitone/s"},
    {"last_slope", "semitone"},
    {"last_mean", "semitone"},
    {"first_slope", "semitone"},
    {"first_mean", "semitone"},
    {"bow", "semitone"},
    {"range", "semitone"},
    {"max_range", "semitone"},
    {"slope_sd", "semitone/s"},
    {"runs", "1/s"},
};

/* One voiced run. */
typedef struct {
  double mean, slope, bow; /* semitones; slope and bow: terms of order 1 and 2 over time -1..1 */
  double per_second;       /* the slope in semitones per second */
  double range;
} Run;

const char *
emotion_contour_describe (guint index, const char **unit)
{
  *unit = contours[index].unit;
  return contours[index].name;
}

static void
describe_run (const float *octaves, guint n, float *column, Run *run)
{
  EmotionMoments moments;
  float low = G_MAXFLOAT, high = -G_MAXFLOAT;
  double bow = 0, norm = 0;
  for (guint i = 0; i < n; i++) {
    column[i] = 12 * octaves[i];
    low = MIN (low, column[i]);
    high = MAX (high, column[i]);
  }
  emotion_moments (column, n, &moments);
  for (guint i = 0; i < n; i++) {
    const double t = 2.0 * i / (n - 1) - 1, second = t * t - 1 / 3.;
    bow += second * (column[i] - moments.mean);
    norm += second * second;
  }
  *run = (Run){moments.mean, moments.slope, bow / norm, 2 * RATE * moments.slope / n, high - low};
}

void
emotion_contour (const float *octaves, guint n, float *column, float *out)
{
  Run run, first = {0}, last = {0};
  double sum = 0, frames = 0, slope = 0, abs_slope = 0, bow = 0, range = 0, max_range = 0;
  double slopes = 0, squares = 0;
  guint n_voiced = 0, n_runs = 0;
  for (guint i = 0; i < n; i++) {
    n_voiced += octaves[i] != 0;
    sum += 12 * octaves[i];
  }
  for (guint i = 0, end; i < n; i = end + 1) {
    for (end = i; end < n && octaves[end] != 0; end++)
      ;
    if (end - i < MIN_RUN)
      continue;
    describe_run (octaves + i, end - i, column, &run);
    if (n_runs++ == 0)
      first = run;
    last = run;
    frames += end - i;
    slope += (end - i) * run.per_second;
    abs_slope += (end - i) * fabs (run.per_second);
    slopes += run.per_second;
    squares += run.per_second * run.per_second;
    bow += run.bow;
    range += run.range;
    max_range = MAX (max_range, run.range);
  }
  for (guint i = 0; i < EMOTION_CONTOURS; i++)
    out[i] = 0;
  if (n_runs == 0)
    return;
  const double mean = sum / n_voiced,
               variance = squares / n_runs - slopes / n_runs * slopes / n_runs;
  const double values[EMOTION_CONTOURS] = {
      slope / frames, abs_slope / frames,       last.slope,       last.mean - mean,
      first.slope,    first.mean - mean,        bow / n_runs,     range / n_runs,
      max_range,      sqrt (MAX (variance, 0)), RATE * n_runs / n};
  for (guint i = 0; i < EMOTION_CONTOURS; i++)
    out[i] = (float)values[i];
}
