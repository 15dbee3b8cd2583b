/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests the parts of emotion-plot: axes, colours, spectrograms, components. */
#include <math.h>
#include <string.h>

#include "training/audio/spectrogram.h"
#include "training/base/error.h"
#include "training/fitting/pca.h"
#include "training/reports/plot-axes.h"
#include "training/reports/plot-figures.h"

/* ---- ticks, numbers, colours ---- */

/* Ticks of any range lie in it, evenly, at 1, 2 or 5 times a power of ten, neither too few nor too
 * many, and their text distinguishes them. */
static void
test_ticks (void)
{
  GRand *random = g_rand_new_with_seed (1);
  for (guint i = 0; i < 20000; i++) {
    const double span = pow (10, g_rand_double_range (random, -6, 6));
    const double first = g_rand_double_range (random, -3, 3) * span, last = first + span;
    const guint max = (guint)g_rand_int_range (random, 3, TRAINING_MAX_TICKS + 1);
    TrainingTicks ticks;
    training_ticks_place (&ticks, first, last, max);
    g_assert_cmpuint (ticks.n, <=, max);
    g_assert_cmpuint (ticks.n, >=, max >= 5 ? 2u : 1u);
    for (guint t = 0; t < ticks.n; t++) {
      g_assert_cmpfloat (ticks.at[t], >=, first - 1e-6 * span);
      g_assert_cmpfloat (ticks.at[t], <=, last + 1e-6 * span);
      char *text = training_number (ticks.at[t], ticks.decimals);
      char *plain = g_str_has_prefix (text, "\xe2\x88\x92") ? g_strconcat ("-", text + 3, NULL)
                                                            : g_strdup (text);
      g_assert_cmpfloat_with_epsilon (g_ascii_strtod (plain, NULL), ticks.at[t], 1e-6 * span);
      g_free (plain);
      g_free (text);
    }
    if (ticks.n < 2)
      continue;
    const double step = ticks.at[1] - ticks.at[0];
    const double mantissa = step / pow (10, floor (log10 (step) + 1e-6));
    g_assert_true (fabs (mantissa - 1) < 1e-3 || fabs (mantissa - 2) < 1e-3 ||
                   fabs (mantissa - 5) < 1e-3);
    for (guint t = 1; t < ticks.n; t++)
      g_assert_cmpfloat_with_epsilon (ticks.at[t] - ticks.at[t - 1], step, 1e-6 * span);
  }
  g_rand_free (random);
}

static void
assert_number (double value, int decimals, const char *expected)
{
  char *text = training_number (value, decimals);
  g_assert_cmpstr (text, ==, expected);
  g_free (text);
}

static void
test_numbers (void)
{
  assert_number (-1.25, 2,
                 "\xe2\x88\x92"
                 "1.25");
  assert_number (-0.001, 2, "0.00");
  assert_number (1000, 0, "1000");
}

static double
contrast (TrainingColour a, TrainingColour b)
{
  /* WCAG 2, from L* back to relative luminance. */
  double y[2];
  const TrainingColour colours[] = {a, b};
  for (guint i = 0; i < 2; i++) {
    const double lightness = training_colour_lightness (colours[i]);
    y[i] = lightness > 8 ? pow ((lightness + 16) / 116, 3) : lightness * 27 / 24389;
  }
  return (MAX (y[0], y[1]) + 0.05) / (MIN (y[0], y[1]) + 0.05);
}

/* The lightness of one map grows evenly from dark to light, that of the other falls; text is
 * readable on both. */
static void
test_colour_maps (void)
{
  enum { N = 100 };
  const double first = training_colour_lightness (training_colour_map (0));
  const double last = training_colour_lightness (training_colour_map (1));
  g_assert_cmpfloat (first, <, 20);
  g_assert_cmpfloat (last, >, 85);
  double light = 101;
  for (guint i = 0; i <= N; i++) {
    const TrainingColour colour = training_colour_map ((double)i / N);
    const TrainingColour pale = training_colour_map_light ((double)i / N);
    g_assert_cmpfloat_with_epsilon (training_colour_lightness (colour),
                                    first + (last - first) * i / N, 1);
    g_assert_cmpfloat (training_colour_lightness (pale), <, light);
    light = training_colour_lightness (pale);
    g_assert_cmpfloat (contrast (colour, training_colour_for_text (colour)), >, 4.5);
    g_assert_cmpfloat (contrast (pale, training_colour_for_text (pale)), >, 4.5);
  }
  g_assert_cmpfloat (training_colour_lightness (training_colour_map_light (0)), >, 99);
  g_assert_cmpfloat (light, <, 45);
  const TrainingColour below = training_colour_map (-1), start = training_colour_map (0);
  g_assert_cmpmem (&below, sizeof below, &start, sizeof start);
}

