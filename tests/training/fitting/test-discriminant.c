/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compares the discriminant with a slow direct computation, and tests properties of every fit. */
#include "training/fitting/discriminant.h"

#include <math.h>
#include <string.h>

#include "tests/training/synthetic-dataset.h"
#include "training/base/error.h"

/* The classifier stores floats: a log-posterior of some tens may be off by this. */
#define FLOAT_TOLERANCE 1e-3

typedef struct {
  guint n, d, n_labels;
  float *matrix;
  guint *rows, *labels;
  double *weights;
} Sample;

/* Labels in turn, except those in the mask `absent`; label k lies around spread * (k, -k, 0, ...);
 * features are correlated. */
static Sample
sample_new (guint n, guint d, guint n_labels, guint absent, double spread, guint32 seed)
{
  Sample s = {n,
              d,
              n_labels,
              .matrix = g_new (float, (gsize)n *d),
              .rows = g_new (guint, n),
              .labels = g_new (guint, n),
              .weights = g_new (double, n)};
  GRand *random = g_rand_new_with_seed (seed);
  for (guint r = 0; r < n; r++) {
    float *row = s.matrix + (gsize)r * d;
    const double common = synthetic_normal (random);
    guint label = r % n_labels;
    while (absent >> label & 1)
      label = (label + 1) % n_labels;
    s.rows[r] = r;
    s.labels[r] = label;
    s.weights[r] = g_rand_double_range (random, 0.2, 2);
    for (guint i = 0; i < d; i++)
      row[i] = (float)(synthetic_normal (random) + 0.7 * common);
    row[0] += (float)(spread * label);
    row[1] -= (float)(spread * (label % 2));
  }
  g_rand_free (random);
  return s;
}

static void
sample_clear (Sample *s)
{
  g_free (s->matrix);
  g_free (s->rows);
  g_free (s->labels);
  g_free (s->weights);
}

static TrainingMoments *
gather (const Sample *s, const double *offset, guint first, guint n)
{
  TrainingMoments *moments = training_moments_new (s->d, s->n_labels, offset);
  training_moments_add_rows (moments, s->matrix, s->rows + first, s->labels + first,
                             s->weights + first, n);
  return moments;
}

static TrainingDiscriminant *
fit_with_offset (const Sample *s, double offset, double shrinkage, GError **error)
{
  double *offsets = g_new (double, s->d);
  for (guint i = 0; i < s->d; i++)
    offsets[i] = offset;
  TrainingMoments *moments = gather (s, offsets, 0, s->n);
  TrainingDiscriminant *fit = training_discriminant_fit (moments, shrinkage, FALSE, error);
  training_moments_free (moments);
  g_free (offsets);
  return fit;
}

static TrainingDiscriminant *
fit (const Sample *s, double shrinkage)
{
  GError *error = NULL;
  TrainingDiscriminant *discriminant = fit_with_offset (s, 0.3, shrinkage, &error);
  g_assert_no_error (error);
  return discriminant;
}

/* Log-posteriors of every row; free with g_free(). */
static double *
score (const TrainingDiscriminant *discriminant, const Sample *s)
{
  EmotionClassifier *classifier = training_discriminant_to_classifier (discriminant);
  double *scratch = g_new (double, emotion_classifier_get_scratch (classifier));
  double *all = g_new (double, (gsize)s->n * s->n_labels);
  for (guint r = 0; r < s->n; r++)
    emotion_classifier_score (classifier, s->matrix + (gsize)r * s->d, scratch,
                              all + (gsize)r * s->n_labels);
  g_free (scratch);
  emotion_classifier_unref (classifier);
  return all;
}

static void
assert_near (const double *a, const double *b, gsize n, double tolerance)
{
  for (gsize i = 0; i < n; i++)
    g_assert_cmpfloat_with_epsilon (a[i], b[i], tolerance);
}

/* --- the direct computation ---------------------------------------------------------------- */

