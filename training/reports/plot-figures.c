/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plot-figures.h"

#include <math.h>

#define DASH "\xe2\x80\x93"

char *
training_figures_describe_uar (const TrainingFiguresFile *file)
{
  JsonArray *interval = training_json_array (file->figures, "uar_interval");
  const double low = training_json_number_at (interval, 0);
  const double high = training_json_number_at (interval, 1);
  char *uar = training_number (training_json_number (file->figures, "balanced_accuracy"), 3);
  char *first = training_number (low, 3), *last = training_number (high, 3);
  char *text = isfinite (low) && isfinite (high)
                   ? g_strdup_printf ("UAR %s [%s" DASH "%s]", uar, first, last)
                   : g_strdup_printf ("UAR %s", uar);
  g_free (uar);
  g_free (first);
  g_free (last);
  return text;
}

void
training_figures_title (TrainingCanvas *canvas, const TrainingPlot *plot,
                        const TrainingFiguresFile *file, const char *title, const char *more)
{
  char *details = g_strdup_printf ("%s" TRAINING_DOT "%s", file->description, more);
  training_canvas_title (canvas, plot, title, details);
  g_free (details);
}
