/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>

#include "plot-figures.h"

#define LEFT 80 /* px, from the edge to the axes */
#define RIGHT 24
#define BOTTOM 58
#define HISTOGRAM_FRACTION 0.2 /* relative to the height */
#define GAP 12                 /* px, between the panels */
#define CAP 3                  /* px, half the width of an interval's end */
#define DOT 4                  /* px, radius */
#define MAX_COUNT 1e12         /* of a count */
#define Z_95 1.959963984540054 /* two-sided 95 % of the normal distribution */

typedef struct {
  double confidence, accuracy, n;
} Bin;

/* Reads the `n` bins; NULL with an error. Free with g_free(). */
static Bin *
read_bins (const TrainingFiguresFile *file, guint *n, GError **error)
{
  JsonArray *array = training_json_array (file->figures, "reliability");
  *n = array ? json_array_get_length (array) : 0;
  Bin *bins = g_new (Bin, *n);
  gboolean ok = *n > 0;
  for (guint i = 0; ok && i < *n; i++) {
    JsonObject *object = training_json_object_at (array, i);
    bins[i].confidence = training_json_number (object, "confidence");
    bins[i].accuracy = training_json_number (object, "accuracy");
    bins[i].n = training_json_number (object, "n");
    ok = bins[i].n == 0 ||
         (bins[i].n > 0 && bins[i].n <= MAX_COUNT && bins[i].confidence >= 0 &&
          bins[i].confidence <= 1 && bins[i].accuracy >= 0 && bins[i].accuracy <= 1);
  }
  if (!ok) {
    g_clear_pointer (&bins, g_free);
    training_figures_file_lacks (file, "reliability of bins", error);
  }
  return bins;
}

/* The confidence interval of a proportion in n trials (Wilson 1927). */
static void
wilson (double fraction, double n, double *low, double *high)
{
  const double z2 = Z_95 * Z_95;
  const double middle = (fraction + z2 / (2 * n)) / (1 + z2 / n);
  const double half = Z_95 / (1 + z2 / n) * sqrt (fraction * (1 - fraction) / n + z2 / (4 * n * n));
  *low = middle - half;
  *high = middle + half;
}

static void
draw_diagonal (TrainingCanvas *canvas, const TrainingAxes *axes)
{
  const double dashes[] = {6, 4};
  training_canvas_colour (canvas, training_grey);
  cairo_set_line_width (canvas->cr, 1.5);
  cairo_set_dash (canvas->cr, dashes, 2, 0);
  cairo_move_to (canvas->cr, training_axes_x (axes, 0), training_axes_y (axes, 0));
  cairo_line_to (canvas->cr, training_axes_x (axes, 1), training_axes_y (axes, 1));
  cairo_stroke (canvas->cr);
  cairo_set_dash (canvas->cr, NULL, 0, 0);
}

static void
draw_dot (TrainingCanvas *canvas, const TrainingAxes *axes, const Bin *bin)
{
  double low, high;
  wilson (bin->accuracy, bin->n, &low, &high);
  const double x = training_axes_x (axes, bin->confidence);
  const double bottom = training_axes_y (axes, low), top = training_axes_y (axes, high);
  training_canvas_colour (canvas, training_vermillion);
  cairo_set_line_width (canvas->cr, 1.5);
  cairo_move_to (canvas->cr, x, bottom);
  cairo_line_to (canvas->cr, x, top);
  cairo_move_to (canvas->cr, x - CAP, bottom);
  cairo_line_to (canvas->cr, x + CAP, bottom);
  cairo_move_to (canvas->cr, x - CAP, top);
  cairo_line_to (canvas->cr, x + CAP, top);
  cairo_stroke (canvas->cr);
  cairo_arc (canvas->cr, x, training_axes_y (axes, bin->accuracy), DOT, 0, 2 * G_PI);
  cairo_fill (canvas->cr);
}

static void
draw_bars (TrainingCanvas *canvas, const TrainingAxes *axes, const Bin *bins, guint n,
           gsize height_offset, TrainingColour colour)
{
  for (guint i = 0; i < n; i++) {
    const double value = G_STRUCT_MEMBER (double, &bins[i], height_offset);
    if (bins[i].n == 0)
      continue;
    const double left = training_axes_x (axes, (double)i / n), top = training_axes_y (axes, value);
    training_canvas_colour (canvas, colour);
    cairo_rectangle (canvas->cr, left, top, axes->width / n, axes->top + axes->height - top);
    cairo_fill_preserve (canvas->cr);
    training_canvas_colour (canvas, training_white);
    cairo_set_line_width (canvas->cr, 1);
    cairo_stroke (canvas->cr);
  }
}

static void
draw_reliability (TrainingCanvas *canvas, const Bin *bins, guint n, gboolean windows)
{
  const double top = TRAINING_TITLE_HEIGHT;
  const TrainingColour light = training_colour_map_light (0.25);
  const double height = canvas->height - top - BOTTOM;
  const double histogram = HISTOGRAM_FRACTION * height;
  double max = 0;
  for (guint i = 0; i < n; i++)
    max = MAX (max, bins[i].n);
  TrainingAxes upper = {LEFT, top, canvas->width - LEFT - RIGHT, height - histogram - GAP, 0, 1,
                        0,    1};
  TrainingAxes lower = upper;
  lower.top = top + height - histogram;
  lower.height = histogram;
  lower.y_last = 1.1 * MAX (max, 1);

  draw_bars (canvas, &upper, bins, n, G_STRUCT_OFFSET (Bin, accuracy), light);
  draw_diagonal (canvas, &upper);
  for (guint i = 0; i < n; i++)
    if (bins[i].n > 0)
      draw_dot (canvas, &upper, &bins[i]);
  training_canvas_colour (canvas, training_black);
  training_axes_draw_y (canvas, &upper, "Accuracy", FALSE);
  training_axes_frame (canvas, &upper);
  draw_bars (canvas, &lower, bins, n, G_STRUCT_OFFSET (Bin, n), training_grey);
  training_canvas_colour (canvas, training_black);
  training_axes_draw_y (canvas, &lower, windows ? "Windows" : "Clips", FALSE);
  training_axes_draw_x (canvas, &lower, "Confidence (probability of the prediction)", FALSE);
  training_axes_frame (canvas, &lower);
}

gboolean
training_plot_reliability (const TrainingPlot *plot, const TrainingFiguresFile *file,
                           GError **error)
{
  guint n;
  Bin *bins = read_bins (file, &n, error);
  TrainingCanvas *canvas = bins ? training_canvas_new (plot, error) : NULL;
  if (canvas) {
    char *ece = training_number (training_json_number (file->figures, "ece"), 3);
    char *brier = training_number (training_json_number (file->figures, "brier"), 3);
    char *more = g_strdup_printf (
        "n = %.0f" TRAINING_DOT "ECE %s" TRAINING_DOT "Brier score %s" TRAINING_DOT
        "dots: mean of a bin, 95 %% interval" TRAINING_DOT "dashed: perfect calibration",
        training_json_number (file->figures, "n"), ece, brier);
    training_figures_title (canvas, plot, file, "Reliability diagram", more);
    draw_reliability (canvas, bins, n, file->windows);
    g_free (ece);
    g_free (brier);
    g_free (more);
  }
  g_free (bins);
  return canvas && training_canvas_finish (canvas, error);
}
