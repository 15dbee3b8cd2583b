/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/base/audio.h"
#include "core/features/speech-1.h"

#include <math.h>
#include <string.h>

#include "core/dsp/mel.h"
#include "tests/core/signals.h"
#include "tests/core/windows.h"

#define RATE EMOTION_SAMPLE_RATE
#define SECOND ((gsize)RATE)

static float
value (const float *vector, const char *feature)
{
  return vector[test_feature (feature)];
}

static void
assert_feature (const float *vector, const char *feature, double expected, double within)
{
  double actual = value (vector, feature);
  if (!(fabs (actual - expected) <= within))
    g_error ("%s is %g, expected %g within %g", feature, actual, expected, within);
}

static double
semitones (double hz)
{
  return 12 * log2 (hz / 27.5);
}

/* 1 kHz has 25 whole periods in a frame and falls on bin 32; Hann's main lobe is 5 bins wide. */
static void
test_tone_features (void)
{
  const double bin = 31.25;
  EmotionActivity activity;
  float *tone = test_tone (RATE, 2 * SECOND, 1000, 0.5, 0.1);
  float *v = test_vector_of (tone, 2 * SECOND, RATE, &activity);
  assert_feature (v, "log_energy_mean", log (0.5 / sqrt (2)), 1e-3);
  assert_feature (v, "log_energy_sd", 0, 1e-3);
  /* 50 half periods in 400 samples: 49 or 50 crossings between 399 neighbours. */
  assert_feature (v, "zcr_mean", 50 / 399., 1 / 399.);
  assert_feature (v, "centroid_mean", 1000, 1);
  assert_feature (v, "bandwidth_mean", 0, bin);
  assert_feature (v, "rolloff25_mean", 1000, bin);
  assert_feature (v, "rolloff50_mean", 1000, bin / 2);
  assert_feature (v, "rolloff85_mean", 1000, 2 * bin);
  assert_feature (v, "rolloff95_mean", 1000, 2 * bin);
  /* 160 samples are 10 whole periods, so every frame is the same. */
  assert_feature (v, "flux_p50", 0, 1e-3);
  assert_feature (v, "centroid_delta_mean", 0, 0.1);
  assert_feature (v, "cut_frames", 198, 0);
  assert_feature (v, "active_fraction", 1, 0);
  g_assert_cmpfloat_with_epsilon (activity.level, 20 * log10 (0.5 / sqrt (2)), 0.01);
  g_assert_cmpuint (activity.n_frames, ==, 198); /* (32000 - 400) / 160 + 1 */
  g_free (v);
  g_free (tone);
}

/* The power of white noise in a bin is exponentially distributed: E ln P - ln E P = -0.5772
 * (Euler). */
static void
test_noise_features (void)
{
  float *noise = test_noise (4 * SECOND, 0.5, 1);
  float *v = test_vector_of (noise, 4 * SECOND, RATE, NULL);
  assert_feature (v, "log_energy_mean", log (0.5 / sqrt (3)), 0.01);
  assert_feature (v, "zcr_mean", 0.5, 0.01);
  assert_feature (v, "centroid_mean", 4000, 60);
  assert_feature (v, "bandwidth_mean", 8000 / sqrt (12), 60);
  assert_feature (v, "rolloff25_mean", 2000, 100);
  assert_feature (v, "rolloff50_mean", 4000, 100);
  assert_feature (v, "rolloff85_mean", 6800, 100);
  assert_feature (v, "rolloff95_mean", 7600, 100);
  assert_feature (v, "flatness_mean", -0.5772, 0.03);
  /* 950 Hz over 4 kHz */
  assert_feature (v, "alpha_ratio_mean", log (950 / 4000.), 0.05);
  assert_feature (v, "slope_500_1500_mean", 0, 0.1);
  assert_feature (v, "slope_1500_5000_mean", 0, 0.03);
  g_free (v);
  g_free (noise);
}

/* Tones of known power on both sides: 0.4 at 500 Hz and 0.1 at 3 kHz give 12 dB. */
static void
test_balance (void)
{
  float *low = test_tone (RATE, SECOND, 500, 0.4, 0),
        *high = test_tone (RATE, SECOND, 3000, 0.1, 1);
  for (gsize i = 0; i < SECOND; i++)
    low[i] += high[i];
  float *v = test_vector_of (low, SECOND, RATE, NULL);
  assert_feature (v, "alpha_ratio_mean", log (16), 0.01);
  assert_feature (v, "hammarberg_mean", log (16), 0.01);
  assert_feature (v, "centroid_mean", (16 * 500 + 3000) / 17., 2);
  g_free (v);
  g_free (low);
  g_free (high);
}

