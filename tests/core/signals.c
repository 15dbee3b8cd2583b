/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "signals.h"

#include <math.h>
#include <string.h>

float *
test_silence (gsize n)
{
  return g_new0 (float, n);
}

float *
test_tone (guint rate, gsize n, double hz, double amplitude, double phase)
{
  float *out = g_new (float, n);
  for (gsize i = 0; i < n; i++)
    out[i] = (float)(amplitude * sin (2 * G_PI * fmod (hz * (double)i / rate, 1) + phase));
  return out;
}

float *
test_chirp (guint rate, gsize n, double from, double to, double amplitude)
{
  float *out = g_new (float, n);
  double seconds = (double)n / rate;
  for (gsize i = 0; i < n; i++) {
    double t = (double)i / rate;
    out[i] = (float)(amplitude * sin (2 * G_PI * (from + (to - from) / seconds * t / 2) * t));
  }
  return out;
}

float *
test_glide (guint rate, gsize n, double from, double to, double amplitude)
{
  float *out = g_new (float, n);
  double growth = log (to / from) / ((double)n / rate);
  for (gsize i = 0; i < n; i++) {
    double cycles = from * (exp (growth * (double)i / rate) - 1) / growth;
    out[i] = (float)(amplitude * sin (2 * G_PI * cycles));
  }
  return out;
}

float *
test_saw (guint rate, gsize n, double hz, double amplitude)
{
  float *out = g_new (float, n);
  double limit = MIN (7000, rate / 2.0);
  for (gsize i = 0; i < n; i++) {
    double cycles = fmod (hz * (double)i / rate, 1), sum = 0;
    for (guint h = 1; h * hz < limit; h++)
      sum += sin (2 * G_PI * h * cycles) / h;
    out[i] = (float)(amplitude * 2 / G_PI * sum);
  }
  return out;
}

float *
test_noise (gsize n, double amplitude, guint32 seed)
{
  float *out = g_new (float, n);
  GRand *random = g_rand_new_with_seed (seed);
  for (gsize i = 0; i < n; i++)
    out[i] = (float)g_rand_double_range (random, -amplitude, amplitude);
  g_rand_free (random);
  return out;
}

double
test_vowel_f0 (double t)
{
  return 140 + 30 * sin (2 * G_PI * 0.7 * t);
}

/* The gain of three resonances at `hz`. */
static double
formants (double hz)
{
  static const double centres[] = {700, 1200, 2600}, widths[] = {110, 120, 170};
  double sum = 0;
  for (guint i = 0; i < G_N_ELEMENTS (centres); i++) {
    double d = (hz - centres[i]) / widths[i];
    sum += 1 / (1 + d * d) / (i + 1);
  }
  return sum;
}

float *
test_vowel (guint rate, gsize n)
{
  float *out = g_new (float, n);
  for (gsize i = 0; i < n; i++) {
    double t = (double)i / rate, f0 = test_vowel_f0 (t), at = fmod (t, 0.4), sum = 0;
    double cycles = 140 * t + 30 / (2 * G_PI * 0.7) * (1 - cos (2 * G_PI * 0.7 * t));
    double envelope = at < 0.3 ? pow (sin (G_PI * at / 0.3), 0.5) : 0;
    for (guint h = 1; envelope > 0 && h * f0 < 3500; h++) {
      /* The last harmonics fade, so that none starts or ends with a click. */
      double fade = CLAMP ((3500 - h * f0) / 200, 0, 1);
      sum += fade * formants (h * f0) * sin (2 * G_PI * h * cycles) / sqrt (h);
    }
    out[i] = (float)(0.25 * envelope * sum);
  }
  return out;
}

