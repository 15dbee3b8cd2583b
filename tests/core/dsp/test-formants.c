/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/base/audio.h"
#include "core/dsp/formants.h"

#include <math.h>

#include "core/dsp/spectral-frame.h"
#include "core/features/feature-set.h"
#include "tests/core/signals.h"

#define RATE EMOTION_SAMPLE_RATE
#define HOP 160 /* samples */

/* The mean over the frames of n samples. */
static EmotionFormantRow
mean_formants (const float *samples, gsize n)
{
  EmotionSpectralFrame *frame = emotion_spectral_frame_new (TRUE);
  EmotionFormants *formants = emotion_formants_new ();
  EmotionFormantRow mean = {{0}, {0}}, row;
  EmotionSpectralRow spectral;
  const gsize n_frames = (n - EMOTION_SPECTRAL_SPAN) / HOP + 1;
  for (gsize t = 0; t < n_frames; t++) {
    emotion_spectral_frame_analyse (frame, samples + t * HOP, &spectral);
    emotion_formants_analyse (formants, emotion_spectral_frame_get_power (frame), &row);
    for (guint f = 0; f < EMOTION_FORMANTS; f++) {
      g_assert_true (isfinite (row.centres[f]) && isfinite (row.bandwidths[f]));
      g_assert_cmpfloat (row.bandwidths[f], >, 0);
      mean.centres[f] += row.centres[f] / (float)n_frames;
      mean.bandwidths[f] += row.bandwidths[f] / (float)n_frames;
    }
  }
  emotion_formants_free (formants);
  emotion_spectral_frame_free (frame);
  return mean;
}

/* Vowels of Peterson & Barney (1952), men and women, with a fourth formant. The harmonics sample
 * the envelope, so a low formant between two of them is biased towards one, by up to half of F0. */
static void
test_vowels (void)
{
  static const struct {
    double f0, centres[4];
  } vowels[] = {
      {110, {730, 1090, 2440, 3500}}, {110, {270, 2290, 3010, 3600}},
      {120, {530, 1840, 2480, 3500}}, {120, {570, 840, 2410, 3400}},
      {200, {850, 1220, 2810, 3900}}, {200, {610, 2330, 2990, 4000}},
  };
  static const double widths[] = {70, 90, 130, 180};
  const gsize n = RATE / 2;
  for (guint v = 0; v < G_N_ELEMENTS (vowels); v++) {
    const double *centres = vowels[v].centres;
    float *x = test_resonances (RATE, n, vowels[v].f0, centres, widths, 4);
    const EmotionFormantRow mean = mean_formants (x + n / 4, n / 2);
    for (guint f = 0; f < EMOTION_FORMANTS; f++) {
      g_test_message ("F0 %g, formant %u at %g: %.0f, %.0f wide", vowels[v].f0, f + 1, centres[f],
                      mean.centres[f], mean.bandwidths[f]);
      g_assert_cmpfloat (fabs (mean.centres[f] - centres[f]), <,
                         0.5 * vowels[v].f0 + 0.05 * centres[f]);
      g_assert_cmpfloat (mean.bandwidths[f], <, 400);
    }
    g_free (x);
  }
}

/* A wider resonance has a larger bandwidth than a narrow one. */
static void
test_bandwidth (void)
{
  static const double centres[] = {600, 1700, 2700, 3700}, narrow[] = {60, 80, 120, 200},
                      wide[] = {200, 250, 300, 350};
  const gsize n = RATE / 2;
  float *a = test_resonances (RATE, n, 100, centres, narrow, 4);
  float *b = test_resonances (RATE, n, 100, centres, wide, 4);
  const EmotionFormantRow x = mean_formants (a, n), y = mean_formants (b, n);
  for (guint f = 0; f < EMOTION_FORMANTS; f++)
    g_assert_cmpfloat (y.bandwidths[f], >, 1.3 * x.bandwidths[f]);
  g_free (a);
  g_free (b);
}

static void
test_gain (void)
{
  static const double centres[] = {600, 1700, 2700, 3700}, widths[] = {60, 80, 120, 200};
  const gsize n = RATE / 2;
  float *x = test_resonances (RATE, n, 130, centres, widths, 4);
  const EmotionFormantRow loud = mean_formants (x, n);
  for (gsize i = 0; i < n; i++)
    x[i] *= 0.03f;
  const EmotionFormantRow quiet = mean_formants (x, n);
  for (guint f = 0; f < EMOTION_FORMANTS; f++) {
    g_assert_cmpfloat_with_epsilon (quiet.centres[f], loud.centres[f], 1);
    g_assert_cmpfloat_with_epsilon (quiet.bandwidths[f], loud.bandwidths[f], 2);
  }
  g_free (x);
}

/* Without a resonance the tube is neutral; all values are finite. */
static void
test_silence_and_noise (void)
{
  float *silence = test_silence (RATE / 4), *noise = test_noise (RATE / 4, 1, 3),
        *tone = test_tone (RATE, RATE / 4, 1000, 1, 0);
  const EmotionFormantRow mean = mean_formants (silence, RATE / 4);
  g_assert_cmpfloat_with_epsilon (mean.centres[0], 500, 0.01);
  g_assert_cmpfloat_with_epsilon (mean.centres[2], 2500, 0.01);
  g_assert_cmpfloat_with_epsilon (mean.bandwidths[1], 400, 0.01);
  mean_formants (noise, RATE / 4);
  g_assert_cmpfloat_with_epsilon (mean_formants (tone, RATE / 4).centres[0], 1000, 40);
  g_free (silence);
  g_free (noise);
  g_free (tone);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/formants/vowels", test_vowels);
  g_test_add_func ("/formants/bandwidth", test_bandwidth);
  g_test_add_func ("/formants/gain", test_gain);
  g_test_add_func ("/formants/silence-and-noise", test_silence_and_noise);
  return g_test_run ();
}
