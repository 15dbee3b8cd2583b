/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The emotions in a file over time, as predicted by the element: waveform, the scores of each
 * window as parts of a column that ends with the window, and a strip of the predictions. */
#pragma once

#include "plot-canvas.h"

G_BEGIN_DECLS

/* `model` NULL: the element's default. FALSE with the errors of training_timeline_new(),
 * training_plot_check() or of writing the file; gst_init() first. */
gboolean training_plot_timeline (const TrainingPlot *plot, const char *file, const char *model,
                                 GError **error);

G_END_DECLS
