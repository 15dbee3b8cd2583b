/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Scatter plot of the clips of a dataset on the first two principal components of their features.
 * Each label has a marker, a colour and an ellipse of one standard deviation around its mean. */
#pragma once

#include "plot-canvas.h"
#include "training/data/dataset.h"

G_BEGIN_DECLS

/* A clip is the weighted mean of its rows. FALSE with the errors of training_pca(),
 * training_plot_check() or of writing the file. */
gboolean training_plot_scatter (const TrainingPlot *plot, const TrainingDataset *data,
                                GError **error);

G_END_DECLS
