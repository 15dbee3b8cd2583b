/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <math.h>
#include <string.h>

#include "plot-figures.h"

#define LEFT 80       /* px, from the edge to the axes */
#define RIGHT 70      /* px, for the names of the levels */
#define NAME_ROOM 130 /* px, maximum width of a speaker's name */
#define VALUE_SIZE 11 /* px, size of the text in a bar */
#define VALUE_FROM 34 /* px, minimum distance of bars with text in them */
#define DASH "\xe2\x80\x93"

typedef struct {
  char *name; /* without the common prefix */
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

/* Reads the speakers, sorted from best to worst; NULL with an error. */
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

/* Removes the common prefix up to the last _ from all names and returns it, or NULL. */
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

/* Draws a level across the axes, with its name at the right end. */
static void
draw_level (TrainingCanvas *canvas, const TrainingAxes *axes, double value, const char *name,
            TrainingColour colour)
{
  const double dashes[] = {6, 4}, y = training_axes_y (axes, value);
  if (!(value >= 0 && value <= 1))
    return;
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
    if (slot >= VALUE_FROM) {
      char *value = training_number (speaker->uar, 2);
      training_canvas_colour (canvas, training_white);
      training_canvas_text (canvas, value, VALUE_SIZE, x, axes->top + axes->height - 7, 0.5, 1, 0);
      training_canvas_colour (canvas, training_black);
      g_free (value);
    }
    if (size >= 6)
      training_canvas_text (canvas, speaker->name, size, x, axes->top + axes->height + 8,
                            turned ? 1 : 0.5, turned ? 0.5 : 0, turned ? 90 : 0);
  }
}

/* The numbers of speakers and clips. */
static char *
describe_speakers (const TrainingFiguresFile *file, const GArray *speakers)
{
  double min = INFINITY, max = 0;
  for (guint i = 0; i < speakers->len; i++) {
    min = MIN (min, g_array_index (speakers, Speaker, i).n);
    max = MAX (max, g_array_index (speakers, Speaker, i).n);
  }
  char *uar = training_figures_describe_uar (file);
  char *text = min < max ? g_strdup_printf ("%u speakers of %.0f" DASH "%.0f clips" TRAINING_DOT
                                            "all: %s, band: 95 %% over speakers",
                                            speakers->len, min, max, uar)
                         : g_strdup_printf ("%u speakers of %.0f clips" TRAINING_DOT
                                            "all: %s, band: 95 %% over speakers",
                                            speakers->len, max, uar);
  g_free (uar);
  return text;
}

/* Shortens long names; returns the maximum width. */
static double
fit_names (TrainingCanvas *canvas, GArray *speakers)
{
  double widest = 0;
  for (guint i = 0; i < speakers->len; i++) {
    Speaker *speaker = &g_array_index (speakers, Speaker, i);
    char *whole = speaker->name;
    speaker->name = training_canvas_fit (canvas, whole, TRAINING_TEXT_TICK, NAME_ROOM);
    widest = MAX (widest, training_canvas_text_width (canvas, speaker->name, TRAINING_TEXT_TICK));
    g_free (whole);
  }
  return widest;
}

gboolean
training_plot_speakers (const TrainingPlot *plot, const TrainingFiguresFile *file, GError **error)
{
  GArray *speakers = read_speakers (file, error);
  TrainingCanvas *canvas = speakers ? training_canvas_new (plot, error) : NULL;
  if (canvas) {
    char *more = describe_speakers (file, speakers), *prefix = take_prefix (speakers);
    char *name =
        prefix ? g_strdup_printf ("Speaker (%s\xe2\x80\xa6)", prefix) : g_strdup ("Speaker");
    training_figures_title (canvas, plot, file, "Recall by speaker", more);
    const double widest = fit_names (canvas, speakers);
    g_array_sort (speakers, compare_speakers);
    TrainingAxes axes = {.left = LEFT,
                         .top = TRAINING_TITLE_HEIGHT,
                         .width = canvas->width - LEFT - RIGHT,
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