/* Known emotions have fixed colours in any combination; up to nine labels have nine colours. */
static void
test_label_colours (void)
{
  static const char *const some[] = {"zeal", "sad", "fury", "angry", "awe",
                                     "envy", "joy", "calm", "dread"};
  static const char *const two[] = {"angry", "sad"};
  TrainingColour nine[9], pair[2];
  training_colours_for_labels (some, 9, nine);
  training_colours_for_labels (two, 2, pair);
  g_assert_cmpmem (&pair[0], sizeof pair[0], &nine[3], sizeof nine[3]);
  g_assert_cmpmem (&pair[1], sizeof pair[1], &nine[1], sizeof nine[1]);
  for (guint i = 0; i < 9; i++)
    for (guint j = 0; j < i; j++)
      g_assert_cmpint (memcmp (&nine[i], &nine[j], sizeof nine[i]), !=, 0);

  const char *many[64];
  TrainingColour colours[64];
  for (guint i = 0; i < 64; i++)
    many[i] = "other";
  training_colours_for_labels (many, 64, colours);
}

/* ---- spectrogram, components, timeline ---- */

static float *
make_tone (guint rate, double frequency, gsize n)
{
  float *samples = g_new (float, n);
  for (gsize i = 0; i < n; i++)
    samples[i] = (float)(0.3 * sin (2 * G_PI * frequency * (double)i / rate));
  return samples;
}

/* Adds the samples in blocks of `block`, and finishes. */
static TrainingSpectrogram *
fill (TrainingSpectrogram *levels, const float *samples, gsize n, gsize block)
{
  for (gsize at = 0; at < n; at += block)
    training_spectrogram_add (levels, samples + at, MIN (block, n - at));
  training_spectrogram_finish (levels);
  return levels;
}

static guint
loudest_row (const TrainingSpectrogram *levels, guint column)
{
  const float *rows = levels->levels + (gsize)column * levels->n_rows;
  guint loudest = 0;
  for (guint i = 1; i < levels->n_rows; i++)
    if (rows[i] > rows[loudest])
      loudest = i;
  return loudest;
}

/* A tone is loudest at its frequency in every column, on both scales, at any rate and any number of
 * columns; the maximum level is 0 dB. */
static void
test_spectrogram (void)
{
  static const guint rates[] = {8000, 16000, 44100, 48000}, columns[] = {1, 7, 300};
  for (guint r = 0; r < G_N_ELEMENTS (rates); r++)
    for (guint c = 0; c < G_N_ELEMENTS (columns); c++) {
      const guint rate = rates[r], n_columns = columns[c];
      const double frequency = 1500, mel = 2595 * log10 (1 + frequency / 700);
      float *tone = make_tone (rate, frequency, rate);
      TrainingSpectrogram *linear =
          fill (training_spectrogram_new (rate, rate, n_columns), tone, rate, 1000);
      TrainingSpectrogram *bands =
          fill (training_spectrogram_new_mel (rate, rate, n_columns), tone, rate, 1000);
      g_assert_cmpuint (linear->n_columns, ==, n_columns);
      g_assert_cmpfloat (linear->last, ==, rate / 2.0);
      float greatest = -1;
      for (guint column = 0; column < n_columns; column++) {
        const double hz = loudest_row (linear, column) * linear->last / (linear->n_rows - 1);
        const double found = (loudest_row (bands, column) + 1) * bands->last / (bands->n_rows + 1);
        g_assert_cmpfloat_with_epsilon (hz, frequency, 20);
        g_assert_cmpfloat_with_epsilon (found, mel, 25);
        greatest =
            MAX (greatest,
                 linear->levels[(gsize)column * linear->n_rows + loudest_row (linear, column)]);
      }
      g_assert_cmpfloat_with_epsilon (greatest, 0, 1e-5);
      training_spectrogram_free (linear);
      training_spectrogram_free (bands);
      g_free (tone);
    }
}

