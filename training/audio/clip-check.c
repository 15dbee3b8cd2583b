/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "clip-check.h"

#include <math.h>

#include "file-end.h"

#define SILENCE (4.0f / 32768) /* from the minimum to the maximum */
#define FLAT 0.998f            /* fraction of the peak from which a sample counts as at the peak */
#define RUN 3                  /* samples: shorter runs at the peak are not flat tops */
#define LOWEST_PEAK 0.03f
#define FEW_STEPS 64  /* quantisation steps: lower peaks always have flat tops */
#define CLIPPED 0.005 /* of all samples */
/* A lossy codec distorts flat tops. In speech that was never clipped, 0.1 % of the samples are this
 * near to the peak, at most 1.2 % (measured on 300 files of four corpora); in speech clipped by 10
 * dB or more, 3 to 40 %. */
#define NEAR 0.8f
#define CROWDED 0.03
/* Histogram of magnitudes with 32 bins per octave from 1/32 up: the upper bits of a float. */
#define BIN_BITS 18
#define FIRST_BIN ((127u - 5) << (23 - BIN_BITS))
#define N_BINS 1024
#define PART 1024 /* samples processed together */
#define N_NAMES 3

/* Positive or negative samples: an amplifier may clip one side only. */
typedef struct {
  float peak, smallest; /* magnitudes; 0: none yet */
  guint64 run;          /* length of the current run at the peak */
  guint64 n_flat;       /* samples in runs at the peak so far */
  guint64 bins[N_BINS];
} Side;

typedef struct _TrainingChannelCheck {
  float min, max; /* of the finite samples */
  Side sides[2];
} Channel;

static guint
bin_of (float size)
{
  union {
    float number;
    guint32 bits;
  } size_as = {.number = size};
  const guint bin = size_as.bits >> BIN_BITS;
  return bin < FIRST_BIN ? 0 : MIN (bin - FIRST_BIN, N_BINS - 1);
}

static void
side_add (Side *self, float size)
{
  self->bins[bin_of (size)]++;
  if (size < self->smallest || self->smallest == 0)
    self->smallest = size;
  if (size > self->peak) {
    if (size * FLAT > self->peak) /* earlier samples were not at this peak */
      self->run = self->n_flat = 0;
    self->peak = size;
  }
  if (size < FLAT * self->peak) {
    self->run = 0;
  } else {
    self->run++;
    self->n_flat += self->run == RUN ? RUN : self->run > RUN;
  }
}

static void
channel_add (Channel *self, float x)
{
  self->min = MIN (self->min, x);
  self->max = MAX (self->max, x);
  Side *side = &self->sides[x > 0];
  self->sides[!(x > 0)].run = 0;
  if (x != 0)
    side_add (side, fabsf (x));
  else
    side->run = 0;
}

/* Processes `n` samples, `step` apart, and returns the number of non-finite ones. Most samples are
 * far from the peaks so far and are skipped early. */
static gsize
channel_add_part (Channel *self, const float *samples, gsize n, guint step)
{
  float min = samples[0], max = samples[0];
  gsize n_finite = 0;
  for (gsize i = 0; i < n; i++) {
    const float x = samples[i * step];
    n_finite += fabsf (x) <= G_MAXFLOAT;
    min = x < min ? x : min;
    max = x > max ? x : max;
  }
  if (n_finite == n && max < NEAR * self->sides[1].peak && -min < NEAR * self->sides[0].peak) {
    self->sides[0].run = self->sides[1].run = 0;
    self->min = MIN (self->min, min);
    self->max = MAX (self->max, max);
    return 0;
  }
  for (gsize i = 0; i < n; i++)
    if (isfinite (samples[i * step]))
      channel_add (self, samples[i * step]);
  return n - n_finite;
}

void
training_clip_check_add (TrainingClipCheck *self, const TrainingAudio *block)
{
  if (!self->channels) {
    self->channels = g_new0 (Channel, block->channels);
    for (guint c = 0; c < block->channels; c++) {
      self->channels[c].min = INFINITY;
      self->channels[c].max = -INFINITY;
    }
    self->n_channels = block->channels;
    self->rate = block->rate;
  }
  for (gsize first = 0; first < block->n_frames; first += PART)
    for (guint c = 0; c < block->channels; c++)
      self->n_not_finite +=
          channel_add_part (&self->channels[c], block->samples + first * block->channels + c,
                            MIN (block->n_frames - first, PART), block->channels);
  self->n_frames += block->n_frames;
}

