/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "rhythm.h"

#include <math.h>

#define MIN_PAUSE 5       /* frames */
#define SMOOTHING 3       /* frames to each side */
#define MIN_RISE 0.25f    /* ln: energy of a syllable above the preceding dip, 2.2 dB */
#define USUAL_SYLLABLE 30 /* frames between syllables, used if there are fewer than two */
#define RATE 100.0        /* frames per second */

static const struct {
  const char *name, *unit;
} rhythms[EMOTION_RHYTHMS] = {
    {"voiced", "1"},
    {"active", "1"},
    {"voiced_runs", "1/frame"},
    {"voiced_mean", "frame"},
    {"voiced_sd", "frame"},
    {"voiced_max", "frame"},
    {"frames", "frame"},
    {"active_frames", "frame"},
    {"gap_mean", "frame"},
    {"gap_sd", "frame"},
    {"log_voiced_mean", "ln"},
    {"log_gap_mean", "ln"},
    {"log_frames", "ln"},
    {"log_voiced_max", "ln"},
    {"pauses", "1"},
    {"pause_mean", "frame"},
    {"pause_max", "frame"},
    {"pause_share", "1"},
    {"unvoiced_runs", "1/frame"},
    {"unvoiced_mean", "frame"},
    {"unvoiced_max", "frame"},
    {"syllable_rate", "1/s"},
    {"syllable_height", "ln"},
    {"syllable_mean", "frame"},
    {"syllable_sd", "frame"},
};

/* Accumulated lengths. */
typedef struct {
  guint n;
  double sum, squares, longest;
} Lengths;

static void
add_length (Lengths *lengths, guint length)
{
  lengths->n++;
  lengths->sum += length;
  lengths->squares += (double)length * length;
  lengths->longest = MAX (lengths->longest, length);
}

static double
mean (const Lengths *lengths)
{
  return lengths->n ? lengths->sum / lengths->n : 0;
}

static double
spread (const Lengths *lengths)
{
  const double m = mean (lengths);
  return lengths->n ? sqrt (MAX (lengths->squares / lengths->n - m * m, 0)) : 0;
}

const char *
emotion_rhythm_describe (guint index, const char **unit)
{
  *unit = rhythms[index].unit;
  return rhythms[index].name;
}

enum { VOICED, GAP, PAUSE, UNVOICED, N_KINDS };
enum { N_SYLLABLES = 4, N_RUNS = EMOTION_RHYTHMS - N_SYLLABLES }; /* number of values */

static gboolean
is_in (guint kind, const guint8 *active, const guint8 *voiced, guint i)
{
  switch (kind) {
  case VOICED:
    return voiced[i];
  case GAP:
    return !voiced[i];
  case PAUSE:
    return !active[i];
  default:
    return active[i] && !voiced[i];
  }
}

/* The runs of one kind. A gap is only counted between two voiced runs. */
static Lengths
measure_runs (guint kind, const guint8 *active, const guint8 *voiced, guint n)
{
  Lengths lengths = {0};
  for (guint i = 0, end; i < n; i = end + 1) {
    for (end = i; end < n && is_in (kind, active, voiced, end); end++)
      ;
    const gboolean counts = kind == GAP     ? i > 0 && end < n
                            : kind == PAUSE ? end - i >= MIN_PAUSE
                                            : TRUE;
    if (end > i && counts)
      add_length (&lengths, end - i);
  }
  return lengths;
}

/* Moving average over SMOOTHING frames on each side. */
static void
smooth (const float *x, guint n, float *out)
{
  for (guint i = 0; i < n; i++) {
    const guint first = i > SMOOTHING ? i - SMOOTHING : 0, last = MIN (i + SMOOTHING, n - 1);
    float sum = 0;
    for (guint j = first; j <= last; j++)
      sum += x[j];
    out[i] = sum / (float)(last - first + 1);
  }
}

/* Writes rate, mean height, and mean and standard deviation of the distances. */
static void
count_syllables (const float *energy, const guint8 *voiced, guint n, float *out)
{
  Lengths distances = {0};
  double height = 0;
  guint n_syllables = 0, last = 0;
  float dip = energy[0];
  for (guint i = 1; i + 1 < n; i++) {
    dip = MIN (dip, energy[i]);
    if (!(voiced[i] && energy[i] > energy[i - 1] && energy[i] >= energy[i + 1] &&
          energy[i] - dip > MIN_RISE))
      continue;
    if (n_syllables++ > 0)
      add_length (&distances, i - last);
    height += energy[i] - dip;
    last = i;
    dip = energy[i];
  }
  out[0] = (float)(RATE * n_syllables / n);
  out[1] = n_syllables ? (float)(height / n_syllables) : 0;
  out[2] = distances.n ? (float)mean (&distances) : USUAL_SYLLABLE;
  out[3] = (float)spread (&distances);
}

void
emotion_rhythm (const guint8 *active, const guint8 *voiced, const float *log_energy, guint n,
                float *column, float *out)
{
  Lengths runs[N_KINDS];
  double n_active = 0;
  for (guint i = 0; i < n; i++)
    n_active += active[i];
  for (guint k = 0; k < N_KINDS; k++)
    runs[k] = measure_runs (k, active, voiced, n);
  const Lengths *voice = &runs[VOICED], *gap = &runs[GAP], *pause = &runs[PAUSE],
                *unvoiced = &runs[UNVOICED];
  const double values[N_RUNS] = {
      voice->sum / n,
      n_active / n,
      (double)voice->n / n,
      mean (voice),
      spread (voice),
      voice->longest,
      n,
      n_active,
      mean (gap),
      spread (gap),
      log1p (mean (voice)),
      log1p (mean (gap)),
      log1p (n),
      log1p (voice->longest),
      pause->n,
      mean (pause),
      pause->longest,
      pause->sum / n,
      (double)unvoiced->n / n,
      mean (unvoiced),
      unvoiced->longest,
  };
  for (guint i = 0; i < N_RUNS; i++)
    out[i] = (float)values[i];
  smooth (log_energy, n, column);
  count_syllables (column, voiced, n, out + N_RUNS);
}
