/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plot-figures.h"

#include <math.h>
#include <string.h>

#define LEFT 80 /* px, from the edge to the axes */
#define RIGHT 24
#define BOTTOM 58
#define COUNT_FROM 36          /* px, height of a cell from which it also has its count */
#define NAME_ROOM 130          /* px, most of a speaker's name */
#define LABEL_GAP 10           /* px, from a label to its row or column */
#define CELL_ASPECT 1.7        /* most of a cell's width over its height */
#define BAR 100                /* px, for a colour bar */
#define TURNED_SHARE 0.7       /* of the distance of turned labels, for their size */
#define TURN 40                /* degrees, of labels too long for their place */
#define HISTOGRAM_SHARE 0.2    /* of the height */
#define GAP 12                 /* px, between panels */
#define CAP 3                  /* px, half of the end of an interval */
#define DOT 4                  /* px, radius */
#define Z_95 1.959963984540054 /* two-sided 95 % of the normal distribution */
#define DOT_SIGN " \xc2\xb7 "
#define DASH "\xe2\x80\x93"

/* "UAR 0.654 [0.604-0.705]", as far as the figures tell. */
static char *
describe_uar (const TrainingFiguresFile *file)
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

static void
draw_title (TrainingCanvas *canvas, const TrainingPlot *plot, const TrainingFiguresFile *file,
            const char *title, const char *more)
{
  char *details = g_strdup_printf ("%s" DOT_SIGN "%s", file->description, more);
  training_canvas_title (canvas, plot, title, details);
  g_free (details);
}

static double
widest_label (TrainingCanvas *canvas, const char *const *labels)
{
  double widest = 0;
  for (guint i = 0; labels[i]; i++)
    widest = MAX (widest, training_canvas_text_width (canvas, labels[i], TRAINING_TEXT_TICK));
  return widest;
}

/* ---- confusion matrix ---- */

/* Rows are the truth; NULL with an error. Free with g_free(). */
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
      ok = counts[i * n + j] >= 0;
    }
  }
  if (!ok) {
    g_clear_pointer (&counts, g_free);
    training_figures_file_lacks (file, "confusion_matrix of their labels", error);
  }
  return counts;
}

static void
draw_cell (TrainingCanvas *canvas, double x, double y, double width, double height, double count,
           double share)
{
  const TrainingColour colour = training_colour_map_light (share);
  training_canvas_colour (canvas, colour);
  cairo_rectangle (canvas->cr, x, y, width, height);
  cairo_fill (canvas->cr);
  char *percent = training_number (100 * share, 0), *number = training_number (count, 0);
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

/* Names the rows and, below, the columns. */
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
                          MIN (TRAINING_TEXT_TICK, turned ? TURNED_SHARE * width : width),
                          axes->left + (i + 0.5) * width, axes->top + axes->height + LABEL_GAP,
                          turned ? 1 : 0.5, turned ? 0.5 : 0, turned ? TURN : 0);
  }
}

/* Leaves room for the names at the left and below. */
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
    char *uar = describe_uar (file), *chance = training_number (1.0 / n, 3);
    char *more = g_strdup_printf ("n = %.0f" DOT_SIGN "%s" DOT_SIGN "chance %s" DOT_SIGN
                                  "cells: %% of the truth%s; empty: 0",
                                  training_json_number (file->figures, "n"), uar, chance,
                                  axes.height / n >= COUNT_FROM ? ", and count" : "");
    draw_title (canvas, plot, file, "Confusion matrix", more);
    draw_cells (canvas, &axes, counts, file->n_labels);
    training_axes_frame (canvas, &axes);
    draw_names (canvas, &axes, file, widest);
    training_axes_name_y (canvas, &axes, "Truth", widest + 28);
    training_canvas_text (canvas, "Answer", TRAINING_TEXT_LABEL, axes.left + axes.width / 2,
                          canvas->height - 14, 0.5, 1, 0);
    training_axes_colour_bar (canvas, &axes, training_colour_map_light, 0, 100,
                              "Share of the truth (%)");
    g_free (uar);
    g_free (chance);
    g_free (more);
  }
  g_free (counts);
  return canvas && training_canvas_finish (canvas, error);
}

/* ---- reliability ---- */

typedef struct {
  double confidence, accuracy, n;
} Bin;

/* The bins, `n` of them; NULL with an error. Free with g_free(). */
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
    ok = bins[i].n == 0 || (bins[i].n > 0 && bins[i].confidence >= 0 && bins[i].confidence <= 1 &&
                            bins[i].accuracy >= 0 && bins[i].accuracy <= 1);
  }
  if (!ok) {
    g_clear_pointer (&bins, g_free);
    training_figures_file_lacks (file, "reliability of bins", error);
  }
  return bins;
}

