/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plot-timeline.h"

#include <math.h>

#include "media/play.h"
#include "plot-sound.h"
#include "training/audio/timeline.h"
#include "training/base/error.h"

#define LEFT 80 /* px, from the edge to the axes */
#define RIGHT 150
#define BOTTOM 58
#define WAVE_FRACTION 0.2 /* relative to the height, for the waveform */
#define STRIP_HEIGHT 30   /* px, for the predictions */
#define GAP 16            /* px, between the panels */
#define NARROWEST 1.5     /* px, minimum width of a column */
#define SEPARATED 4       /* px, minimum size of parts with lines between them */
#define SEPARATOR 0.75    /* px, width of the lines */
#define LEGEND_ROW 22     /* px */
#define LEGEND_SWATCH 13  /* px */

/* A column of the plot: a window, or several if they would be too narrow. */
typedef struct {
  double start, end;      /* s */
  double *scores;         /* mean of the windows with a prediction */
  const char *prediction; /* the most frequent */
  gboolean none;          /* the prediction is none */
} Column;

typedef struct {
  TrainingCanvas *canvas;
  const TrainingTimeline *timeline;
  TrainingColour *colours; /* one per label */
  Column *columns;
  guint n_columns;
  TrainingAxes scores, strip;
} Picture;

static const TrainingTimelineWindow *
get_window (const Picture *picture, guint index)
{
  return &g_array_index (picture->timeline->windows, TrainingTimelineWindow, index);
}

/* The most frequent prediction of the windows first .. end - 1; of equal ones the first. */
static const char *
most_frequent (const Picture *picture, guint first, guint end)
{
  const char *best = NULL;
  guint max = 0;
  for (guint w = first; w < end; w++) {
    guint n = 0;
    for (guint other = first; other < end; other++)
      n += get_window (picture, other)->prediction == get_window (picture, w)->prediction;
    if (n > max) {
      max = n;
      best = get_window (picture, w)->prediction;
    }
  }
  return best;
}

static gboolean
is_label (const Picture *picture, const char *prediction)
{
  return g_ptr_array_find (picture->timeline->labels, prediction, NULL);
}

static void
average_scores (const Picture *picture, guint first, guint end, double *scores)
{
  const guint n_labels = picture->timeline->labels->len;
  guint n = 0;
  for (guint w = first; w < end; w++) {
    const TrainingTimelineWindow *window = get_window (picture, w);
    const gboolean counts = is_label (picture, window->prediction);
    n += counts;
    for (guint k = 0; k < n_labels && counts; k++)
      scores[k] += window->scores[k];
  }
  for (guint k = 0; k < n_labels && n > 0; k++)
    scores[k] /= n;
}

/* A column starts at the end of the previous one, so each shows what its windows added. */
static void
make_columns (Picture *picture, double width)
{
  const guint n = picture->timeline->windows->len, n_labels = picture->timeline->labels->len;
  picture->n_columns = (guint)MIN ((double)n, MAX (floor (width / NARROWEST), 1));
  picture->columns = g_new (Column, picture->n_columns);
  for (guint c = 0; c < picture->n_columns; c++) {
    const guint first = (guint)((guint64)n * c / picture->n_columns);
    const guint end = (guint)((guint64)n * (c + 1) / picture->n_columns);
    Column *column = &picture->columns[c];
    column->start = c == 0 ? get_window (picture, 0)->start : picture->columns[c - 1].end;
    column->end = get_window (picture, end - 1)->end;
    column->prediction = most_frequent (picture, first, end);
    column->none = !is_label (picture, column->prediction);
    column->scores = g_new0 (double, n_labels);
    average_scores (picture, first, end, column->scores);
  }
}

static void
fill (Picture *picture, double x, double y, double width, double height, TrainingColour colour)
{
  training_canvas_colour (picture->canvas, colour);
  cairo_rectangle (picture->canvas->cr, x, y, width, height);
  cairo_fill (picture->canvas->cr);
}