/* Descriptors by their definitions */

enum { SPAN = 400, HOP = 160, FFT_SIZE = 512, N_BINS = FFT_SIZE / 2 + 1, N_BANDS = 40 };

/* The power spectrum of a frame, term by term. */
static void
slow_power (const float *samples, double *power)
{
  double x[SPAN], mean = 0;
  for (guint i = 0; i < SPAN; i++)
    mean += samples[i] / (double)SPAN;
  for (guint i = 0; i < SPAN; i++)
    x[i] = (samples[i] - mean) * (0.5 - 0.5 * cos (2 * G_PI * i / (SPAN - 1)));
  for (guint k = 0; k < N_BINS; k++) {
    double re = 0, im = 0;
    for (guint i = 0; i < SPAN; i++) {
      re += x[i] * cos (2 * G_PI * k * i / FFT_SIZE);
      im -= x[i] * sin (2 * G_PI * k * i / FFT_SIZE);
    }
    power[k] = re * re + im * im;
  }
}

typedef struct {
  double loudness, centroid, bandwidth, flatness, flux, alpha, hammarberg;
  double mfcc[SPEECH_1_CEPSTRA];
} Means;

/* Adds the contribution of one frame's spectrum; `last` is the previous frame's
 * spectrum, or NULL. */
static void
slow_describe (const EmotionMel *mel, const double *power, const double *last, double fraction,
               Means *means)
{
  double total = 0, first = 0, second = 0, logs = 0, norm = 0, flux = 0, low = 0, high = 0;
  double low_peak = 0, high_peak = 0;
  float single[N_BINS], bands[N_BANDS], cepstra[SPEECH_1_CEPSTRA];
  for (guint k = 0; k < N_BINS; k++) {
    const double hz = k * 31.25, p = single[k] = (float)power[k];
    total += p;
    first += p * hz;
    logs += log (p) / N_BINS;
    norm += last ? last[k] : 0;
    low += hz >= 50 && hz < 1000 ? p : 0;
    high += hz >= 1000 && hz < 5000 ? p : 0;
    low_peak = MAX (low_peak, hz < 2000 ? p : 0);
    high_peak = MAX (high_peak, hz >= 2000 && hz < 5000 ? p : 0);
  }
  for (guint k = 0; k < N_BINS; k++) {
    second += power[k] * pow (k * 31.25 - first / total, 2);
    flux += last ? pow (sqrt (power[k] / total) - sqrt (last[k] / norm), 2) : 0;
  }
  means->centroid += fraction * first / total;
  means->bandwidth += fraction * sqrt (second / total);
  means->flatness += fraction * (logs - log (total / N_BINS));
  means->flux += fraction * sqrt (flux);
  means->alpha += fraction * log (low / high);
  means->hammarberg += fraction * log (low_peak / high_peak);
  emotion_mel_bands (mel, single, bands);
  for (guint b = 0; b < N_BANDS; b++) {
    means->loudness += fraction * pow (bands[b], 0.3);
    bands[b] = logf (bands[b]);
  }
  emotion_mel_cepstra (mel, bands, cepstra);
  for (guint c = 0; c < SPEECH_1_CEPSTRA; c++)
    means->mfcc[c] += fraction * cepstra[c];
}

static void
test_definitions (void)
{
  enum { N_FRAMES = 30 };
  const gsize n = (N_FRAMES - 1) * HOP + SPAN;
  float *samples = test_noise (n, 0.2, 4), *glide = test_glide (RATE, n, 300, 3000, 0.4);
  for (gsize i = 0; i < n; i++)
    samples[i] += glide[i];
  EmotionMel *mel = emotion_mel_new (N_BANDS, FFT_SIZE, 20, 8000, SPEECH_1_CEPSTRA);
  Means means = {0};
  double power[2][N_BINS];
  for (guint t = 0; t < N_FRAMES; t++) {
    slow_power (samples + t * HOP, power[t % 2]);
    slow_describe (mel, power[t % 2], t ? power[(t - 1) % 2] : NULL, 1. / N_FRAMES, &means);
  }
  float *v = test_vector_of (samples, n, RATE, NULL);
  assert_feature (v, "loudness_mean", means.loudness, 1e-4 * means.loudness);
  assert_feature (v, "centroid_mean", means.centroid, 0.1);
  assert_feature (v, "bandwidth_mean", means.bandwidth, 0.1);
  assert_feature (v, "flatness_mean", means.flatness, 1e-3);
  assert_feature (v, "flux_mean", means.flux, 1e-4);
  assert_feature (v, "alpha_ratio_mean", means.alpha, 1e-4);
  assert_feature (v, "hammarberg_mean", means.hammarberg, 1e-4);
  for (guint c = 0; c < SPEECH_1_CEPSTRA; c++) {
    char *name = g_strdup_printf ("mfcc%u_mean", c);
    assert_feature (v, name, means.mfcc[c], 1e-3);
    g_free (name);
  }
  emotion_mel_free (mel);
  g_free (v);
  g_free (samples);
  g_free (glide);
}