typedef struct {
  double *mean, *sd;  /* d */
  double *label_mean; /* n_labels x d, of standardised features */
  double *covariance; /* d x d, within labels, shrunken */
} Direct;

static double
standard (const Sample *s, const Direct *direct, guint r, guint i)
{
  return (s->matrix[(gsize)r * s->d + i] - direct->mean[i]) / direct->sd[i];
}

static void
standardise (const Sample *s, Direct *direct, double total)
{
  direct->mean = g_new0 (double, s->d);
  direct->sd = g_new0 (double, s->d);
  for (guint i = 0; i < s->d; i++) {
    for (guint r = 0; r < s->n; r++)
      direct->mean[i] += s->weights[r] * s->matrix[(gsize)r * s->d + i] / total;
    for (guint r = 0; r < s->n; r++)
      direct->sd[i] +=
          s->weights[r] * pow (s->matrix[(gsize)r * s->d + i] - direct->mean[i], 2) / total;
    direct->sd[i] = direct->sd[i] > 0 ? sqrt (direct->sd[i]) : 1;
  }
}

static Direct
direct_new (const Sample *s, double shrinkage)
{
  const gsize d = s->d;
  Direct direct = {.label_mean = g_new0 (double, s->n_labels *d),
                   .covariance = g_new0 (double, d *d)};
  double *of_label = g_new0 (double, s->n_labels), total = 0, trace = 0;
  for (guint r = 0; r < s->n; r++) {
    of_label[s->labels[r]] += s->weights[r];
    total += s->weights[r];
  }
  standardise (s, &direct, total);
  for (guint r = 0; r < s->n; r++)
    for (guint i = 0; i < d; i++)
      direct.label_mean[s->labels[r] * d + i] +=
          s->weights[r] / of_label[s->labels[r]] * standard (s, &direct, r, i);
  for (guint r = 0; r < s->n; r++) {
    const double *mean = direct.label_mean + s->labels[r] * d;
    for (guint i = 0; i < d; i++)
      for (guint j = 0; j < d; j++)
        direct.covariance[i * d + j] += s->weights[r] / total *
                                        (standard (s, &direct, r, i) - mean[i]) *
                                        (standard (s, &direct, r, j) - mean[j]);
  }
  for (guint i = 0; i < d; i++)
    trace += direct.covariance[i * d + i];
  for (guint i = 0; i < d; i++)
    for (guint j = 0; j < d; j++) {
      double *at = &direct.covariance[i * d + j];
      *at = (1 - shrinkage) * *at + (i == j ? shrinkage * trace / (double)d : 0);
    }
  g_free (of_label);
  return direct;
}

static void
direct_clear (Direct *direct)
{
  g_free (direct->mean);
  g_free (direct->sd);
  g_free (direct->label_mean);
  g_free (direct->covariance);
}

/* x = matrix^-1 b by Gaussian elimination with row pivots. */
static void
solve (const double *matrix, const double *b, guint d, double *x)
{
  const gsize width = d + 1;
  double *work = g_new (double, d *width);
  for (gsize i = 0; i < d; i++) {
    memcpy (work + i * width, matrix + i * d, d * sizeof *work);
    work[i * width + d] = b[i];
  }
  for (gsize c = 0; c < d; c++) {
    gsize pivot = c;
    for (gsize r = c + 1; r < d; r++)
      if (fabs (work[r * width + c]) > fabs (work[pivot * width + c]))
        pivot = r;
    for (gsize j = 0; j < width; j++) {
      double swap = work[c * width + j];
      work[c * width + j] = work[pivot * width + j];
      work[pivot * width + j] = swap;
    }
    for (gsize r = 0; r < d; r++) {
      double factor = work[r * width + c] / work[c * width + c];
      for (gsize j = c; r != c && j < width; j++)
        work[r * width + j] -= factor * work[c * width + j];
    }
  }
  for (gsize i = 0; i < d; i++)
    x[i] = work[i * width + d] / work[i * width + i];
  g_free (work);
}