/* Draws white lines between parts and columns, if there is room. */
static void
draw_separators (Picture *picture, const Column *column, double left, double right)
{
  const TrainingAxes *axes = &picture->scores;
  double below = 0;
  if (right - left < SEPARATED)
    return;
  for (guint k = 0; k + 1 < picture->timeline->labels->len; k++) {
    below += column->scores[k];
    if (axes->height * MIN (column->scores[k], column->scores[k + 1]) >= SEPARATED)
      fill (picture, left, training_axes_y (axes, below) - SEPARATOR / 2, right - left, SEPARATOR,
            training_white);
  }
  fill (picture, left - SEPARATOR / 2, axes->top, SEPARATOR, axes->height, training_white);
}

static void
draw_scores (Picture *picture)
{
  const TrainingAxes *axes = &picture->scores;
  cairo_save (picture->canvas->cr);
  cairo_rectangle (picture->canvas->cr, axes->left, axes->top, axes->width, axes->height);
  cairo_clip (picture->canvas->cr);
  for (guint c = 0; c < picture->n_columns; c++) {
    const Column *column = &picture->columns[c];
    const double left = training_axes_x (axes, column->start);
    const double right = training_axes_x (axes, column->end);
    double below = 0;
    if (column->none)
      continue; /* colours would suggest a prediction */
    for (guint k = 0; k < picture->timeline->labels->len; k++) {
      const double bottom = training_axes_y (axes, below);
      below += column->scores[k];
      const double top = training_axes_y (axes, below);
      /* Slightly below the next column, so that the background does not shine through. */
      fill (picture, left, top, right - left + (c + 1 < picture->n_columns ? SEPARATOR : 0),
            bottom - top, picture->colours[k]);
    }
    draw_separators (picture, column, left, right);
  }
  cairo_restore (picture->canvas->cr);
}

static TrainingColour
prediction_colour (const Picture *picture, const char *prediction)
{
  for (guint k = 0; k < picture->timeline->labels->len; k++)
    if (picture->timeline->labels->pdata[k] == prediction)
      return picture->colours[k];
  return training_white; /* none */
}

/* Draws one piece per run of the same prediction, with its name if it fits. */
static void
draw_strip (Picture *picture)
{
  const TrainingAxes *axes = &picture->strip;
  for (guint c = 0, next; c < picture->n_columns; c = next) {
    const char *prediction = picture->columns[c].prediction;
    for (next = c + 1;
         next < picture->n_columns && picture->columns[next].prediction == prediction;)
      next++;
    const double left = training_axes_x (axes, picture->columns[c].start);
    const double right = training_axes_x (axes, picture->columns[next - 1].end);
    const TrainingColour colour = prediction_colour (picture, prediction);
    fill (picture, left, axes->top, right - left, axes->height, colour);
    training_canvas_colour (picture->canvas, training_colour_for_text (colour));
    if (training_canvas_text_width (picture->canvas, prediction, TRAINING_TEXT_TICK) + 6 <
        right - left)
      training_canvas_text (picture->canvas, prediction, TRAINING_TEXT_TICK, (left + right) / 2,
                            axes->top + axes->height / 2, 0.5, 0.5, 0);
    if (right - left >= SEPARATED)
      fill (picture, left - SEPARATOR / 2, axes->top, SEPARATOR, axes->height, training_black);
  }
  training_axes_frame (picture->canvas, axes);
  training_canvas_text (picture->canvas, "answer", TRAINING_TEXT_TICK, axes->left - 8,
                        axes->top + axes->height / 2, 1, 0.5, 0);
}

static void
draw_legend_row (Picture *picture, double y, double row, const char *text, TrainingColour colour)
{
  const double left = picture->scores.left + picture->scores.width + 18;
  const double size = MIN (LEGEND_SWATCH, 0.8 * row);
  fill (picture, left, y - size / 2, size, size, colour);
  training_canvas_colour (picture->canvas, training_black);
  cairo_set_line_width (picture->canvas->cr, 0.5);
  cairo_rectangle (picture->canvas->cr, left, y - size / 2, size, size);
  cairo_stroke (picture->canvas->cr);
  training_canvas_text (picture->canvas, text, MIN (TRAINING_TEXT_LABEL, row),
                        left + LEGEND_SWATCH + 8, y, 0, 0.5, 0);
}

/* Draws the legend: labels from the top in the order of the columns, then the other values of the
 * prediction. */
