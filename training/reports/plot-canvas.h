/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A white sheet to draw on, that becomes a PNG, SVG or PDF file. One thread at a time. */
#pragma once

#include <cairo.h>

#include "plot-colours.h"

G_BEGIN_DECLS

/* What every picture is asked for with. */
typedef struct {
  const char *path;    /* ends in .png, .svg or .pdf */
  const char *title;   /* NULL: one that says what there is to see */
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

/* 1000 x 600 px. */
void training_plot_init (TrainingPlot *plot, const char *path);

/* FALSE with TRAINING_ERROR_DATA when the path has another suffix or a size is out of its range. */
gboolean training_plot_check (const TrainingPlot *plot, GError **error);

/* A new sheet; NULL as training_plot_check(). Nothing is written before the end. */
TrainingCanvas *training_canvas_new (const TrainingPlot *plot, GError **error);

/* Writes the file through a temporary one and a rename, and frees the sheet in any case. */
gboolean training_canvas_finish (TrainingCanvas *self, GError **error);

/* Frees a sheet that is not written; NULL is fine. */
void training_canvas_free (TrainingCanvas *self);

void training_canvas_colour (TrainingCanvas *self, TrainingColour colour);

/* Sizes of text, px. */
#define TRAINING_TEXT_TITLE 17
#define TRAINING_TEXT_LABEL 14
#define TRAINING_TEXT_TICK 12.5

/* Draws one line of text in the current colour. The point (x, y) is at the share `right` of its
 * width (0: it starts there, 1: it ends there) and at its top (`down` 0), middle (0.5) or base line
 * (1); `turn` is in degrees, anticlockwise. */
void training_canvas_text (TrainingCanvas *self, const char *text, double size, double x, double y,
                           double right, double down, double turn);
double training_canvas_text_width (TrainingCanvas *self, const char *text, double size);

/* `text` or, where that is wider than `room`, its start and end about an ellipsis; free with g_free(). */
char *training_canvas_fit (TrainingCanvas *self, const char *text, double size, double room);

/* The title (the plot's own, else `title`) and a line of details, above TRAINING_TITLE_HEIGHT px. */
#define TRAINING_TITLE_HEIGHT 60
void training_canvas_title (TrainingCanvas *self, const TrainingPlot *plot, const char *title,
                            const char *details);

G_END_DECLS
