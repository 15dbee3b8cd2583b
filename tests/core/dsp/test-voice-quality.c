/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/base/audio.h"
#include "core/dsp/voice-quality.h"

#include <math.h>
#include <string.h>

#include "core/features/feature-set.h"
#include "tests/core/signals.h"

#define RATE EMOTION_SAMPLE_RATE
#define HOP 160 /* samples */

static const EmotionFormantRow tube = {{500, 1500, 2500}, {100, 100, 100}};

static guint
quality (const char *name)
{
  for (guint i = 0; i < EMOTION_VOICE_QUALITIES; i++) {
    const char *unit;
    if (strcmp (emotion_voice_quality_describe (i, &unit), name) == 0)
      return i;
  }
  g_assert_not_reached ();
}

/* The mean of one voice-quality measure over the frames of one second, which start at `samples`. */
static double
mean_through (const float *samples, const char *name, double (*function) (double))
{
  EmotionPitch *pitch = emotion_pitch_new ();
  EmotionVoiceQuality *voice = emotion_voice_quality_new ();
  double sum = 0;
  guint n = 0;
  for (gsize at = 0; at + EMOTION_PITCH_SPAN <= RATE; at += HOP, n++) {
    EmotionPitchFrame frame;
    EmotionVoiceQualityRow row;
    emotion_pitch_analyse (pitch, samples + at, &frame);
    emotion_voice_quality_analyse (voice, samples + at, pitch, &frame, &tube, &row);
    for (guint i = 0; i < EMOTION_VOICE_QUALITIES; i++)
      g_assert_true (isfinite (row.values[i]));
    sum += function (row.values[quality (name)]);
  }
  emotion_voice_quality_free (voice);
  emotion_pitch_free (pitch);
  return sum / n;
}

static double
same (double x)
{
  return x;
}

static double
mean_of (const float *samples, const char *name)
{
  return mean_through (samples, name, same);
}

static void
test_jitter (void)
{
  static const double jitters[] = {0, 0.005, 0.01, 0.02, 0.04};
  for (guint i = 0; i < G_N_ELEMENTS (jitters); i++) {
    float *x = test_pulses (RATE, RATE, 160, jitters[i], 0);
    const double change = mean_through (x, "jitter", exp) - 1e-3;
    g_test_message ("jitter of %g: %g", jitters[i], change);
    g_assert_cmpfloat (fabs (change - jitters[i]), <, 5e-4 + 0.3 * jitters[i]);
    g_free (x);
  }
}

static void
test_shimmer (void)
{
  static const double shimmers[] = {0, 0.05, 0.1, 0.2};
  for (guint i = 0; i < G_N_ELEMENTS (shimmers); i++) {
    float *x = test_pulses (RATE, RATE, 160, 0, shimmers[i]);
    const double ratio = mean_through (x, "shimmer", exp) - 1e-2;
    g_test_message ("shimmer of %g: %g", shimmers[i], ratio);
    g_assert_cmpfloat (fabs (ratio - shimmers[i]), <, 0.02 + 0.2 * shimmers[i]);
    g_free (x);
  }
}

/* An autocorrelation of S / (S + N) at the period gives ln (S / N). */
static void
test_hnr (void)
{
  double last = 100;
  for (double snr = 0; snr <= 4; snr += 1) { /* ln of noise over voice, from 10 to -7 dB */
    float *x = test_saw (RATE, RATE, 150, 0.3), *noise = test_noise (RATE, 1, 5);
    double power = 0;
    for (gsize i = 0; i < RATE; i++)
      power += x[i] * x[i] / RATE;
    const double expected = 2.3 - snr, scale = sqrt (3 * power * exp (-expected));
    for (gsize i = 0; i < RATE; i++)
      x[i] += (float)(scale * noise[i]);
    const double hnr = mean_of (x, "hnr");
    g_test_message ("harmonics over noise %g: %g", expected, hnr);
    g_assert_cmpfloat (hnr, <, last);
    if (expected > 0) /* below it the strongest candidate comes from the noise */
      g_assert_cmpfloat (fabs (hnr - expected), <, 0.4);
    last = hnr;
    g_free (x);
    g_free (noise);
  }
}

