/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/dsp/stft.h"

#include <math.h>
#include <string.h>

#include "tests/core/signals.h"

#define SIZE EMOTION_STFT_SIZE
#define HOP EMOTION_STFT_HOP
#define BINS EMOTION_STFT_BINS

/* Bin k of frame t by the definition. */
static void
slow_bin (const float *x, gsize n, guint t, guint k, double *re, double *im)
{
  *re = *im = 0;
  for (guint i = 0; i < SIZE; i++) {
    gint64 at = (gint64)t * HOP - SIZE / 2 + i;
    if (at < 0 || at >= (gint64)n)
      continue;
    double window = 0.5 * (1 - cos (2 * G_PI * i / SIZE)),
           angle = -2 * G_PI * (k * i % SIZE) / SIZE;
    *re += window * x[at] * cos (angle);
    *im += window * x[at] * sin (angle);
  }
}

static void
test_definition (void)
{
  static const gsize lengths[] = {1, 300, 1024, 2500, 5120, 7777};
  EmotionStft *stft = emotion_stft_new ();
  fftwf_complex *spectrum = fftwf_malloc (sizeof (fftwf_complex) * BINS);
  for (guint c = 0; c < G_N_ELEMENTS (lengths); c++) {
    gsize n = lengths[c];
    float *x = test_noise (n, 0.5, c);
    guint n_frames = emotion_stft_n_frames (n);
    g_assert_cmpuint (n_frames, ==, 1 + n / HOP);
    for (guint t = 0; t < n_frames; t++) {
      emotion_stft_forward (stft, x, n, t, spectrum);
      for (guint k = 0; k < BINS; k += 73) {
        double re, im;
        slow_bin (x, n, t, k, &re, &im);
        g_assert_cmpfloat_with_epsilon (spectrum[k][0], re, 1e-5);
        g_assert_cmpfloat_with_epsilon (spectrum[k][1], im, 1e-5);
      }
    }
    g_free (x);
  }
  fftwf_free (spectrum);
  emotion_stft_free (stft);
  emotion_stft_free (NULL);
}

static void
test_magnitude (void)
{
  fftwf_complex spectrum[BINS + 3] = {{0}};
  float magnitude[EMOTION_STFT_STRIDE];
  memset (magnitude, 1, sizeof magnitude);
  for (guint i = 1; i < BINS; i++) {
    spectrum[i][0] = (float)i * (i % 2 ? 3 : -3);
    spectrum[i][1] = (float)i * (i % 3 ? 4 : -4);
  }
  spectrum[BINS - 1][1] = 0; /* as for real signals */
  spectrum[7][0] = 1e-30f;   /* its square underflows in a float */
  spectrum[7][1] = 1e-30f;
  emotion_stft_magnitude (spectrum, magnitude);
  for (guint i = 0; i < BINS; i++) {
    double expected = i == 7 ? M_SQRT2 * 1e-30 : i + 1 == BINS ? 3.0 * i : 5.0 * i;
    g_assert_cmpfloat_with_epsilon (magnitude[i], expected, 2e-7 * expected + 1e-37);
  }
  for (guint i = BINS; i < EMOTION_STFT_STRIDE; i++)
    g_assert_cmpfloat (magnitude[i], ==, 0);
}

/* A signal is reconstructed from its own frames, whatever its length. */
static void
test_round_trip (void)
{
  static const gsize lengths[] = {1, 700, 1537, 2048, 3000, 5120, 8191, 20000};
  EmotionStft *stft = emotion_stft_new ();
  for (guint c = 0; c < G_N_ELEMENTS (lengths); c++) {
    gsize n = lengths[c];
    guint n_frames = emotion_stft_n_frames (n);
    float *x = test_noise (n, 0.5, c), *back = g_new (float, n);
    fftwf_complex *spectra =
        fftwf_malloc (sizeof (fftwf_complex) * EMOTION_STFT_COMPLEX_STRIDE * n_frames);
    for (guint t = 0; t < n_frames; t++)
      emotion_stft_forward (stft, x, n, t, spectra + t * EMOTION_STFT_COMPLEX_STRIDE);
    emotion_stft_inverse (stft, spectra, back, n);
    double snr = test_snr (x, back, n);
    g_test_message ("%" G_GSIZE_FORMAT " samples: %.1f dB", n, snr);
    g_assert_cmpfloat (snr, >, 135);
    fftwf_free (spectra);
    g_free (x);
    g_free (back);
  }
  emotion_stft_free (stft);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stft/definition", test_definition);
  g_test_add_func ("/stft/magnitude", test_magnitude);
  g_test_add_func ("/stft/round-trip", test_round_trip);
  return g_test_run ();
}