float *
test_pulses (guint rate, gsize n, double hz, double jitter, double shimmer)
{
  float *out = test_silence (n);
  GRand *random = g_rand_new_with_seed (13);
  const double sigma = 1e-4 * rate, period = rate / hz;
  /* Two uniform numbers in -a .. a differ by 2 a / 3 on average. */
  for (double at = period / 2; at < (double)n;) {
    const double height = 0.5 * exp (1.5 * shimmer * g_rand_double_range (random, -1, 1));
    const gsize last = (gsize)(at + 6 * sigma);
    for (gsize i = (gsize)MAX (at - 6 * sigma, 0); i <= last && i < n; i++)
      out[i] += (float)(height * exp (-0.5 * pow (((double)i - at) / sigma, 2)));
    at += period * (1 + 1.5 * jitter * g_rand_double_range (random, -1, 1));
  }
  g_rand_free (random);
  return out;
}

float *
test_resonances (guint rate, gsize n, double hz, const double *centres, const double *widths,
                 guint n_resonances)
{
  float *out = test_pulses (rate, n, hz, 0, 0);
  for (guint f = 0; f < n_resonances; f++) {
    const double radius = exp (-G_PI * widths[f] / rate);
    const double a1 = 2 * radius * cos (2 * G_PI * centres[f] / rate), a2 = -radius * radius;
    double last = 0, before = 0;
    for (gsize i = 0; i < n; i++) {
      const double y = (1 - a1 - a2) * out[i] + a1 * last + a2 * before;
      before = last;
      last = y;
      out[i] = (float)y;
    }
  }
  return out;
}

static guint32
little_endian (const guchar *bytes, guint n)
{
  guint32 value = 0;
  for (guint i = n; i-- > 0;)
    value = value << 8 | bytes[i];
  return value;
}

/* 16-bit PCM, mono. */
static float *
parse_wav (const guchar *data, gsize size, guint *rate, gsize *n)
{
  g_assert_cmpuint (size, >=, 12);
  g_assert_cmpmem (data, 4, "RIFF", 4);
  for (gsize at = 12; at + 8 <= size;) {
    const guchar *chunk = data + at;
    gsize length = little_endian (chunk + 4, 4);
    g_assert_cmpuint (length, <=, size - at - 8);
    if (memcmp (chunk, "fmt ", 4) == 0) {
      g_assert_cmpuint (little_endian (chunk + 8, 2), ==, 1);
      g_assert_cmpuint (little_endian (chunk + 10, 2), ==, 1);
      g_assert_cmpuint (little_endian (chunk + 22, 2), ==, 16);
      *rate = little_endian (chunk + 12, 4);
    } else if (memcmp (chunk, "data", 4) == 0) {
      float *out = g_new (float, length / 2);
      *n = length / 2;
      for (gsize i = 0; i < *n; i++)
        out[i] = (float)(gint16)little_endian (chunk + 8 + 2 * i, 2) / 32768.f;
      return out;
    }
    at += 8 + length + (length & 1);
  }
  g_assert_not_reached ();
}

float *
test_reference (const char *name, guint *rate, gsize *n)
{
  const char *folder = g_getenv ("EMOTION_REFERENCE");
  char *data = NULL, *file = g_strconcat (name, ".wav", NULL);
  char *path = g_build_filename (folder ? folder : ".", "signals", file, NULL);
  float *out = NULL;
  gsize size;
  if (g_file_get_contents (path, &data, &size, NULL))
    out = parse_wav ((const guchar *)data, size, rate, n);
  g_free (data);
  g_free (path);
  g_free (file);
  return out;
}

double
test_snr (const float *signal, const float *actual, gsize n)
{
  double power = 0, error = 0;
  for (gsize i = 0; i < n; i++) {
    double d = (double)actual[i] - signal[i];
    power += (double)signal[i] * signal[i];
    error += d * d;
  }
  return 10 * log10 (power / MAX (error, 1e-300));
}

void
test_assert_same_bits (const float *a, gsize n_a, const float *b, gsize n_b)
{
  g_assert_cmpuint (n_a, ==, n_b);
  for (gsize i = 0; i < n_a; i++)
    if (memcmp (&a[i], &b[i], sizeof *a) != 0)
      g_error ("number %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " differs: %.9g and %.9g", i, n_a,
               a[i], b[i]);
}