/* Gaussian log-posteriors with equal priors: -|z - mean|^2 / 2 under the covariance. */
static double *
direct_score (const Sample *s, double shrinkage)
{
  Direct direct = direct_new (s, shrinkage);
  const guint d = s->d;
  double *all = g_new (double, (gsize)s->n * s->n_labels), *x = g_new (double, d),
         *solved = g_new (double, d);
  for (guint r = 0; r < s->n; r++) {
    double *row = all + (gsize)r * s->n_labels, sum = 0;
    for (guint k = 0; k < s->n_labels; k++) {
      for (guint i = 0; i < d; i++)
        x[i] = standard (s, &direct, r, i) - direct.label_mean[(gsize)k * d + i];
      solve (direct.covariance, x, d, solved);
      row[k] = 0;
      for (guint i = 0; i < d; i++)
        row[k] -= x[i] * solved[i] / 2;
    }
    for (guint k = 0; k < s->n_labels; k++)
      sum += exp (row[k] - row[0]);
    for (guint k = s->n_labels; k-- > 0;)
      row[k] -= row[0] + log (sum);
  }
  g_free (x);
  g_free (solved);
  direct_clear (&direct);
  return all;
}

/* --- tests -------------------------------------------------------------------------------- */

/* More rows than one block of the product, so that the sum over blocks is tested too. */
static void
test_moments (void)
{
  const double offset[] = {0.5, -1, 0, 2, 0.1};
  const gsize d = G_N_ELEMENTS (offset);
  Sample s = sample_new (700, G_N_ELEMENTS (offset), 3, 0, 1, 1);
  TrainingMoments *whole = gather (&s, offset, 0, s.n), *sum = gather (&s, offset, 0, 90);
  const guint cuts[] = {90, 91, 400, 700};
  for (guint c = 0; c + 1 < G_N_ELEMENTS (cuts); c++) {
    TrainingMoments *part = gather (&s, offset, cuts[c], cuts[c + 1] - cuts[c]);
    training_moments_add (sum, part);
    training_moments_free (part);
  }
  double *weight = g_new0 (double, 3), *first = g_new0 (double, 3 * d);
  double *second = g_new0 (double, d *d);
  for (guint r = 0; r < s.n; r++) {
    weight[s.labels[r]] += s.weights[r];
    for (gsize i = 0; i < d; i++) {
      const double x = s.matrix[r * d + i] - offset[i];
      first[s.labels[r] * d + i] += s.weights[r] * x;
      for (gsize j = i; j < d; j++)
        second[i * d + j] += s.weights[r] * x * (s.matrix[r * d + j] - offset[j]);
    }
  }
  const TrainingMoments *both[] = {whole, sum};
  for (guint m = 0; m < G_N_ELEMENTS (both); m++) {
    assert_near (both[m]->weight, weight, 3, 1e-9);
    assert_near (both[m]->sum, first, 3 * d, 1e-9);
    for (gsize i = 0; i < d; i++)
      assert_near (both[m]->square + i * d + i, second + i * d + i, d - i, 1e-8);
  }
  training_moments_free (whole);
  training_moments_free (sum);
  training_moments_free (NULL);
  g_free (weight);
  g_free (first);
  g_free (second);
  sample_clear (&s);
}

/* Copies rows of the sample. */
static void
fill_rows (gpointer data, guint first, guint n, float *block)
{
  const Sample *s = data;
  memcpy (block, s->matrix + (gsize)first * s->d, (gsize)n * s->d * sizeof (float));
}

