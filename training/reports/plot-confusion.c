/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>

#include "plot-figures.h"

#define RIGHT 24            /* px, from the edge to the axes */
#define BAR 100             /* px, width of the colour bar's area */
#define LABEL_GAP 10        /* px, between a label and its row or column */
#define CELL_ASPECT 1.7     /* maximum width / height of a cell */
#define COUNT_FROM 36       /* px, minimum height of a cell that also shows its count */
#define MAX_COUNT 1e12      /* of a count */
#define TURN 40             /* degrees, for labels too long for their column */
#define TURNED_FRACTION 0.7 /* relative to a column's width, for the size of turned labels */

static double
widest_label (TrainingCanvas *canvas, const char *const *labels)
{
  double widest = 0;
  for (guint i = 0; labels[i]; i++)
    widest = MAX (widest, training_canvas_text_width (canvas, labels[i], TRAINING_TEXT_TICK));
  return widest;
}

/* Reads the matrix; rows are the truth. NULL with an error. Free with g_free(). */
static double *
read_confusion (const TrainingFiguresFile *file, GError **error)
{
  JsonArray *rows = training_json_array (file->figures, "confusion_matrix");
  const guint n = file->n_labels;
  double *counts = g_new (double, (gsize)n *n);
  gboolean ok = rows && json_array_get_length (rows) == n;
  for (guint i = 0; ok && i < n; i++) {
    JsonArray *row = training_json_array_at (rows, i);
    ok = row && json_array_get_length (row) == n;
    for (guint j = 0; ok && j < n; j++) {
      counts[i * n + j] = training_json_number_at (row, j);
      ok = counts[i * n + j] >= 0 && counts[i * n + j] <= MAX_COUNT;
    }
  }
  if (!ok) {
    g_clear_pointer (&counts, g_free);
    training_figures_file_lacks (file, "confusion_matrix of these labels", error);
  }
  return counts;
}

static void
draw_cell (TrainingCanvas *canvas, double x, double y, double width, double height, double count,
           double fraction)
{
  const TrainingColour colour = training_colour_map_light (fraction);
  training_canvas_colour (canvas, colour);
  cairo_rectangle (canvas->cr, x, y, width, height);
  cairo_fill (canvas->cr);
  char *percent = training_number (100 * fraction, 0), *number = training_number (count, 0);
  const double size = MIN (TRAINING_TEXT_LABEL, 0.45 * height);
  const gboolean both = height >= COUNT_FROM;
  training_canvas_colour (canvas, training_colour_for_text (colour));
  if (count > 0 && size >= 7 && width >= 2.2 * size) {
    training_canvas_text (canvas, percent, size, x + width / 2, y + height * (both ? 0.36 : 0.5),
                          0.5, 0.5, 0);
    if (both)
      training_canvas_text (canvas, number, 0.75 * size, x + width / 2, y + height * 0.72, 0.5, 0.5,
                            0);
  }
  g_free (percent);
  g_free (number);
}

static void
draw_cells (TrainingCanvas *canvas, const TrainingAxes *axes, const double *counts, guint n)
{
  const double width = axes->width / n, height = axes->height / n;
  for (guint i = 0; i < n; i++) {
    double all = 0;
    for (guint j = 0; j < n; j++)
      all += counts[i * n + j];
    for (guint j = 0; j < n; j++)
      draw_cell (canvas, axes->left + j * width, axes->top + i * height, width, height,
                 counts[i * n + j], all > 0 ? counts[i * n + j] / all : 0);
  }
}

static gboolean
needs_turn (const TrainingAxes *axes, guint n, double widest)
{
  return widest > axes->width / n - 6;
}

/* Draws the names of the rows and columns. */
static void
draw_names (TrainingCanvas *canvas, const TrainingAxes *axes, const TrainingFiguresFile *file,
            double widest)
{
  const guint n = file->n_labels;
  const double width = axes->width / n, height = axes->height / n;
  const gboolean turned = needs_turn (axes, n, widest);
  training_canvas_colour (canvas, training_black);
  for (guint i = 0; i < n; i++) {
    training_canvas_text (canvas, file->labels[i], MIN (TRAINING_TEXT_TICK, height),
                          axes->left - LABEL_GAP, axes->top + (i + 0.5) * height, 1, 0.5, 0);
    training_canvas_text (canvas, file->labels[i],
                          MIN (TRAINING_TEXT_TICK, turned ? TURNED_FRACTION * width : width),
                          axes->left + (i + 0.5) * width, axes->top + axes->height + LABEL_GAP,
                          turned ? 1 : 0.5, turned ? 0.5 : 0, turned ? TURN : 0);
  }
}

/* Reserves room for the names at the left and below. */
static TrainingAxes
place_matrix (const TrainingCanvas *canvas, guint n, double widest)
{
  const double top = TRAINING_TITLE_HEIGHT;
  const double left = 44 + widest, room = canvas->width - left - BAR - RIGHT;
  TrainingAxes axes = {.top = TRAINING_TITLE_HEIGHT, .height = canvas->height - top - 56};
  axes.width = MIN (room, CELL_ASPECT * axes.height);
  if (needs_turn (&axes, n, widest))
    axes.height -= sin (TURN * G_PI / 180) * widest - TRAINING_TEXT_TICK / 2;
  axes.left = left + (room - axes.width) / 2;
  return axes;
}

gboolean
training_plot_confusion (const TrainingPlot *plot, const TrainingFiguresFile *file, GError **error)
{
  double *counts = read_confusion (file, error);
  TrainingCanvas *canvas = counts ? training_canvas_new (plot, error) : NULL;
  if (canvas) {
    const guint n = file->n_labels;
    const double widest = widest_label (canvas, (const char *const *)file->labels);
    const TrainingAxes axes = place_matrix (canvas, n, widest);
    char *uar = training_figures_describe_uar (file), *chance = training_number (1.0 / n, 3);
    char *more = g_strdup_printf ("n = %.0f" TRAINING_DOT "%s" TRAINING_DOT "chance %s" TRAINING_DOT
                                  "cells: %% of the true label%s; empty: 0",
                                  training_json_number (file->figures, "n"), uar, chance,
                                  axes.height / n >= COUNT_FROM ? ", and count" : "");
    training_figures_title (canvas, plot, file, "Confusion matrix", more);
    draw_cells (canvas, &axes, counts, file->n_labels);
    training_axes_frame (canvas, &axes);
    draw_names (canvas, &axes, file, widest);
    training_axes_name_y (canvas, &axes, "True label", widest + 28);
    training_canvas_text (canvas, "Predicted label", TRAINING_TEXT_LABEL,
                          axes.left + axes.width / 2, canvas->height - 14, 0.5, 1, 0);
    training_axes_colour_bar (canvas, &axes, training_colour_map_light, 0, 100,
                              "Percentage of the true label");
    g_free (uar);
    g_free (chance);
    g_free (more);
  }
  g_free (counts);
  return canvas && training_canvas_finish (canvas, error);
}