/* The interval of a share seen in n trials (Wilson 1927). */
static void
wilson (double share, double n, double *low, double *high)
{
  const double z2 = Z_95 * Z_95;
  const double middle = (share + z2 / (2 * n)) / (1 + z2 / n);
  const double half = Z_95 / (1 + z2 / n) * sqrt (share * (1 - share) / n + z2 / (4 * n * n));
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
  const double histogram = HISTOGRAM_SHARE * height;
  double most = 0;
  for (guint i = 0; i < n; i++)
    most = MAX (most, bins[i].n);
  TrainingAxes upper = {LEFT, top, canvas->width - LEFT - RIGHT, height - histogram - GAP, 0, 1,
                        0,    1};
  TrainingAxes lower = upper;
  lower.top = top + height - histogram;
  lower.height = histogram;
  lower.y_last = 1.1 * MAX (most, 1);

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
  training_axes_draw_x (canvas, &lower, "Confidence (probability of the answer)", FALSE);
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
    char *more = g_strdup_printf ("n = %.0f" DOT_SIGN "ECE %s" DOT_SIGN "Brier score %s" DOT_SIGN
                                  "dots: mean of a bin, 95 %% interval" DOT_SIGN
                                  "dashed: perfect calibration",
                                  training_json_number (file->figures, "n"), ece, brier);
    draw_title (canvas, plot, file, "Reliability diagram", more);
    draw_reliability (canvas, bins, n, file->windows);
    g_free (ece);
    g_free (brier);
    g_free (more);
  }
  g_free (bins);
  return canvas && training_canvas_finish (canvas, error);
}

/* ---- speakers ---- */

typedef struct {
  char *name; /* without what all names start with */
  double uar, n;
} Speaker;

static void
speaker_clear (gpointer data)
{
  g_free (((Speaker *)data)->name);
}

static int
compare_speakers (gconstpointer a, gconstpointer b)
{
  const Speaker *x = a, *y = b;
  if (x->uar != y->uar)
    return x->uar < y->uar ? 1 : -1;
  return strcmp (x->name, y->name);
}

/* From the best to the worst; NULL with an error. */
static GArray *
read_speakers (const TrainingFiguresFile *file, GError **error)
{
  JsonObject *object = training_json_object (file->figures, "per_speaker");
  GList *names = object ? json_object_get_members (object) : NULL;
  GArray *speakers = g_array_new (FALSE, FALSE, sizeof (Speaker));
  gboolean ok = names != NULL;
  g_array_set_clear_func (speakers, speaker_clear);
  for (GList *name = names; name; name = name->next) {
    JsonObject *figures = training_json_object (object, name->data);
    Speaker speaker = {g_strdup (name->data), training_json_number (figures, "uar"),
                       training_json_number (figures, "n")};
    g_array_append_val (speakers, speaker);
    ok = ok && speaker.uar >= 0 && speaker.uar <= 1 && speaker.n >= 0;
  }
  g_list_free (names);
  if (!ok) {
    g_clear_pointer (&speakers, g_array_unref);
    training_figures_file_lacks (file, "per_speaker", error);
  }
  return speakers;
}

/* Takes what all names have before their last _ away from them and returns it, or NULL. */
static char *
take_prefix (GArray *speakers)
{
  const char *first = g_array_index (speakers, Speaker, 0).name, *end = strrchr (first, '_');
  char *prefix = end && end[1] ? g_strndup (first, (gsize)(end - first) + 1) : NULL;
  for (guint i = 0; prefix && i < speakers->len; i++) {
    const char *name = g_array_index (speakers, Speaker, i).name;
    if (!g_str_has_prefix (name, prefix) || strlen (name) == strlen (prefix))
      g_clear_pointer (&prefix, g_free);
  }
  for (guint i = 0; prefix && i < speakers->len; i++) {
    Speaker *speaker = &g_array_index (speakers, Speaker, i);
    char *rest = g_strdup (speaker->name + strlen (prefix));
    g_free (speaker->name);
    speaker->name = rest;
  }
  return prefix;
}

/* A level across the axes with its name at the right end. */
static void
draw_level (TrainingCanvas *canvas, const TrainingAxes *axes, double value, const char *name,
            TrainingColour colour)
{
  const double dashes[] = {6, 4}, y = training_axes_y (axes, value);
  training_canvas_colour (canvas, colour);
  cairo_set_line_width (canvas->cr, 1.5);
  cairo_set_dash (canvas->cr, dashes, 2, 0);
  cairo_move_to (canvas->cr, axes->left, y);
  cairo_line_to (canvas->cr, axes->left + axes->width, y);
  cairo_stroke (canvas->cr);
  cairo_set_dash (canvas->cr, NULL, 0, 0);
  training_canvas_text (canvas, name, TRAINING_TEXT_TICK, axes->left + axes->width + 6, y, 0, 0.5,
                        0);
}

