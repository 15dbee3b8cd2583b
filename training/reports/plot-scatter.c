/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plot-scatter.h"

#include <math.h>

#include "plot-axes.h"
#include "training/fitting/pca.h"

#define LEFT 80 /* px, from the edge to the axes */
#define RIGHT 170
#define BOTTOM 58
#define PAD 0.04   /* relative to the range, between the outermost points and the frame */
#define MARKER 3.4 /* px, radius */
#define MEAN_MARKER 7.5
#define OPACITY 0.75
#define LEGEND_ROW 24 /* px */
#define ELLIPSE_STEPS 90
#define SHUFFLE_SEED 1 /* order of drawing: no label covers the others */

typedef struct {
  TrainingCanvas *canvas;
  const TrainingDataset *data;
  const double *scores; /* n_clips x 2 */
  TrainingColour *colours;
  TrainingAxes axes;
} Picture;

/* Mean and covariance of a label's points. */
typedef struct {
  guint n;
  double x, y, xx, xy, yy;
} Spread;

/* The weighted mean of each clip's rows, n_clips x n_features. */
static double *
mean_vectors (const TrainingDataset *data)
{
  const guint n_features = data->features->n_features;
  double *means = g_new0 (double, (gsize)data->n_clips *n_features);
  for (guint r = 0; r < data->n_rows; r++) {
    double *mean = means + (gsize)data->rows[r].clip * n_features;
    const float *row = data->matrix + (gsize)r * n_features;
    for (guint j = 0; j < n_features; j++)
      mean[j] += data->rows[r].weight * row[j];
  }
  return means;
}

static void
polygon (cairo_t *cr, double x, double y, double radius, guint n_corners, double turn)
{
  for (guint i = 0; i < n_corners; i++) {
    const double angle = turn + 2 * G_PI * i / n_corners;
    cairo_line_to (cr, x + radius * cos (angle), y + radius * sin (angle));
  }
  cairo_close_path (cr);
}

/* Draws the marker of `label`, about as large as a circle of that radius. */
static void
marker_path (cairo_t *cr, guint label, double x, double y, double radius)
{
  cairo_new_path (cr);
  switch (label % 6) {
  case 0:
    cairo_arc (cr, x, y, radius, 0, 2 * G_PI);
    break;
  case 1:
    polygon (cr, x, y, 1.25 * radius, 4, G_PI / 4);
    break;
  case 2:
    polygon (cr, x, y, 1.4 * radius, 3, -G_PI / 2);
    break;
  case 3:
    polygon (cr, x, y, 1.3 * radius, 4, 0);
    break;
  case 4:
    polygon (cr, x, y, 1.4 * radius, 3, G_PI / 2);
    break;
  default:
    polygon (cr, x, y, 1.15 * radius, 6, 0);
    break;
  }
}

static void
draw_marker (Picture *picture, guint label, double x, double y, double radius, double opacity)
{
  cairo_t *cr = picture->canvas->cr;
  const TrainingColour colour = picture->colours[label];
  marker_path (cr, label, x, y, radius);
  cairo_set_source_rgba (cr, colour.red, colour.green, colour.blue, opacity);
  cairo_fill_preserve (cr);
  cairo_set_source_rgba (cr, 0, 0, 0, opacity);
  cairo_set_line_width (cr, radius > MARKER ? 1.2 : 0.4);
  cairo_stroke (cr);
}

static void
draw_points (Picture *picture)
{
  const guint n = picture->data->n_clips;
  guint *order = g_new (guint, n);
  GRand *random = g_rand_new_with_seed (SHUFFLE_SEED);
  for (guint i = 0; i < n; i++) {
    const guint j = (guint)g_rand_int_range (random, 0, (gint32)i + 1);
    order[i] = order[j];
    order[j] = i;
  }
  for (guint i = 0; i < n; i++) {
    const double *point = picture->scores + (gsize)order[i] * 2;
    draw_marker (picture, picture->data->clips[order[i]].label,
                 training_axes_x (&picture->axes, point[0]),
                 training_axes_y (&picture->axes, point[1]), MARKER, OPACITY);
  }
  g_rand_free (random);
  g_free (order);
}

static Spread
measure (const Picture *picture, guint label)
{
  Spread spread = {0};
  for (guint c = 0; c < picture->data->n_clips; c++) {
    if (picture->data->clips[c].label != label)
      continue;
    const double x = picture->scores[2 * (gsize)c], y = picture->scores[2 * (gsize)c + 1];
    spread.n++;
    spread.x += x, spread.y += y;
    spread.xx += x * x, spread.xy += x * y, spread.yy += y * y;
  }
  spread.x /= spread.n, spread.y /= spread.n;
  spread.xx = spread.xx / spread.n - spread.x * spread.x;
  spread.xy = spread.xy / spread.n - spread.x * spread.y;
  spread.yy = spread.yy / spread.n - spread.y * spread.y;
  return spread;
}

/* The ellipse at one standard deviation from the mean: L (cos t, sin t), with L L' the
 * covariance. */