/* Tones at every bin whose log power falls by 2 per kHz. The lowest slope is left out: removing the
 * frame's mean takes the power out of the first bin. */
static void
test_slopes (void)
{
  const double slope = -2;
  gsize n = 4 * SECOND;
  GRand *random = g_rand_new_with_seed (1);
  float *sum = test_silence (n);
  for (guint bin = 1; bin < 256; bin++) {
    double hz = bin * 31.25, phase = g_rand_double_range (random, 0, 2 * G_PI);
    float *tone = test_tone (RATE, n, hz, 0.05 * exp (slope / 2 * hz / 1000), phase);
    for (gsize i = 0; i < n; i++)
      sum[i] += tone[i];
    g_free (tone);
  }
  float *v = test_vector_of (sum, n, RATE, NULL);
  assert_feature (v, "slope_500_1500_mean", slope, 0.2);
  assert_feature (v, "slope_1500_5000_mean", slope, 0.05);
  g_rand_free (random);
  g_free (v);
  g_free (sum);
}

/* The log energy of a tone that grows threefold is a straight line, so all its functionals are
 * known. If it grew more, its start would count as noise. */
static void
test_functionals (void)
{
  gsize n = 4 * SECOND;
  float *tone = test_tone (RATE, n, 1000, 0.05, 0);
  for (gsize i = 0; i < n; i++)
    tone[i] *= (float)pow (3, (double)i / (double)n);
  float *v = test_vector_of (tone, n, RATE, NULL);
  /* From the middle of the first of 398 frames to that of the last. */
  const double low = log (0.05 / sqrt (2)) + log (3) * 200 / (double)n;
  const double range = log (3) * 397 * 160 / (double)n;
  static const struct {
    const char *name;
    double part; /* of the range */
  } quantiles[] = {{"p05", 0.05}, {"p25", 0.25}, {"p50", 0.5},
                   {"p75", 0.75}, {"p95", 0.95}, {"mean", 0.5}};
  static const char *const classifiers[] = {"", "active_"};
  for (guint w = 0; w < G_N_ELEMENTS (classifiers); w++)
    for (guint q = 0; q < G_N_ELEMENTS (quantiles); q++) {
      char *name = g_strdup_printf ("log_energy_%s%s", classifiers[w], quantiles[q].name);
      assert_feature (v, name, low + quantiles[q].part * range, 2e-3);
      g_free (name);
    }
  assert_feature (v, "log_energy_range90", 0.9 * range, 2e-3);
  assert_feature (v, "log_energy_iqr", 0.5 * range, 2e-3);
  assert_feature (v, "log_energy_sd", range / sqrt (12), 2e-3);
  assert_feature (v, "log_energy_slope", range / 2, 2e-3);
  assert_feature (v, "log_energy_skewness", 0, 0.01);
  assert_feature (v, "log_energy_kurtosis", 1.8 - 3, 0.01);
  assert_feature (v, "log_energy_delta_mean", range / 397, 1e-4);
  assert_feature (v, "log_energy_delta_p50", range / 397, 1e-4);
  g_free (v);
  g_free (tone);
}

static void
test_f0 (void)
{
  float *saw = test_saw (RATE, 2 * SECOND, 150, 0.5);
  float *v = test_vector_of (saw, 2 * SECOND, RATE, NULL);
  assert_feature (v, "f0_mean", semitones (150), 0.05);
  assert_feature (v, "f0_p50", semitones (150), 0.05);
  assert_feature (v, "f0_min", semitones (150), 0.1);
  assert_feature (v, "f0_max", semitones (150), 0.1);
  assert_feature (v, "f0_sd", 0, 0.05);
  assert_feature (v, "f0_step_mean", 0, 0.01);
  assert_feature (v, "f0_voiced_fraction", 1, 0);
  assert_feature (v, "voiced_runs", 1 / 198., 1e-6);
  assert_feature (v, "voiced_run_mean", 198, 0);
  assert_feature (v, "voiced_run_max", 198, 0);
  g_free (v);
  g_free (saw);
}