/* Sums of products in single precision. The diagonal alone is that of all second moments. */
static void
test_kinds_of_moments (void)
{
  const double zeros[9] = {0};
  const gsize d = G_N_ELEMENTS (zeros);
  Sample s = sample_new (700, (guint)d, 3, 0, 1, 1);
  TrainingMoments *exact = gather (&s, zeros, 0, s.n);
  TrainingMoments *single = training_moments_new ((guint)d, 3, zeros);
  TrainingMoments *diagonal = training_moments_new_diagonal ((guint)d, 3, zeros);
  training_moments_add_standardised (single, fill_rows, &s, s.labels, s.weights, s.n);
  training_moments_add_rows (diagonal, s.matrix, s.rows, s.labels, s.weights, s.n);
  assert_near (single->weight, exact->weight, 3, 1e-9);
  assert_near (single->sum, exact->sum, 3 * d, 1e-9);
  double total = 0;
  for (guint k = 0; k < 3; k++)
    total += exact->weight[k];
  for (gsize i = 0; i < d; i++) {
    assert_near (single->square + i * d + i, exact->square + i * d + i, d - i, 1e-5 * total);
    g_assert_cmpfloat_with_epsilon (training_moments_get_square (diagonal, (guint)i),
                                    training_moments_get_square (exact, (guint)i), 1e-8);
  }

  /* Diagonal and packed rest are the whole. */
  float *packed = training_moments_pack (exact);
  TrainingMoments *joined = training_moments_new ((guint)d, 3, zeros);
  training_moments_add (joined, diagonal);
  training_moments_add_packed (joined, packed);
  for (gsize i = 0; i < d; i++)
    assert_near (joined->square + i * d + i, exact->square + i * d + i, d - i, 1e-6 * total);
  g_free (packed);
  training_moments_free (joined);
  training_moments_free (exact);
  training_moments_free (single);
  training_moments_free (diagonal);
  sample_clear (&s);
}

static void
test_direct (void)
{
  static const double shrinkages[] = {0, 0.01, 0.3, 0.7, 1};
  for (guint32 seed = 1; seed <= 3; seed++) {
    Sample s = sample_new (80, 7, 4, 0, 1, seed);
    for (guint i = 0; i < G_N_ELEMENTS (shrinkages); i++) {
      TrainingDiscriminant *discriminant = fit (&s, shrinkages[i]);
      double *ours = score (discriminant, &s), *theirs = direct_score (&s, shrinkages[i]);
      assert_near (ours, theirs, (gsize)s.n * s.n_labels, FLOAT_TOLERANCE);
      training_discriminant_free (discriminant);
      g_free (ours);
      g_free (theirs);
    }
    sample_clear (&s);
  }
  training_discriminant_free (NULL);
}

/* Units of features do not matter, nor does the offset, which only improves precision. */
static void
test_invariance (void)
{
  static const double factors[] = {1, 1e-3, 1e3, -2, 7, 0.1};
  Sample s = sample_new (90, G_N_ELEMENTS (factors), 3, 0, 1, 5);
  TrainingDiscriminant *discriminant = fit (&s, 0.2);
  double *before = score (discriminant, &s);
  training_discriminant_free (discriminant);

  discriminant = fit_with_offset (&s, -5, 0.2, NULL);
  double *after = score (discriminant, &s);
  assert_near (before, after, (gsize)s.n * s.n_labels, FLOAT_TOLERANCE);
  training_discriminant_free (discriminant);
  g_free (after);

  for (guint r = 0; r < s.n; r++)
    for (guint i = 0; i < s.d; i++) {
      float *x = &s.matrix[(gsize)r * s.d + i];
      *x = (float)(factors[i] * (*x + 10.0 * i));
    }
  discriminant = fit (&s, 0.2);
  after = score (discriminant, &s);
  assert_near (before, after, (gsize)s.n * s.n_labels, FLOAT_TOLERANCE);
  training_discriminant_free (discriminant);
  g_free (before);
  g_free (after);
  sample_clear (&s);
}

