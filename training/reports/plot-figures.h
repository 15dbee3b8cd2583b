/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Plots of training_metrics.json (report.h). */
#pragma once

#include "figures-file.h"
#include "plot-axes.h"

G_BEGIN_DECLS

#define TRAINING_DOT " \xc2\xb7 " /* between details */

/* "UAR 0.654 [0.604-0.705]", with the parts that the figures have; free with g_free(). */
char *training_figures_describe_uar (const TrainingFiguresFile *file);

/* Draws the title; the details say which figures these are, then `more`. */
void training_figures_title (TrainingCanvas *canvas, const TrainingPlot *plot,
                             const TrainingFiguresFile *file, const char *title, const char *more);

/* The confusion matrix: counts and fractions of each truth by prediction. FALSE with the errors of
 * training_figures_file_open(), of training_plot_check() or of writing the file, or with
 * TRAINING_ERROR_METADATA if the figures are incomplete. The same applies to the other plots. */
gboolean training_plot_confusion (const TrainingPlot *plot, const TrainingFiguresFile *file,
                                  GError **error);

/* The reliability diagram: accuracy against confidence in the bins of the calibration error, with
 * 95 % Wilson intervals and the number of predictions per bin. */
gboolean training_plot_reliability (const TrainingPlot *plot, const TrainingFiguresFile *file,
                                    GError **error);

/* The UAR of each speaker, sorted from best to worst, with the overall UAR and the chance level. */
gboolean training_plot_speakers (const TrainingPlot *plot, const TrainingFiguresFile *file,
                                 GError **error);

G_END_DECLS