/* Levels do not depend on the block sizes. */
static void
test_blocks (void)
{
  enum { N = 44100 * 3 + 1 };
  static const guint columns[] = {1, 3, 299, 20000};
  static const gsize blocks[] = {1, 441, 5000, 65536};
  float *noise = g_new (float, N);
  GRand *random = g_rand_new_with_seed (7);
  for (gsize i = 0; i < N; i++)
    noise[i] = (float)(g_rand_double_range (random, -0.5, 0.5) * (double)i / N);
  for (guint c = 0; c < G_N_ELEMENTS (columns); c++)
    for (guint mel = 0; mel < 2; mel++) {
      TrainingSpectrogram *(*create) (guint64, guint, guint) =
          mel ? training_spectrogram_new_mel : training_spectrogram_new;
      TrainingSpectrogram *whole = fill (create (N, 44100, columns[c]), noise, N, N);
      const gsize block = blocks[c];
      TrainingSpectrogram *parts = fill (create (N, 44100, columns[c]), noise, N, block);
      g_assert_cmpuint (whole->n_rows, ==, parts->n_rows);
      g_assert_true (
          memcmp (whole->levels, parts->levels, sizeof (float) * columns[c] * whole->n_rows) == 0);
      training_spectrogram_free (whole);
      training_spectrogram_free (parts);
    }
  g_free (noise);
  g_rand_free (random);
}

/* Silence is at the floor, and one sample is enough. */
static void
test_silence (void)
{
  const float nothing[100] = {0}, one = 0.5f;
  TrainingSpectrogram *levels = fill (training_spectrogram_new (100, 16000, 5), nothing, 100, 100);
  for (guint i = 0; i < 5 * levels->n_rows; i++)
    g_assert_cmpfloat (levels->levels[i], ==, TRAINING_SPECTROGRAM_FLOOR);
  training_spectrogram_free (levels);
  levels = fill (training_spectrogram_new_mel (1, 48000, 1), &one, 1, 1);
  for (guint i = 0; i < levels->n_rows; i++)
    g_assert_true (isfinite (levels->levels[i]));
  training_spectrogram_free (levels);
}

/* Rows that vary almost only along one line: the first component explains almost all variance.
 * Constant columns and units do not matter; the scores have the variance that they explain. */
static void
test_components (void)
{
  enum { N = 200, D = 4 };
  double matrix[N * D], explained[2], sums[3] = {0};
  GRand *random = g_rand_new_with_seed (2);
  for (guint i = 0; i < N; i++) {
    const double place = g_rand_double_range (random, -1, 1);
    matrix[i * D] = 1000 + 50 * place;
    matrix[i * D + 1] = 7;
    matrix[i * D + 2] = 1e-3 * place + 1e-4 * g_rand_double_range (random, -1, 1);
    matrix[i * D + 3] = -place;
  }
  g_rand_free (random);
  double *scores = training_pca (matrix, N, D, 2, explained, NULL);
  g_assert_nonnull (scores);
  g_assert_cmpfloat (explained[0], >, 0.99);
  g_assert_cmpfloat_with_epsilon (explained[0] + explained[1], 1, 1e-2);
  for (guint i = 0; i < N; i++) {
    sums[0] += scores[2 * i] * scores[2 * i] / N;
    sums[1] += scores[2 * i + 1] * scores[2 * i + 1] / N;
    sums[2] += scores[2 * i] * scores[2 * i + 1] / N;
  }
  g_assert_cmpfloat_with_epsilon (sums[0], 3 * explained[0], 1e-9);
  g_assert_cmpfloat_with_epsilon (sums[1], 3 * explained[1], 1e-9);
  g_assert_cmpfloat_with_epsilon (sums[2], 0, 1e-9);
  g_free (scores);

  double few[] = {1, 2, 3, 4}, flat[] = {1, 2, 1, 3, 1, 4};
  GError *error = NULL;
  g_assert_null (training_pca (few, 2, 2, 2, explained, &error));
  g_assert_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA);
  g_clear_error (&error);
  g_assert_null (training_pca (flat, 3, 2, 2, explained, &error));
  g_assert_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA);
  g_clear_error (&error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/training/plot-parts/ticks", test_ticks);
  g_test_add_func ("/training/plot-parts/numbers", test_numbers);
  g_test_add_func ("/training/plot-parts/colour-maps", test_colour_maps);
  g_test_add_func ("/training/plot-parts/label-colours", test_label_colours);
  g_test_add_func ("/training/plot-parts/spectrogram", test_spectrogram);
  g_test_add_func ("/training/plot-parts/blocks", test_blocks);
  g_test_add_func ("/training/plot-parts/silence", test_silence);
  g_test_add_func ("/training/plot-parts/components", test_components);
  return g_test_run ();
}