static void
draw_legend (Picture *picture)
{
  const guint n = picture->timeline->labels->len;
  const double row = MIN (LEGEND_ROW, picture->scores.height / n);
  for (guint i = 0; i < n; i++)
    draw_legend_row (picture, picture->scores.top + row * (i + 0.5), row,
                     picture->timeline->labels->pdata[n - 1 - i], picture->colours[n - 1 - i]);
  draw_legend_row (picture, picture->strip.top + picture->strip.height / 2, LEGEND_ROW, "none",
                   training_white);
}

static void
draw_title (Picture *picture, const TrainingPlot *plot, const char *file)
{
  const TrainingTimeline *timeline = picture->timeline;
  const TrainingTimelineWindow *last = get_window (picture, timeline->windows->len - 1);
  char *name = g_path_get_basename (file), *shown = g_filename_display_name (name);
  char *length = training_number (last->end - last->start, 1);
  char *details =
      picture->n_columns < timeline->windows->len
          ? g_strdup_printf (
                "Emotion timeline \xc2\xb7 model %s \xc2\xb7 %u windows of %s s, several per "
                "column: mean scores, most frequent prediction \xc2\xb7 whole file: %s %.0f %%",
                timeline->model, timeline->windows->len, length, timeline->prediction,
                100 * timeline->confidence)
          : g_strdup_printf ("Emotion timeline \xc2\xb7 model %s \xc2\xb7 each column: scores of "
                             "the window (up to %s s) that ends at its right edge \xc2\xb7 whole "
                             "file: %s %.0f %%",
                             timeline->model, length, timeline->prediction,
                             100 * timeline->confidence);
  training_canvas_title (picture->canvas, plot, shown, details);
  g_free (name);
  g_free (shown);
  g_free (length);
  g_free (details);
}

static gboolean
draw (Picture *picture, const TrainingPlot *plot, const char *file, const TrainingMono *mono,
      GError **error)
{
  TrainingCanvas *canvas = picture->canvas;
  const double top = TRAINING_TITLE_HEIGHT;
  const double height = canvas->height - top - BOTTOM, width = canvas->width - LEFT - RIGHT;
  make_columns (picture, width);
  draw_title (picture, plot, file);
  TrainingAxes wave = {LEFT, top, width, WAVE_FRACTION * height, 0, mono->seconds, -1, 1};
  picture->strip = wave;
  picture->strip.top = top + height - STRIP_HEIGHT;
  picture->strip.height = STRIP_HEIGHT;
  picture->scores = wave;
  picture->scores.top = wave.top + wave.height + GAP;
  picture->scores.height = picture->strip.top - GAP - picture->scores.top;
  picture->scores.y_first = 0;
  picture->scores.y_last = 1;

  if (!training_mono_draw (canvas, &wave, mono, error))
    return FALSE;
  training_axes_draw_y (canvas, &wave, "Amplitude", FALSE);
  training_axes_frame (canvas, &wave);
  draw_scores (picture);
  training_axes_draw_y (canvas, &picture->scores, "Score (probability)", FALSE);
  training_axes_frame (canvas, &picture->scores);
  draw_strip (picture);
  training_mono_time_axis (canvas, &picture->strip);
  draw_legend (picture);
  return TRUE;
}

gboolean
training_plot_timeline (const TrainingPlot *plot, const char *file, const char *model,
                        GError **error)
{
  TrainingMono mono;
  if (!training_mono_is_lasting (file)) {
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA,
                 "%s: a timeline needs an input that can be read twice: use a file",
                 media_play_name (file));
    return FALSE;
  }
  if (!training_plot_check (plot, error) || !training_mono_open (&mono, file, error))
    return FALSE;
  TrainingTimeline *timeline = training_timeline_new (file, model, error);
  TrainingCanvas *canvas = timeline ? training_canvas_new (plot, error) : NULL;
  if (canvas) {
    const guint n = timeline->labels->len;
    Picture picture = {
        .canvas = canvas, .timeline = timeline, .colours = g_new (TrainingColour, n)};
    training_colours_for_labels ((const char *const *)timeline->labels->pdata, n, picture.colours);
    if (!draw (&picture, plot, file, &mono, error))
      g_clear_pointer (&canvas, training_canvas_free);
    for (guint c = 0; c < picture.n_columns; c++)
      g_free (picture.columns[c].scores);
    g_free (picture.columns);
    g_free (picture.colours);
  }
  training_timeline_free (timeline);
  training_mono_clear (&mono);
  return canvas && training_canvas_finish (canvas, error);
}