static void
draw_interval (TrainingCanvas *canvas, const TrainingAxes *axes, const TrainingFiguresFile *file)
{
  JsonArray *interval = training_json_array (file->figures, "uar_interval");
  const double low = training_json_number_at (interval, 0);
  const double high = training_json_number_at (interval, 1);
  if (!(low >= 0 && low <= high && high <= 1))
    return;
  const double top = training_axes_y (axes, high);
  training_canvas_colour (canvas, training_light_grey);
  cairo_rectangle (canvas->cr, axes->left, top, axes->width, training_axes_y (axes, low) - top);
  cairo_fill (canvas->cr);
}

static void
draw_speakers (TrainingCanvas *canvas, const TrainingAxes *axes, const GArray *speakers,
               double widest)
{
  const double slot = axes->width / speakers->len, bar = MAX (0.72 * slot, slot - 12);
  const gboolean turned = widest > slot - 4;
  const double size = turned ? MIN (TRAINING_TEXT_TICK, slot) : TRAINING_TEXT_TICK;
  for (guint i = 0; i < speakers->len; i++) {
    const Speaker *speaker = &g_array_index (speakers, Speaker, i);
    const double x = axes->left + (i + 0.5) * slot, top = training_axes_y (axes, speaker->uar);
    training_canvas_colour (canvas, training_blue);
    cairo_rectangle (canvas->cr, x - bar / 2, top, bar, axes->top + axes->height - top);
    cairo_fill (canvas->cr);
    training_canvas_colour (canvas, training_black);
    if (slot >= 34) {
      char *value = training_number (speaker->uar, 2);
      training_canvas_colour (canvas, training_white);
      training_canvas_text (canvas, value, 11, x, axes->top + axes->height - 7, 0.5, 1, 0);
      training_canvas_colour (canvas, training_black);
      g_free (value);
    }
    if (size >= 6)
      training_canvas_text (canvas, speaker->name, size, x, axes->top + axes->height + 8,
                            turned ? 1 : 0.5, turned ? 0.5 : 0, turned ? 90 : 0);
  }
}

/* How many speakers, and of how many clips. */
static char *
describe_speakers (const TrainingFiguresFile *file, const GArray *speakers)
{
  double least = INFINITY, most = 0;
  for (guint i = 0; i < speakers->len; i++) {
    least = MIN (least, g_array_index (speakers, Speaker, i).n);
    most = MAX (most, g_array_index (speakers, Speaker, i).n);
  }
  char *uar = describe_uar (file);
  char *text = least < most ? g_strdup_printf ("%u speakers of %.0f" DASH "%.0f clips" DOT_SIGN
                                               "all: %s, band: 95 %% over speakers",
                                               speakers->len, least, most, uar)
                            : g_strdup_printf ("%u speakers of %.0f clips" DOT_SIGN
                                               "all: %s, band: 95 %% over speakers",
                                               speakers->len, most, uar);
  g_free (uar);
  return text;
}

gboolean
training_plot_speakers (const TrainingPlot *plot, const TrainingFiguresFile *file, GError **error)
{
  GArray *speakers = read_speakers (file, error);
  TrainingCanvas *canvas = speakers ? training_canvas_new (plot, error) : NULL;
  if (canvas) {
    char *more = describe_speakers (file, speakers), *prefix = take_prefix (speakers);
    char *name = g_strdup_printf (prefix ? "Speaker (%s\xe2\x80\xa6)" : "Speaker", prefix);
    draw_title (canvas, plot, file, "Recall by speaker", more);
    double widest = 0;
    g_array_sort (speakers, compare_speakers);
    for (guint i = 0; i < speakers->len; i++)
      widest =
          MAX (widest, training_canvas_text_width (
                           canvas, g_array_index (speakers, Speaker, i).name, TRAINING_TEXT_TICK));
    TrainingAxes axes = {.left = LEFT,
                         .top = TRAINING_TITLE_HEIGHT,
                         .width = canvas->width - LEFT - 70,
                         .x_last = 1,
                         .y_last = 1};
    const gboolean turned = widest > axes.width / speakers->len - 4;
    axes.height = canvas->height - axes.top - 44 - (turned ? widest : TRAINING_TEXT_TICK);
    draw_interval (canvas, &axes, file);
    training_canvas_colour (canvas, training_black);
    draw_speakers (canvas, &axes, speakers, widest);
    draw_level (canvas, &axes, training_json_number (file->figures, "balanced_accuracy"), "all",
                training_vermillion);
    draw_level (canvas, &axes, 1.0 / file->n_labels, "chance", training_black);
    training_axes_draw_y (canvas, &axes, "UAR (mean recall of the labels)", FALSE);
    training_axes_frame (canvas, &axes);
    training_canvas_text (canvas, name, TRAINING_TEXT_LABEL, axes.left + axes.width / 2,
                          canvas->height - 14, 0.5, 1, 0);
    g_free (more);
    g_free (prefix);
    g_free (name);
  }
  g_clear_pointer (&speakers, g_array_unref);
  return canvas && training_canvas_finish (canvas, error);
}
