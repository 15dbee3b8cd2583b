/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/base/audio.h"
#include "core/dsp/resampler.h"

#include <math.h>
#include <string.h>

#include "core/features/feature-set.h"
#include "tests/core/signals.h"

#define EDGE 400 /* output samples at each end where the filter reaches beyond the stream */

static const guint rates[] = {8000, 11025, 16000, 22050, 37801, 44100, 48000, 96000, 192000};

/* Resamples the whole stream in chunks of `chunk` samples, or of seeded random sizes if it is 0. */
static float *
resample_with (EmotionResampler *resampler, const float *in, gsize n, gsize chunk, gsize *n_out)
{
  GRand *random = g_rand_new_with_seed (7);
  GArray *out = g_array_new (FALSE, FALSE, sizeof (float));
  for (gsize at = 0; at < n;) {
    gsize size = MIN (chunk ? chunk : (gsize)g_rand_int_range (random, 1, 3000), n - at);
    float *buffer = g_new (float, emotion_resampler_get_max_output (resampler, size));
    gsize made = emotion_resampler_process (resampler, in + at, size, buffer);
    g_assert_cmpuint (made, <=, emotion_resampler_get_max_output (resampler, size));
    g_array_append_vals (out, buffer, (guint)made);
    g_free (buffer);
    at += size;
  }
  float *buffer = g_new (float, emotion_resampler_get_max_output (resampler, 0));
  gsize made = emotion_resampler_drain (resampler, buffer);
  g_assert_cmpuint (made, <=, emotion_resampler_get_max_output (resampler, 0));
  g_array_append_vals (out, buffer, (guint)made);
  g_free (buffer);
  g_rand_free (random);
  *n_out = out->len;
  return (float *)(gpointer)g_array_free (out, FALSE);
}

static float *
resample (guint rate, const float *in, gsize n, gsize chunk, gsize *n_out)
{
  EmotionResampler *resampler = emotion_resampler_new (rate);
  float *out = resample_with (resampler, in, n, chunk, n_out);
  emotion_resampler_free (resampler);
  return out;
}

/* Amplitude, phase and delay are right if the output equals the same sine sampled at 16 kHz. */
static void
test_tones (void)
{
  static const double tones[] = {100, 1000, 3300, 5000, 7000};
  for (guint r = 0; r < G_N_ELEMENTS (rates); r++) {
    double worst = INFINITY;
    for (guint t = 0; t < G_N_ELEMENTS (tones) && tones[t] < 0.9 * rates[r] / 2; t++) {
      gsize n_out;
      float *in = test_tone (rates[r], rates[r], tones[t], 0.8, 0.3);
      float *out = resample (rates[r], in, rates[r], 1000, &n_out);
      float *ideal = test_tone (EMOTION_SAMPLE_RATE, n_out, tones[t], 0.8, 0.3);
      double snr = test_snr (ideal + EDGE, out + EDGE, n_out - 2 * EDGE);
      worst = MIN (worst, snr);
      g_free (in);
      g_free (out);
      g_free (ideal);
    }
    g_test_message ("%u Hz: SNR at least %.1f dB", rates[r], worst);
    g_assert_cmpfloat (worst, >, 60);
  }
}

static void
test_alias (void)
{
  static const double tones[] = {8600, 9000, 10500, 15000, 20000};
  for (guint r = 0; r < G_N_ELEMENTS (rates); r++) {
    for (guint t = 0; t < G_N_ELEMENTS (tones); t++) {
      if (tones[t] >= rates[r] / 2.0)
        continue;
      gsize n_out;
      float *in = test_tone (rates[r], rates[r], tones[t], 0.8, 0);
      float *out = resample (rates[r], in, rates[r], 1000, &n_out);
      double energy = 0;
      for (gsize i = EDGE; i < n_out - EDGE; i++)
        energy += (double)out[i] * out[i];
      double db = 10 * log10 (energy / (double)(n_out - 2 * EDGE) / (0.8 * 0.8 / 2) + 1e-30);
      g_test_message ("%u Hz: a tone of %.0f Hz comes out at %.1f dB", rates[r], tones[t], db);
      g_assert_cmpfloat (db, <, -60);
      g_free (in);
      g_free (out);
    }
  }
}

