/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pca.h"

#include <cblas.h>
#include <lapacke.h>
#include <math.h>

#include "training/base/error.h"

/* Relative to the mean; smaller deviations are rounding errors. */
#define MIN_SPREAD 1e-9

/* Standardises each column to mean 0 and variance 1; returns the number of columns that vary. */
static guint
standardise (double *matrix, guint n_rows, guint n_columns)
{
  guint n_varying = 0;
  for (guint j = 0; j < n_columns; j++) {
    double sum = 0, squares = 0;
    for (guint i = 0; i < n_rows; i++)
      sum += matrix[(gsize)i * n_columns + j];
    const double mean = sum / n_rows;
    for (guint i = 0; i < n_rows; i++) {
      const double apart = matrix[(gsize)i * n_columns + j] - mean;
      squares += apart * apart;
    }
    const double sd = sqrt (squares / n_rows);
    const gboolean varies = sd > MIN_SPREAD * fabs (mean);
    n_varying += varies;
    for (guint i = 0; i < n_rows; i++) {
      double *value = &matrix[(gsize)i * n_columns + j];
      *value = varies ? (*value - mean) / sd : 0;
    }
  }
  return n_varying;
}

/* The loadings of the components with the greatest variance, one after the other, and their
 * fractions of the variance; NULL when the solver fails. */
static double *
find_loadings (const double *matrix, guint n_rows, guint n_columns, guint n_components,
               guint n_varying, double *explained)
{
  const int n = (int)n_columns, wanted = (int)n_components;
  double *correlation = g_new (double, (gsize)n_columns *n_columns);
  double *values = g_new (double, n_columns);
  double *vectors = g_new (double, (gsize)n_columns *n_components);
  int *support = g_new (int, 2 * n_components), found;
  cblas_dsyrk (CblasColMajor, CblasUpper, CblasNoTrans, n, (int)n_rows, 1.0 / n_rows, matrix, n, 0,
               correlation, n);
  const int status = LAPACKE_dsyevr (LAPACK_COL_MAJOR, 'V', 'I', 'U', n, correlation, n, 0, 0,
                                     n - wanted + 1, n, 0, &found, values, vectors, n, support);
  double *loadings =
      status == 0 && found == wanted ? g_new (double, (gsize)n_columns *n_components) : NULL;
  for (guint c = 0; loadings && c < n_components; c++) {
    /* The eigenvalues are in ascending order. */
    const double *vector = vectors + (gsize)(n_components - 1 - c) * n_columns;
    guint peak = 0;
    for (guint j = 1; j < n_columns; j++)
      if (fabs (vector[j]) > fabs (vector[peak]))
        peak = j;
    for (guint j = 0; j < n_columns; j++)
      loadings[(gsize)c * n_columns + j] = vector[peak] < 0 ? -vector[j] : vector[j];
    explained[c] = MAX (values[n_components - 1 - c], 0) / n_varying;
  }
  g_free (correlation);
  g_free (values);
  g_free (vectors);
  g_free (support);
  return loadings;
}

double *
training_pca (double *matrix, guint n_rows, guint n_columns, guint n_components, double *explained,
              GError **error)
{
  const guint n_varying = n_rows > 0 ? standardise (matrix, n_rows, n_columns) : 0;
  double *loadings = NULL;
  if (n_rows > n_components && n_varying >= n_components)
    loadings = find_loadings (matrix, n_rows, n_columns, n_components, n_varying, explained);
  if (!loadings) {
    g_set_error (
        error, TRAINING_ERROR, TRAINING_ERROR_DATA,
        "cannot compute %u principal components of %u rows with %u columns that vary; add clips",
        n_components, n_rows, n_varying);
    return NULL;
  }
  double *scores = g_new (double, (gsize)n_rows *n_components);
  cblas_dgemm (CblasRowMajor, CblasNoTrans, CblasTrans, (int)n_rows, (int)n_components,
               (int)n_columns, 1, matrix, (int)n_columns, loadings, (int)n_columns, 0, scores,
               (int)n_components);
  g_free (loadings);
  return scores;
}
