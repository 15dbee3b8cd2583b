/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Plots of one audio file. FALSE with the errors of training_mono_open(), training_plot_check() or
 * of writing the file; gst_init() first. */
#pragma once

#include "plot-axes.h"
#include "training/audio/mono.h"

G_BEGIN_DECLS

/* Draws the samples into the axes and sets their y range to round numbers that include all samples.
 * FALSE with the errors of training_mono_read(). */
gboolean training_mono_draw (TrainingCanvas *canvas, TrainingAxes *axes, const TrainingMono *mono,
                             GError **error);

/* Draws the time axis below the axes, in s or, for long files, in min. */
void training_mono_time_axis (TrainingCanvas *canvas, const TrainingAxes *axes);

gboolean training_plot_waveform (const TrainingPlot *plot, const char *file, GError **error);

/* Up to `max_frequency` Hz, at most half of the sample rate; 0: 8 kHz. */
gboolean training_plot_spectrogram (const TrainingPlot *plot, const char *file,
                                    double max_frequency, gboolean logarithmic, GError **error);

/* The same on the mel scale. */
gboolean training_plot_mel (const TrainingPlot *plot, const char *file, double max_frequency,
                            GError **error);

G_END_DECLS