static void
test_count (void)
{
  static const gsize lengths[] = {0, 1, 2, 3, 159, 160, 161, 441, 1000, 12345};
  for (guint r = 0; r < G_N_ELEMENTS (rates); r++)
    for (guint l = 0; l < G_N_ELEMENTS (lengths); l++) {
      gsize n_out;
      float *in = test_noise (lengths[l], 0.5, 1);
      float *out = resample (rates[r], in, lengths[l], 100, &n_out);
      g_assert_cmpuint (n_out, ==, (lengths[l] * 16000 + rates[r] - 1) / rates[r]);
      g_free (in);
      g_free (out);
    }
}

static void
test_scale (void)
{
  g_assert_cmpuint (emotion_resampler_scale (16000, 12345), ==, 12345);
  g_assert_cmpuint (emotion_resampler_scale (48000, 3), ==, 1);
  g_assert_cmpuint (emotion_resampler_scale (48000, 4), ==, 2);
  g_assert_cmpuint (emotion_resampler_scale (8000, 7), ==, 14);
  g_assert_cmpuint (emotion_resampler_scale (44100, 441), ==, 160);
  /* 2^60 frames: 44100 of them are 16000 samples, and the remainder rounds up. */
  guint64 n = (guint64)1 << 60;
  g_assert_cmpuint (emotion_resampler_scale (44100, n), ==,
                    n / 441 * 160 + (n % 441 * 160 + 440) / 441);
}

static void
test_chunks (void)
{
  static const gsize chunks[] = {1, 7, 160, 441, 4096, 0};
  for (guint r = 0; r < G_N_ELEMENTS (rates); r++) {
    gsize n = rates[r] / 2, n_whole, n_out;
    float *in = test_noise (n, 0.5, 2);
    float *whole = resample (rates[r], in, n, n, &n_whole);
    for (guint c = 0; c < G_N_ELEMENTS (chunks); c++) {
      float *out = resample (rates[r], in, n, chunks[c], &n_out);
      test_assert_same_bits (out, n_out, whole, n_whole);
      g_free (out);
    }
    g_free (in);
    g_free (whole);
  }
}

static void
test_reset (void)
{
  for (guint r = 0; r < G_N_ELEMENTS (rates); r++) {
    gsize n = rates[r] / 4, n_fresh, n_again, n_dropped;
    float *in = test_noise (n, 0.5, 3), *other = test_noise (n, 1, 4);
    float *fresh = resample (rates[r], in, n, 160, &n_fresh);
    EmotionResampler *resampler = emotion_resampler_new (rates[r]);
    float *dropped = g_new (float, emotion_resampler_get_max_output (resampler, n));
    /* Once in the middle of a stream, once after its end. */
    emotion_resampler_process (resampler, other, n, dropped);
    for (guint round = 0; round < 2; round++) {
      emotion_resampler_reset (resampler);
      float *again = resample_with (resampler, in, n, 160, &n_again);
      test_assert_same_bits (again, n_again, fresh, n_fresh);
      g_free (again);
      emotion_resampler_reset (resampler);
      g_free (resample_with (resampler, other, n, 441, &n_dropped));
    }
    emotion_resampler_free (resampler);
    g_free (dropped);
    g_free (in);
    g_free (other);
    g_free (fresh);
  }
}

static void
test_same_rate (void)
{
  gsize n_out;
  float *in = test_noise (5000, 1, 5), *out = resample (16000, in, 5000, 333, &n_out);
  test_assert_same_bits (out, n_out, in, 5000);
  g_free (in);
  g_free (out);
  emotion_resampler_free (NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/resampler/tones", test_tones);
  g_test_add_func ("/resampler/alias", test_alias);
  g_test_add_func ("/resampler/count", test_count);
  g_test_add_func ("/resampler/scale", test_scale);
  g_test_add_func ("/resampler/chunks", test_chunks);
  g_test_add_func ("/resampler/reset", test_reset);
  g_test_add_func ("/resampler/same-rate", test_same_rate);
  return g_test_run ();
}
