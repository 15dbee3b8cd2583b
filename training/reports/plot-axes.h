/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The frame about data: scales, ticks, grid, labels, legend. */
#pragma once

#include "plot-canvas.h"

G_BEGIN_DECLS

#define TRAINING_MAX_TICKS 32

/* Where ticks lie between two ends, at 1, 2 or 5 times a power of ten apart. */
typedef struct {
  double at[TRAINING_MAX_TICKS];
  guint n;
  int decimals; /* that their text needs */
} TrainingTicks;

/* At most `most` ticks, 3 .. TRAINING_MAX_TICKS, as dense as that allows; at least 1, and 2 when
 * `most` is 5 or more. `first` < `last`, both finite. */
void training_ticks_place (TrainingTicks *ticks, double first, double last, guint max);

/* Text of a number with `decimals`, the true minus sign and no -0; free with g_free(). */
char *training_number (double value, int decimals);

/* A rectangle of the canvas that data are drawn in. */
typedef struct {
  double left, top, width, height; /* px */
  double x_first, x_last;          /* data at the left and right */
  double y_first, y_last;          /* at the bottom and top */
} TrainingAxes;

double training_axes_x (const TrainingAxes *self, double value); /* px */
double training_axes_y (const TrainingAxes *self, double value);

/* Ticks with their numbers outside the rectangle and the axis' name; `grid`: thin lines across. */
void training_axes_draw_x (TrainingCanvas *canvas, const TrainingAxes *self, const char *name,
                           gboolean grid);
void training_axes_draw_y (TrainingCanvas *canvas, const TrainingAxes *self, const char *name,
                           gboolean grid);

/* One tick with any text. */
void training_axes_tick_x (TrainingCanvas *canvas, const TrainingAxes *self, double value,
                           const char *text);
void training_axes_tick_y (TrainingCanvas *canvas, const TrainingAxes *self, double value,
                           const char *text);
void training_axes_name_x (TrainingCanvas *canvas, const TrainingAxes *self, const char *name);
/* `room`: px between the axis and the middle of the name. */
void training_axes_name_y (TrainingCanvas *canvas, const TrainingAxes *self, const char *name,
                           double room);
void training_axes_frame (TrainingCanvas *canvas, const TrainingAxes *self);

/* A bar of the colour map right of the axes, with the values of its ends. */
void training_axes_colour_bar (TrainingCanvas *canvas, const TrainingAxes *self,
                               TrainingColour (*map) (double fraction), double first, double last,
                               const char *name);

G_END_DECLS
