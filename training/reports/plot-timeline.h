/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The emotions of a file over its time, as the element predictions them: waveform, the scores of each
 * window as shares of a column that ends where the window does, and a strip of the predictions. */
#pragma once

#include "plot-canvas.h"

G_BEGIN_DECLS

/* `model` NULL: the one that the element finds. Errors of training_timeline_new(),
 * training_plot_check() or of writing the file; gst_init() first. */
gboolean training_plot_timeline (const TrainingPlot *plot, const char *file, const char *model,
                                 GError **error);

G_END_DECLS