static gboolean
is_clipped (const Side *self, double n)
{
  guint64 n_near = 0;
  for (guint i = bin_of (NEAR * self->peak); i < N_BINS; i++)
    n_near += self->bins[i];
  return self->peak >= LOWEST_PEAK && self->peak >= FEW_STEPS * self->smallest &&
         ((double)self->n_flat >= CLIPPED * n || (double)n_near >= CROWDED * n);
}

guint
training_clip_check_finish (TrainingClipCheck *self, const char *path, guint64 window)
{
  const double n = (double)self->n_frames;
  gboolean silent = TRUE, clipped = FALSE;
  for (guint c = 0; c < self->n_channels; c++) {
    const Channel *channel = &self->channels[c];
    silent &= !(channel->max - channel->min > SILENCE);
    clipped |= is_clipped (&channel->sides[0], n) || is_clipped (&channel->sides[1], n);
  }
  const gboolean is[TRAINING_N_FAULTS] = {
      [TRAINING_FAULT_SILENT] = silent && self->n_not_finite == 0,
      [TRAINING_FAULT_NOT_FINITE] = self->n_not_finite > 0,
      [TRAINING_FAULT_TRUNCATED] = training_file_is_truncated (path, self->n_frames),
      [TRAINING_FAULT_CLIPPED] = clipped && !silent,
      [TRAINING_FAULT_SHORT] = n / self->rate * 1e9 < (double)window,
  };
  guint faults = 0;
  for (guint i = 0; i < TRAINING_N_FAULTS; i++)
    faults |= (guint)is[i] << i;
  g_free (self->channels);
  *self = (TrainingClipCheck){0};
  return faults;
}

static const struct {
  const char *key, *text;
} words[TRAINING_N_FAULTS] = {
    [TRAINING_FAULT_SILENT] = {"silent", "silent"},
    [TRAINING_FAULT_NOT_FINITE] = {"not_finite", "with NaN or infinite samples"},
    [TRAINING_FAULT_TRUNCATED] = {"truncated",
                                  "truncated (the file is shorter than its header states)"},
    [TRAINING_FAULT_CLIPPED] = {"clipped", "clipped throughout"},
    [TRAINING_FAULT_SHORT] = {"shorter_than_window", "shorter than a window"},
};

void
training_clip_report_add (TrainingClipReport *self, const char *name, guint faults)
{
  self->n_clips++;
  for (guint i = 0; i < TRAINING_N_FAULTS; i++) {
    if (!(faults >> i & 1))
      continue;
    if (!self->names[i])
      self->names[i] = g_string_new (NULL);
    if (self->n[i] < N_NAMES)
      g_string_append_printf (self->names[i], "%s%s", self->n[i] ? ", " : "", name);
    else if (self->n[i] == N_NAMES)
      g_string_append (self->names[i], ", ...");
    self->n[i]++;
  }
}

void
training_clip_report_print (const TrainingClipReport *self, const char *program)
{
  for (guint i = 0; i < TRAINING_N_FAULTS; i++)
    if (self->n[i] > 0)
      g_printerr ("%s: %u of %u clips %s: %s\n", program, self->n[i], self->n_clips, words[i].text,
                  self->names[i]->str);
}

JsonObject *
training_clip_report_to_json (const TrainingClipReport *self)
{
  JsonObject *object = json_object_new ();
  json_object_set_int_member (object, "n", self->n_clips);
  for (guint i = 0; i < TRAINING_N_FAULTS; i++)
    json_object_set_int_member (object, words[i].key, self->n[i]);
  return object;
}

void
training_clip_report_clear (TrainingClipReport *self)
{
  for (guint i = 0; i < TRAINING_N_FAULTS; i++)
    if (self->names[i])
      g_string_free (self->names[i], TRUE);
  *self = (TrainingClipReport){0};
}