/* Two octaves up: 24 semitones over a time axis from -1 to 1. */
static void
test_f0_slope (void)
{
  float *glide = test_glide (RATE, 3 * SECOND, 100, 400, 0.5);
  float *v = test_vector_of (glide, 3 * SECOND, RATE, NULL);
  assert_feature (v, "f0_slope", 12, 0.3);
  assert_feature (v, "f0_mean", semitones (200), 0.1);
  assert_feature (v, "f0_min", semitones (100), 0.3);
  assert_feature (v, "f0_max", semitones (400), 0.3);
  assert_feature (v, "f0_step_mean", 24 / 300., 0.005);
  g_free (v);
  g_free (glide);
}

/* Ten syllables of 0.3 s with pauses of 0.1 s between them. */
static void
test_rhythm (void)
{
  gsize n = (gsize)(3.9 * RATE);
  EmotionActivity activity;
  float *vowel = test_vowel (RATE, n);
  float *v = test_vector_of (vowel, n, RATE, &activity);
  float cut = value (v, "cut_frames");
  assert_feature (v, "voiced_runs", 10 / cut, 1e-6);
  assert_feature (v, "voiced_run_mean", 30, 4);
  assert_feature (v, "voiced_run_sd", 0, 2);
  assert_feature (v, "f0_voiced_fraction", 0.75, 0.1);
  assert_feature (v, "active_fraction", 0.75, 0.1);
  g_test_message ("%u of %u frames are speech", activity.n_speech, activity.n_frames);
  g_assert_cmpuint (activity.n_speech, ==, (guint)value (v, "active_frames"));
  g_assert_cmpuint (activity.n_speech, >, activity.n_frames * 7 / 10);
  g_free (v);
  g_free (vowel);
}

/* The window is cut to its active part, so silence around it changes little but the counts. */
static void
test_cut (void)
{
  gsize n = (gsize)(1.9 * RATE), pad = SECOND / 2;
  float *vowel = test_vowel (RATE, n), *padded = test_silence (n + 2 * pad);
  EmotionActivity alone, within;
  memcpy (padded + pad, vowel, n * sizeof *vowel);
  float *a = test_vector_of (vowel, n, RATE, &alone);
  float *b = test_vector_of (padded, n + 2 * pad, RATE, &within);
  g_assert_cmpuint (within.n_frames, ==, alone.n_frames + 100);
  g_assert_cmpint (abs ((gint)within.n_speech - (gint)alone.n_speech), <=, 5);
  assert_feature (b, "cut_frames", value (a, "cut_frames"), 5);
  assert_feature (b, "log_energy_active_mean", value (a, "log_energy_active_mean"), 0.1);
  assert_feature (b, "centroid_voiced_mean", value (a, "centroid_voiced_mean"), 10);
  assert_feature (b, "f0_mean", value (a, "f0_mean"), 0.05);
  g_free (a);
  g_free (b);
  g_free (vowel);
  g_free (padded);
}

/* Frames with at least 3 % of the level of the loud parts are active, even if the loud parts are
 * the smaller fraction; a burst too short to be one of them does not set the level. Without a
 * pause, the quiet tenth counts as noise, and so do frames up to four times as loud, but not frames
 * with 30 % of the level of the loud parts. */
static void
test_active (void)
{
  static const struct {
    gsize loud;  /* samples */
    float rest;  /* relative to the loud part */
    gsize pause; /* samples at the end */
    double cut;  /* frames */
  } cases[] = {
      {SECOND, 1, 0, 198},
      {6 * SECOND / 10, 0.04f, 3 * SECOND / 10, 170},
      {6 * SECOND / 10, 0.02f, 3 * SECOND / 10, 60},
      {6 * SECOND / 10, 0.04f, 0, 60},
      {6 * SECOND / 10, 0.2f, 0, 60},
      {6 * SECOND / 10, 0.32f, 0, 198},
      {2 * SECOND / 100, 0.02f, 0, 198},
      {6 * SECOND / 100, 0, 0, 198}, /* too few to cut to */
  };
  for (guint c = 0; c < G_N_ELEMENTS (cases); c++) {
    float *tone = test_tone (RATE, 2 * SECOND, 1000, 0.5, 0);
    for (gsize i = cases[c].loud; i < 2 * SECOND; i++)
      tone[i] *= i < 2 * SECOND - cases[c].pause ? cases[c].rest : 0;
    float *v = test_vector_of (tone, 2 * SECOND, RATE, NULL);
    assert_feature (v, "cut_frames", cases[c].cut, cases[c].cut < 198 ? 2 : 0);
    g_free (v);
    g_free (tone);
  }
}

