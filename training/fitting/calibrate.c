/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "calibrate.h"

#include <math.h>
#include <string.h>

#include "core/model/model.h"

#define MIN_LOG (-4.0) /* temperatures from 0.02 */
#define MAX_LOG 6.0    /* to 400 */
#define STEPS 50       /* of the golden-section search: reduces the bracket by a factor of 4e-10 */

static double
loss (double log_temperature, const double *log_posteriors, const guint *labels,
      const double *weights, guint n, guint n_labels)
{
  double row[EMOTION_MAX_LABELS], sum = 0;
  for (guint i = 0; i < n; i++) {
    if (weights[i] <= 0)
      continue;
    memcpy (row, log_posteriors + (gsize)i * n_labels, n_labels * sizeof *row);
    emotion_log_softmax (row, n_labels, exp (log_temperature));
    sum -= weights[i] * row[labels[i]];
  }
  return sum;
}

double
training_fit_temperature (const double *log_posteriors, const guint *labels, const double *weights,
                          guint n, guint n_labels)
{
  /* The loss is convex in 1 / T, so it has one minimum; golden-section search (Kiefer 1953). */
  const double golden = (sqrt (5) - 1) / 2;
  double a = MIN_LOG, b = MAX_LOG, c = b - golden * (b - a), d = a + golden * (b - a);
  double at_c = loss (c, log_posteriors, labels, weights, n, n_labels);
  double at_d = loss (d, log_posteriors, labels, weights, n, n_labels);
  for (guint step = 0; step < STEPS; step++) {
    if (at_c < at_d) {
      b = d, d = c, at_d = at_c, c = b - golden * (b - a);
      at_c = loss (c, log_posteriors, labels, weights, n, n_labels);
    } else {
      a = c, c = d, at_c = at_d, d = a + golden * (b - a);
      at_d = loss (d, log_posteriors, labels, weights, n, n_labels);
    }
  }
  const double best = (a + b) / 2;
  /* All labels are right by a wide margin: the loss is 0 over a range of temperatures, and none is
   * better than 1. */
  if (loss (0, log_posteriors, labels, weights, n, n_labels) <=
      loss (best, log_posteriors, labels, weights, n, n_labels))
    return 1;
  return exp (best);
}
