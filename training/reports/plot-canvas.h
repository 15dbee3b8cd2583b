/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A white canvas, saved as a PNG, SVG or PDF file. One thread at a time. */
#pragma once

#include <cairo.h>

#include "plot-colours.h"

G_BEGIN_DECLS

/* Options of every plot. */
typedef struct {
  const char *path;    /* ends in .png, .svg or .pdf */
  const char *title;   /* NULL: a default for the plot */
  guint width, height; /* px, TRAINING_PLOT_MIN_SIZE .. TRAINING_PLOT_MAX_SIZE */
  double scale;        /* pixels of a PNG per px, 1 .. 10 */
} TrainingPlot;

#define TRAINING_PLOT_MIN_SIZE 300
#define TRAINING_PLOT_MAX_SIZE 4000

typedef struct {
  cairo_t *cr; /* in px from the top left */
  double width, height;
  double scale;
  gpointer file; /* private */
} TrainingCanvas;

/* Sets the defaults: 1000 x 600 px. */
void training_plot_init (TrainingPlot *plot, const char *path);

/* FALSE with TRAINING_ERROR_DATA when the path has another suffix or a size is out of range. */
gboolean training_plot_check (const TrainingPlot *plot, GError **error);

/* A new canvas; NULL with the errors of training_plot_check(). The file is written at the end. */
TrainingCanvas *training_canvas_new (const TrainingPlot *plot, GError **error);

/* Writes the file through a temporary file and a rename. Frees the canvas in any case. */
gboolean training_canvas_finish (TrainingCanvas *self, GError **error);

/* Frees a canvas without writing it; NULL is fine. */
void training_canvas_free (TrainingCanvas *self);

void training_canvas_colour (TrainingCanvas *self, TrainingColour colour);

/* Text sizes, px. */
#define TRAINING_TEXT_TITLE 17
#define TRAINING_TEXT_LABEL 14
#define TRAINING_TEXT_TICK 12.5

/* Draws one line of text in the current colour. (x, y) is the anchor: `right` is its horizontal
 * position as a fraction of the width (0: the text starts there, 1: it ends there), `down` its
 * vertical position at the top (0), middle (0.5) or base line (1). `turn` is in degrees,
 * anticlockwise. */
void training_canvas_text (TrainingCanvas *self, const char *text, double size, double x, double y,
                           double right, double down, double turn);
double training_canvas_text_width (TrainingCanvas *self, const char *text, double size);

/* `text`, or its start and end around an ellipsis if it is wider than `room`; free with
 * g_free(). */
char *training_canvas_fit (TrainingCanvas *self, const char *text, double size, double room);

/* Draws the title (the plot's own, otherwise `title`) and a line of details, above
 * TRAINING_TITLE_HEIGHT px. */
#define TRAINING_TITLE_HEIGHT 60
void training_canvas_title (TrainingCanvas *self, const TrainingPlot *plot, const char *title,
                            const char *details);

G_END_DECLS