static void
draw_ellipse (Picture *picture, const Spread *spread, TrainingColour colour)
{
  cairo_t *cr = picture->canvas->cr;
  const double l11 = sqrt (MAX (spread->xx, 0)), l21 = l11 > 0 ? spread->xy / l11 : 0;
  const double l22 = sqrt (MAX (spread->yy - l21 * l21, 0));
  for (guint i = 0; i < ELLIPSE_STEPS; i++) {
    const double t = 2 * G_PI * i / ELLIPSE_STEPS;
    cairo_line_to (cr, training_axes_x (&picture->axes, spread->x + l11 * cos (t)),
                   training_axes_y (&picture->axes, spread->y + l21 * cos (t) + l22 * sin (t)));
  }
  cairo_close_path (cr);
  cairo_set_line_width (cr, 4.5);
  training_canvas_colour (picture->canvas, training_white);
  cairo_stroke_preserve (cr);
  cairo_set_line_width (cr, 2.2);
  training_canvas_colour (picture->canvas, colour);
  cairo_stroke (cr);
}

static void
draw_means (Picture *picture)
{
  for (guint k = 0; k < picture->data->n_labels; k++) {
    const Spread spread = measure (picture, k);
    draw_ellipse (picture, &spread, picture->colours[k]);
  }
  for (guint k = 0; k < picture->data->n_labels; k++) {
    const Spread spread = measure (picture, k);
    draw_marker (picture, k, training_axes_x (&picture->axes, spread.x),
                 training_axes_y (&picture->axes, spread.y), MEAN_MARKER, 1);
  }
}

static void
draw_legend (Picture *picture)
{
  const guint n = picture->data->n_labels;
  const double row = MIN (LEGEND_ROW, picture->axes.height / n);
  const double left = picture->axes.left + picture->axes.width + 24;
  for (guint k = 0; k < n; k++) {
    const double y = picture->axes.top + row * (k + 0.5);
    char *text = g_strdup_printf ("%s (%u)", picture->data->labels[k], measure (picture, k).n);
    draw_marker (picture, k, left, y, MIN (MEAN_MARKER - 1.5, row / 3), 1);
    training_canvas_colour (picture->canvas, training_black);
    training_canvas_text (picture->canvas, text, MIN (TRAINING_TEXT_LABEL, row), left + 14, y, 0,
                          0.5, 0);
    g_free (text);
  }
}

/* The range of one component's scores, slightly widened. */
static void
find_range (const Picture *picture, guint component, double *first, double *last)
{
  *first = INFINITY, *last = -INFINITY;
  for (guint c = 0; c < picture->data->n_clips; c++) {
    const double score = picture->scores[2 * (gsize)c + component];
    *first = MIN (*first, score);
    *last = MAX (*last, score);
  }
  const double pad = MAX (PAD * (*last - *first), 1e-6);
  *first -= pad;
  *last += pad;
}

static char *
component_name (guint index, double explained)
{
  char *percent = training_number (100 * explained, 1);
  char *name = g_strdup_printf ("Principal component %u (%s %% of the variance)", index, percent);
  g_free (percent);
  return name;
}

static void
draw (Picture *picture, const TrainingPlot *plot, const double explained[2])
{
  TrainingCanvas *canvas = picture->canvas;
  const TrainingDataset *data = picture->data;
  char *details =
      g_strdup_printf ("%u features of %s, standardised; mean over the windows of each of %u clips "
                       "\xc2\xb7 ellipses: 1 standard deviation about a label's mean",
                       data->features->n_features, data->features->name, data->n_clips);
  training_canvas_title (canvas, plot, "Principal components of the features", details);
  picture->axes = (TrainingAxes){.left = LEFT,
                                 .top = TRAINING_TITLE_HEIGHT,
                                 .width = canvas->width - LEFT - RIGHT,
                                 .height = canvas->height - TRAINING_TITLE_HEIGHT - BOTTOM};
  find_range (picture, 0, &picture->axes.x_first, &picture->axes.x_last);
  find_range (picture, 1, &picture->axes.y_first, &picture->axes.y_last);
  char *x_name = component_name (1, explained[0]), *y_name = component_name (2, explained[1]);
  training_canvas_colour (canvas, training_black);
  training_axes_draw_x (canvas, &picture->axes, x_name, TRUE);
  training_axes_draw_y (canvas, &picture->axes, y_name, TRUE);
  draw_points (picture);
  draw_means (picture);
  training_axes_frame (canvas, &picture->axes);
  draw_legend (picture);
  g_free (details);
  g_free (x_name);
  g_free (y_name);
}

gboolean
training_plot_scatter (const TrainingPlot *plot, const TrainingDataset *data, GError **error)
{
  double explained[2];
  if (!training_plot_check (plot, error))
    return FALSE;
  double *means = mean_vectors (data);
  double *scores =
      training_pca (means, data->n_clips, data->features->n_features, 2, explained, error);
  TrainingCanvas *canvas = scores ? training_canvas_new (plot, error) : NULL;
  if (canvas) {
    Picture picture = {.canvas = canvas,
                       .data = data,
                       .scores = scores,
                       .colours = g_new (TrainingColour, data->n_labels)};
    training_colours_for_labels ((const char *const *)data->labels, data->n_labels,
                                 picture.colours);
    draw (&picture, plot, explained);
    g_free (picture.colours);
  }
  g_free (means);
  g_free (scores);
  return canvas && training_canvas_finish (canvas, error);
}
