/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The clips of a dataset on the first two principal components of their features, a marker and a
 * colour for each label, with an ellipse of one standard deviation about each label's mean. */
#pragma once

#include "plot-canvas.h"
#include "training/data/dataset.h"

G_BEGIN_DECLS

/* A clip is the weighted mean of its rows. Errors of training_pca(), training_plot_check() or of
 * writing the file. */
gboolean training_plot_scatter (const TrainingPlot *plot, const TrainingDataset *data,
                                GError **error);

G_END_DECLS
