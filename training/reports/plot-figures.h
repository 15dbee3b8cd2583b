/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Pictures of what training_metrics.json has (report.h). */
#pragma once

#include "figures-file.h"
#include "plot-axes.h"

G_BEGIN_DECLS

#define TRAINING_DOT " \xc2\xb7 " /* between details */

/* "UAR 0.654 [0.604-0.705]", as far as the figures tell; free with g_free(). */
char *training_figures_describe_uar (const TrainingFiguresFile *file);

/* The title, and as details which figures these are and `more`. */
void training_figures_title (TrainingCanvas *canvas, const TrainingPlot *plot,
                             const TrainingFiguresFile *file, const char *title, const char *more);

/* Counts and shares of each truth that got each prediction. Errors of training_figures_file_open(), of
 * training_plot_check() or of writing the file, and TRAINING_ERROR_METADATA where the figures lack
 * what the picture shows. The same for the others. */
gboolean training_plot_confusion (const TrainingPlot *plot, const TrainingFiguresFile *file,
                                  GError **error);

/* Accuracy against confidence in the bins of the calibration error, with 95 % Wilson intervals, and
 * how many predictions each bin has. */
gboolean training_plot_reliability (const TrainingPlot *plot, const TrainingFiguresFile *file,
                                    GError **error);

/* The UAR of each speaker, from the best to the worst, with the UAR of all and chance. */
gboolean training_plot_speakers (const TrainingPlot *plot, const TrainingFiguresFile *file,
                                 GError **error);

G_END_DECLS