/* Of the noise after a voice, 250 ms count as speech, because consonants are unvoiced. */
static void
test_speech_reach (void)
{
  EmotionActivity activity;
  float *saw = test_saw (RATE, 2 * SECOND, 150, 0.3), *noise = test_noise (2 * SECOND, 0.3, 2);
  memcpy (saw + SECOND, noise, SECOND * sizeof *saw);
  g_free (test_vector_of (saw, 2 * SECOND, RATE, &activity));
  g_test_message ("%u frames are speech", activity.n_speech);
  g_assert_cmpuint (activity.n_speech, >=, 100 + 25 - 5);
  g_assert_cmpuint (activity.n_speech, <=, 100 + 25 + 5);
  g_free (saw);
  g_free (noise);
}

/* Half the amplitude subtracts ln 2 from the log energy, ln 4 from each log band, and nothing from
 * the descriptors of shape, apart from the floors of the logarithms (1e-9 of power). */
static void
test_gain (void)
{
  static const char *const shape[] = {"zcr_mean",
                                      "centroid_mean",
                                      "bandwidth_mean",
                                      "rolloff25_mean",
                                      "rolloff85_mean",
                                      "flatness_mean",
                                      "flux_mean",
                                      "alpha_ratio_mean",
                                      "hammarberg_mean",
                                      "slope_0_500_sd",
                                      "slope_1500_5000_p50",
                                      "voicing_mean",
                                      "mfcc1_mean",
                                      "mfcc5_sd",
                                      "mfcc19_p75",
                                      "f0_mean",
                                      "f0_sd",
                                      "f0_step_sd",
                                      "f0_voiced_fraction",
                                      "active_fraction",
                                      "log_energy_sd",
                                      "log_energy_iqr",
                                      "mfcc0_sd",
                                      "voiced_run_mean",
                                      "centroid_skewness",
                                      "centroid_slope",
                                      "mfcc3_active_mean",
                                      "mfcc7_voiced_p05"};
  gsize n = 2 * SECOND;
  float *loud = test_noise (n, 0.1, 6), *saw = test_saw (RATE, n, 150, 0.5);
  for (gsize i = 0; i < n; i++)
    loud[i] += saw[i];
  float *a = test_vector_of (loud, n, RATE, NULL);
  for (gsize i = 0; i < n; i++)
    loud[i] *= 0.5f;
  float *b = test_vector_of (loud, n, RATE, NULL);
  assert_feature (b, "log_energy_mean", value (a, "log_energy_mean") - log (2), 1e-4);
  assert_feature (b, "log_energy_p95", value (a, "log_energy_p95") - log (2), 1e-4);
  assert_feature (b, "mfcc0_mean", value (a, "mfcc0_mean") - sqrt (40) * log (4), 1e-3);
  assert_feature (b, "loudness_mean", value (a, "loudness_mean") * pow (0.25, 0.3),
                  1e-3 * value (b, "loudness_mean"));
  for (guint i = 0; i < G_N_ELEMENTS (shape); i++)
    assert_feature (b, shape[i], value (a, shape[i]), 1e-3 * (0.1 + fabsf (value (a, shape[i]))));
  g_free (a);
  g_free (b);
  g_free (loud);
  g_free (saw);
}

static void
assert_finite (const char *name, const float *samples, gsize n)
{
  EmotionActivity activity;
  float *v = test_vector_of (samples, n, RATE, &activity);
  for (guint i = 0; i < emotion_speech_1.n_features; i++)
    if (!isfinite (v[i]))
      g_error ("%s: feature %u is %g", name, i, v[i]);
  g_assert_true (isfinite (activity.level));
  g_assert_cmpfloat (activity.level, >=, -120);
  g_assert_cmpfloat (activity.level, <=, 0.01);
  g_assert_cmpuint (activity.n_speech, <=, activity.n_frames);
  g_free (v);
}

