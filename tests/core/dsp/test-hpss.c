/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/dsp/hpss.h"

#include <string.h>

#include "core/dsp/stft.h"

#define BINS EMOTION_STFT_BINS
#define STRIDE EMOTION_STFT_STRIDE
#define COMPLEX_STRIDE EMOTION_STFT_COMPLEX_STRIDE
#define FRAMES 48

typedef struct {
  float *magnitude, *percussive;
  fftwf_complex *spectra, *original;
} Clip;

static void
clip_init (Clip *clip)
{
  clip->magnitude = g_new0 (float, FRAMES *STRIDE);
  clip->percussive = g_new0 (float, FRAMES *STRIDE);
  clip->spectra = fftwf_malloc (sizeof (fftwf_complex) * FRAMES * COMPLEX_STRIDE);
  clip->original = fftwf_malloc (sizeof (fftwf_complex) * FRAMES * COMPLEX_STRIDE);
  memset (clip->spectra, 0, sizeof (fftwf_complex) * FRAMES * COMPLEX_STRIDE);
}

static void
clip_clear (Clip *clip)
{
  g_free (clip->magnitude);
  g_free (clip->percussive);
  fftwf_free (clip->spectra);
  fftwf_free (clip->original);
}

static void
set (Clip *clip, guint t, guint bin, float magnitude, float angle)
{
  clip->magnitude[t * STRIDE + bin] = magnitude;
  clip->spectra[t * COMPLEX_STRIDE + bin][0] = magnitude * cosf (angle);
  clip->spectra[t * COMPLEX_STRIDE + bin][1] = magnitude * sinf (angle);
}

static void
separate (Clip *clip)
{
  EmotionSimd lanes[STRIDE], medians[STRIDE], strip[FRAMES];
  memcpy (clip->original, clip->spectra, sizeof (fftwf_complex) * FRAMES * COMPLEX_STRIDE);
  for (guint t = 0; t < FRAMES; t += EMOTION_SIMD_WIDTH) {
    for (guint bin = 0; bin < BINS; bin++)
      for (guint l = 0; l < EMOTION_SIMD_WIDTH; l++)
        lanes[bin][l] = clip->magnitude[(t + l) * STRIDE + bin];
    emotion_hpss_percussive (lanes, medians);
    for (guint bin = 0; bin < BINS; bin++)
      for (guint l = 0; l < EMOTION_SIMD_WIDTH; l++)
        clip->percussive[(t + l) * STRIDE + bin] = medians[bin][l];
  }
  emotion_hpss_harmonic (clip->magnitude, clip->percussive, FRAMES, strip, clip->spectra);
}

/* The remaining fraction of frame t, bin `bin`; the phase does not change. */
static double
fraction (const Clip *clip, guint t, guint bin)
{
  const float *now = clip->spectra[t * COMPLEX_STRIDE + bin];
  const float *then = clip->original[t * COMPLEX_STRIDE + bin];
  double kept = hypot (now[0], now[1]) / hypot (then[0], then[1]);
  g_assert_cmpfloat_with_epsilon (now[0], kept * then[0], 1e-5 * hypot (then[0], then[1]));
  g_assert_cmpfloat_with_epsilon (now[1], kept * then[1], 1e-5 * hypot (then[0], then[1]));
  return kept;
}

/* A line in time stays, a line in frequency is removed; where they cross, each gets half. */
static void
test_lines (void)
{
  Clip clip;
  clip_init (&clip);
  for (guint t = 0; t < FRAMES; t++)
    set (&clip, t, 200, 2, (float)t);
  for (guint bin = 0; bin < BINS; bin++)
    set (&clip, 20, bin, 2, (float)bin);
  separate (&clip);
  for (guint t = 0; t < FRAMES; t++)
    if (t != 20)
      g_assert_cmpfloat_with_epsilon (fraction (&clip, t, 200), 1, 1e-6);
  for (guint bin = 0; bin < BINS; bin++)
    if (bin != 200)
      g_assert_cmpfloat_with_epsilon (fraction (&clip, 20, bin), 0, 1e-6);
  g_assert_cmpfloat_with_epsilon (fraction (&clip, 20, 200), 0.5, 1e-6);
  clip_clear (&clip);
}

/* Energy is divided in proportion to the squares: a plain of 1 with a ridge of 3 in time. */
static void
test_squares (void)
{
  Clip clip;
  clip_init (&clip);
  for (guint t = 0; t < FRAMES; t++)
    for (guint bin = 0; bin < BINS; bin++)
      set (&clip, t, bin, bin == 77 ? 3 : 1, (float)(t * bin));
  separate (&clip);
  for (guint t = 0; t < FRAMES; t++) {
    g_assert_cmpfloat_with_epsilon (fraction (&clip, t, 77), 0.9, 1e-6);
    g_assert_cmpfloat_with_epsilon (fraction (&clip, t, 500), 0.5, 1e-6);
  }
  clip_clear (&clip);
}

/* Silence gives silence, and the scale does not matter. */
static void
test_silence (void)
{
  Clip clip;
  clip_init (&clip);
  for (guint t = 0; t < FRAMES; t++)
    for (guint bin = 100; bin < 200; bin++)
      set (&clip, t, bin, 1e-18f, (float)t);
  separate (&clip);
  for (guint t = 0; t < FRAMES; t++)
    for (guint bin = 0; bin < BINS; bin++) {
      if (bin >= 120 && bin < 180)
        g_assert_cmpfloat_with_epsilon (fraction (&clip, t, bin), 0.5, 1e-6);
      if (bin < 100 || bin >= 200) {
        g_assert_cmpfloat (clip.spectra[t * COMPLEX_STRIDE + bin][0], ==, 0);
        g_assert_cmpfloat (clip.spectra[t * COMPLEX_STRIDE + bin][1], ==, 0);
      }
    }
  clip_clear (&clip);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hpss/lines", test_lines);
  g_test_add_func ("/hpss/squares", test_squares);
  g_test_add_func ("/hpss/silence", test_silence);
  return g_test_run ();
}