/* A constant feature has no influence, even if it varies later. */
static void
test_constant (void)
{
  static const float values[] = {0, 3.25f, -1e6f, 1e-20f};
  const guint at = 4;
  for (guint v = 0; v < G_N_ELEMENTS (values); v++) {
    Sample s = sample_new (60, 6, 3, 0, 1, 7);
    for (guint r = 0; r < s.n; r++)
      s.matrix[(gsize)r * s.d + at] = values[v];
    TrainingDiscriminant *discriminant = fit (&s, 0.3);
    double *before = score (discriminant, &s), *theirs = direct_score (&s, 0.3);
    assert_near (before, theirs, (gsize)s.n * s.n_labels, FLOAT_TOLERANCE);
    for (guint r = 0; r < s.n; r++)
      s.matrix[(gsize)r * s.d + at] += 100;
    double *after = score (discriminant, &s);
    assert_near (before, after, (gsize)s.n * s.n_labels, FLOAT_TOLERANCE);
    training_discriminant_free (discriminant);
    g_free (before);
    g_free (theirs);
    g_free (after);
    sample_clear (&s);
  }
}

/* Nor has one that is always 0 in rows far from the offset, which came from other folds: rounding
 * errors in its variance do not count. */
static void
test_constant_off (void)
{
  for (guint seed = 0; seed < 20; seed++) {
    Sample s = sample_new (61, 6, 3, 0, 1, seed);
    for (guint r = 0; r < s.n; r++)
      s.matrix[(gsize)r * s.d + 4] = 0;
    GError *error = NULL;
    TrainingDiscriminant *discriminant = fit_with_offset (&s, 1234.567, 0.3, &error);
    g_assert_no_error (error);
    g_assert_cmpfloat (discriminant->scale[4], ==, 1);
    training_discriminant_free (discriminant);
    sample_clear (&s);
  }
}

/* Nor has one that varies by rounding only: that noise would differ between kinds of processor. */
static void
test_rounding (void)
{
  Sample s = sample_new (60, 6, 3, 0, 1, 7);
  for (guint r = 0; r < s.n; r++)
    s.matrix[(gsize)r * s.d + 4] = (float)(1e-6 * s.labels[r]);
  TrainingDiscriminant *discriminant = fit (&s, 0.3);
  g_assert_cmpfloat (discriminant->scale[4], ==, 1);
  double *before = score (discriminant, &s);
  for (guint r = 0; r < s.n; r++)
    s.matrix[(gsize)r * s.d + 4] *= -1;
  double *after = score (discriminant, &s);
  assert_near (before, after, (gsize)s.n * s.n_labels, FLOAT_TOLERANCE);
  training_discriminant_free (discriminant);
  g_free (before);
  g_free (after);
  sample_clear (&s);
}

/* However far apart the other labels lie, and also between and far beyond them. */
static void
test_absent_label (void)
{
  static const double spreads[] = {0.5, 5, 50};
  for (guint p = 0; p < G_N_ELEMENTS (spreads); p++) {
    Sample s = sample_new (60, 5, 4, 1 << 2, spreads[p], 9);
    TrainingDiscriminant *discriminant = fit (&s, 0);
    g_assert_cmpuint (discriminant->n_components, ==, 2);
    GRand *random = g_rand_new_with_seed (10);
    for (guint r = 0; r < s.n; r++)
      for (guint i = 0; i < s.d; i++)
        s.matrix[(gsize)r * s.d + i] = (float)(5 * spreads[p] * synthetic_normal (random));
    g_rand_free (random);
    double *scores = score (discriminant, &s);
    for (guint r = 0; r < s.n; r++) {
      g_assert_true (isfinite (scores[4 * r + 2]));
      g_assert_cmpfloat (scores[4 * r + 2], <, log (1e-9));
    }
    training_discriminant_free (discriminant);
    g_free (scores);
    sample_clear (&s);
  }
}

/* P S P' = 1, and the posteriors depend only on the distances to the labels' means in the
 * coordinates. */