static void
test_peak_prominence (void)
{
  float *saw = test_saw (RATE, RATE, 150, 0.3), *noise = test_noise (RATE, 0.3, 5),
        *tone = test_tone (RATE, RATE, 150, 0.3, 0);
  const double voice = mean_of (saw, "cpp"), breath = mean_of (noise, "cpp");
  for (gsize i = 0; i < RATE; i++)
    saw[i] += 0.3f * noise[i];
  const double both = mean_of (saw, "cpp");
  g_test_message ("cpp %g of a voice, %g with noise, %g of noise", voice, both, breath);
  g_assert_cmpfloat (voice, >, both + 1);
  g_assert_cmpfloat (both, >, breath + 1);
  g_assert_cmpfloat (voice, >, mean_of (tone, "cpp"));
  g_free (saw);
  g_free (noise);
  g_free (tone);
}

/* Four harmonics of known amplitudes; formants of the tube at 500, 1500, 2500 Hz. */
static void
test_harmonics (void)
{
  const double amplitudes[] = {0.2, 0.1, 0.05, 0.02}, hz[] = {250, 500, 1500, 2500};
  float *x = test_silence (RATE);
  for (guint h = 0; h < 4; h++) {
    float *tone = test_tone (RATE, RATE, hz[h], amplitudes[h], h);
    for (gsize i = 0; i < RATE; i++)
      x[i] += tone[i];
    g_free (tone);
  }
  g_assert_cmpfloat_with_epsilon (mean_of (x, "h1_h2"), 2 * log (2), 0.1);
  g_assert_cmpfloat_with_epsilon (mean_of (x, "h1_a1"), 2 * log (2), 0.1);
  g_assert_cmpfloat_with_epsilon (mean_of (x, "h1_a3"), 2 * log (10), 0.1);
  g_free (x);
}

static void
test_gain (void)
{
  static const char *const names[] = {"jitter", "shimmer", "hnr", "cpp", "h1_h2", "h1_a3", "h1_a1"};
  float *x = test_pulses (RATE, RATE, 160, 0.01, 0.1), *noise = test_noise (RATE, 0.02, 2);
  double loud[EMOTION_VOICE_QUALITIES];
  for (gsize i = 0; i < RATE; i++)
    x[i] += noise[i];
  for (guint q = 0; q < EMOTION_VOICE_QUALITIES; q++)
    loud[q] = mean_of (x, names[q]);
  for (gsize i = 0; i < RATE; i++)
    x[i] *= 0.1f;
  for (guint q = 0; q < EMOTION_VOICE_QUALITIES; q++)
    g_assert_cmpfloat_with_epsilon (mean_of (x, names[q]), loud[q], 0.02 * (1 + fabs (loud[q])));
  g_free (x);
  g_free (noise);
}

/* The values are finite for any input (mean_of() checks each). */
static void
test_finite (void)
{
  float *silence = test_silence (RATE), *noise = test_noise (RATE, 1, 1),
        *clipped = test_tone (RATE, RATE, 200, 50, 0);
  for (gsize i = 0; i < RATE; i++)
    clipped[i] = CLAMP (clipped[i], -1, 1);
  mean_of (silence, "hnr");
  mean_of (noise, "hnr");
  mean_of (clipped, "hnr");
  for (gsize i = 0; i < RATE; i++)
    silence[i] = i % 5000 == 0;
  mean_of (silence, "hnr");
  for (double hz = 40; hz < 1200; hz *= 1.3) {
    float *tone = test_tone (RATE, RATE, hz, 1, 0);
    mean_of (tone, "hnr");
    g_free (tone);
  }
  g_free (silence);
  g_free (noise);
  g_free (clipped);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/voice-quality/jitter", test_jitter);
  g_test_add_func ("/voice-quality/shimmer", test_shimmer);
  g_test_add_func ("/voice-quality/hnr", test_hnr);
  g_test_add_func ("/voice-quality/peak-prominence", test_peak_prominence);
  g_test_add_func ("/voice-quality/harmonics", test_harmonics);
  g_test_add_func ("/voice-quality/gain", test_gain);
  g_test_add_func ("/voice-quality/finite", test_finite);
  return g_test_run ();
}