static void
test_finite (void)
{
  gsize n = SECOND;
  float *x = test_silence (n);
  assert_finite ("silence", x, n);
  for (gsize i = 0; i < n; i++)
    x[i] = 1e-40f;
  assert_finite ("denormal numbers", x, n);
  for (gsize i = 0; i < n; i++)
    x[i] = 1;
  assert_finite ("a constant", x, n);
  for (gsize i = 0; i < n; i++)
    x[i] = i / 53 % 2 ? 1 : -1;
  assert_finite ("full clipping", x, n);
  for (gsize i = 0; i < n; i++)
    x[i] = i % 4000 == 0;
  assert_finite ("clicks", x, n);
  for (gsize i = 0; i < n; i++)
    x[i] = i < 400 ? 1 : 0;
  assert_finite ("a burst of one frame", x, n);
  assert_finite ("one frame", x, 400);
  g_free (x);
  x = test_noise (n, 1, 8);
  assert_finite ("noise", x, n);
  assert_finite ("one frame of noise", x, 400);
  assert_finite ("two frames of noise", x, 560);
  g_free (x);
}

/* Without voice, F0 is set to 128 Hz and nothing else changes. */
static void
test_silence_features (void)
{
  EmotionActivity activity;
  float *silence = test_silence (SECOND), *v = test_vector_of (silence, SECOND, RATE, &activity);
  g_assert_cmpfloat (activity.level, ==, -120);
  g_assert_cmpuint (activity.n_speech, ==, 0);
  assert_feature (v, "f0_mean", semitones (128), 1e-4);
  assert_feature (v, "f0_sd", 0, 0);
  assert_feature (v, "f0_voiced_fraction", 0, 0);
  assert_feature (v, "active_fraction", 0, 0);
  assert_feature (v, "voiced_runs", 0, 0);
  assert_feature (v, "log_energy_mean", log (1e-6), 1e-3);
  assert_feature (v, "centroid_sd", 0, 0);
  g_free (v);
  g_free (silence);
}

static void
test_speech (void)
{
  guint rate;
  gsize n;
  EmotionActivity activity;
  for (guint32 seed = 0; seed < 5; seed++) {
    float *noise = test_noise (3 * SECOND, 0.5, seed);
    g_free (test_vector_of (noise, 3 * SECOND, RATE, &activity));
    g_test_message ("noise, seed %u: %u of %u frames are speech", seed, activity.n_speech,
                    activity.n_frames);
    g_assert_cmpuint (activity.n_speech, ==, 0);
    g_free (noise);
  }
  /* 70 dB lower, a vowel is below the level of speech. */
  float *vowel = test_vowel (RATE, 2 * SECOND);
  for (gsize i = 0; i < 2 * SECOND; i++)
    vowel[i] *= 3e-4f;
  g_free (test_vector_of (vowel, 2 * SECOND, RATE, &activity));
  g_assert_cmpuint (activity.n_speech, ==, 0);
  g_free (vowel);
  float *glide = test_reference ("vowel_glide", &rate, &n);
  if (!glide) {
    g_test_skip ("the reference signals are not there; EMOTION_REFERENCE names their folder");
    return;
  }
  g_free (test_vector_of (glide, n, rate, &activity));
  g_test_message ("vowel_glide: %u of %u frames are speech", activity.n_speech, activity.n_frames);
  g_assert_cmpuint (activity.n_speech, >, activity.n_frames / 2);
  g_free (glide);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/speech-1/tone", test_tone_features);
  g_test_add_func ("/speech-1/noise", test_noise_features);
  g_test_add_func ("/speech-1/balance", test_balance);
  g_test_add_func ("/speech-1/definitions", test_definitions);
  g_test_add_func ("/speech-1/slopes", test_slopes);
  g_test_add_func ("/speech-1/functionals", test_functionals);
  g_test_add_func ("/speech-1/f0", test_f0);
  g_test_add_func ("/speech-1/f0-slope", test_f0_slope);
  g_test_add_func ("/speech-1/rhythm", test_rhythm);
  g_test_add_func ("/speech-1/cut", test_cut);
  g_test_add_func ("/speech-1/active", test_active);
  g_test_add_func ("/speech-1/speech-reach", test_speech_reach);
  g_test_add_func ("/speech-1/gain", test_gain);
  g_test_add_func ("/speech-1/finite", test_finite);
  g_test_add_func ("/speech-1/silence", test_silence_features);
  g_test_add_func ("/speech-1/speech", test_speech);
  return g_test_run ();
}