static void
test_projection (void)
{
  static const double shrinkages[] = {0, 0.4};
  for (guint h = 0; h < G_N_ELEMENTS (shrinkages); h++) {
    Sample s = sample_new (200, 8, 4, 0, 1, 11);
    const gsize d = s.d;
    TrainingDiscriminant *discriminant = fit (&s, shrinkages[h]);
    const guint n = discriminant->n_components;
    g_assert_cmpuint (n, ==, 3);
    Direct direct = direct_new (&s, shrinkages[h]);
    for (guint a = 0; a < n; a++)
      for (guint b = 0; b < n; b++) {
        double product = 0;
        for (gsize i = 0; i < d; i++)
          for (gsize j = 0; j < d; j++)
            product += discriminant->projection[a * d + i] * direct.covariance[i * d + j] *
                       discriminant->projection[b * d + j];
        g_assert_cmpfloat_with_epsilon (product, a == b, 1e-5);
      }

    double *scores = score (discriminant, &s);
    const TrainingProjection projection = training_discriminant_get_projection (discriminant);
    for (guint r = 0; r < s.n; r++) {
      double posterior[4], sum = 0;
      float *x = training_projection_apply (&projection, s.matrix, &r, 1, FALSE);
      for (guint k = 0; k < 4; k++) {
        double distance = 0;
        for (guint a = 0; a < n; a++) {
          double mean = 0;
          for (gsize i = 0; i < d; i++)
            mean += discriminant->projection[a * d + i] * direct.label_mean[k * d + i];
          distance += (x[a] - mean) * (x[a] - mean);
        }
        sum += posterior[k] = exp (-distance / 2);
      }
      for (guint k = 0; k < 4; k++)
        g_assert_cmpfloat_with_epsilon (scores[4 * r + k], log (posterior[k] / sum),
                                        FLOAT_TOLERANCE);
      g_free (x);
    }
    direct_clear (&direct);
    training_discriminant_free (discriminant);
    g_free (scores);
    sample_clear (&s);
  }
}

static void
assert_refused (const Sample *s, double shrinkage, const char *words)
{
  GError *error = NULL;
  g_assert_null (fit_with_offset (s, 0, shrinkage, &error));
  g_assert_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, words));
  g_error_free (error);
}

static void
test_refused (void)
{
  Sample s = sample_new (30, 4, 3, 1 << 0 | 1 << 2, 1, 13);
  assert_refused (&s, 0.3, "1 label");
  s.n = 0;
  assert_refused (&s, 0.3, "0 label");
  sample_clear (&s);

  /* Rounding can make a singular matrix look regular, so try many. */
  for (guint32 seed = 0; seed < 200; seed++) {
    s = sample_new (10 + seed % 11, 20, 3, 0, 1, seed);
    assert_refused (&s, 0, "shrinkage 0");
    TrainingDiscriminant *shrunken = fit (&s, 0.01);
    training_discriminant_free (shrunken);
    sample_clear (&s);
  }

  /* Nothing separates the labels. */
  s = sample_new (30, 4, 2, 0, 0, 15);
  memset (s.matrix, 0, (gsize)s.n * s.d * sizeof (float));
  assert_refused (&s, 0.3, "degenerate");
  sample_clear (&s);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/training/discriminant/moments", test_moments);
  g_test_add_func ("/training/discriminant/kinds-of-moments", test_kinds_of_moments);
  g_test_add_func ("/training/discriminant/direct", test_direct);
  g_test_add_func ("/training/discriminant/invariance", test_invariance);
  g_test_add_func ("/training/discriminant/constant", test_constant);
  g_test_add_func ("/training/discriminant/constant-off", test_constant_off);
  g_test_add_func ("/training/discriminant/rounding", test_rounding);
  g_test_add_func ("/training/discriminant/absent-label", test_absent_label);
  g_test_add_func ("/training/discriminant/projection", test_projection);
  g_test_add_func ("/training/discriminant/refused", test_refused);
  return g_test_run ();
}
