/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Axes of plots: scales, ticks, grid, labels, colour bar. */
#pragma once

#include "plot-canvas.h"

G_BEGIN_DECLS

#define TRAINING_MAX_TICKS 32

/* Tick positions between two ends, spaced by 1, 2 or 5 times a power of ten. */
typedef struct {
  double at[TRAINING_MAX_TICKS];
  guint n;
  int decimals; /* decimals of their text */
} TrainingTicks;

/* Places at most `max` ticks, 3 .. TRAINING_MAX_TICKS, as densely as possible; at least 1, and at
 * least 2 if `max` is 5 or more. `first` < `last`, both finite. */
void training_ticks_place (TrainingTicks *ticks, double first, double last, guint max);

/* The text of a number with `decimals`, with a typographic minus sign and without -0; free with
 * g_free(). */
char *training_number (double value, int decimals);

/* The rectangle of the canvas for the data. */
typedef struct {
  double left, top, width, height; /* px */
  double x_first, x_last;          /* data at the left and right edges */
  double y_first, y_last;          /* at the bottom and top edges */
} TrainingAxes;

double training_axes_x (const TrainingAxes *self, double value); /* px */
double training_axes_y (const TrainingAxes *self, double value);

/* Draws ticks with numbers outside the rectangle, and the axis' name; with `grid` also thin lines
 * across. */
void training_axes_draw_x (TrainingCanvas *canvas, const TrainingAxes *self, const char *name,
                           gboolean grid);
void training_axes_draw_y (TrainingCanvas *canvas, const TrainingAxes *self, const char *name,
                           gboolean grid);

/* Draws one tick with any text. */
void training_axes_tick_x (TrainingCanvas *canvas, const TrainingAxes *self, double value,
                           const char *text);
void training_axes_tick_y (TrainingCanvas *canvas, const TrainingAxes *self, double value,
                           const char *text);
void training_axes_name_x (TrainingCanvas *canvas, const TrainingAxes *self, const char *name);
/* `room`: px between the axis and the middle of the name. */
void training_axes_name_y (TrainingCanvas *canvas, const TrainingAxes *self, const char *name,
                           double room);
void training_axes_frame (TrainingCanvas *canvas, const TrainingAxes *self);

/* Draws a bar of the colour map to the right of the axes, with the values of its ends. */
void training_axes_colour_bar (TrainingCanvas *canvas, const TrainingAxes *self,
                               TrainingColour (*map) (double fraction), double first, double last,
                               const char *name);

G_END_DECLS
