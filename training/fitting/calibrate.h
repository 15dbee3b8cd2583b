/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Temperature scaling (Guo et al. 2017). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The temperature that minimises the weighted negative log-likelihood of `labels` when `n` rows of
 * `n_labels` log-posteriors are divided by it; 1 if no temperature is better. Rows without weight
 * do not count. */
double training_fit_temperature (const double *log_posteriors, const guint *labels,
                                 const double *weights, guint n, guint n_labels);

G_END_DECLS
