/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plot-axes.h"

#include <math.h>

#define TICK 5       /* px */
#define TICK_GAP 4   /* px, from a tick to its text */
#define X_SPACING 80 /* px, minimum between ticks */
#define Y_SPACING 45
#define BAR_WIDTH 16    /* px, of a colour bar */
#define BAR_GAP 16      /* px, from the axes to it */
#define NAME_OVERHANG 8 /* px, of a vertical name beyond its axis */
#define NAME_MIN 8      /* px, minimum text size */

/* Tolerance for multiples of a step at the ends of the range. */
#define HAIR 1e-9 /* relative to a step */

static guint
count_ticks (double first, double last, double step)
{
  return (guint)MAX (floor (last / step + HAIR) - ceil (first / step - HAIR) + 1, 0);
}

void
training_ticks_place (TrainingTicks *ticks, double first, double last, guint max)
{
  static const double factors[] = {1, 2, 5};
  double power = floor (log10 ((last - first) / max)), step = pow (10, power);
  for (guint i = 1; count_ticks (first, last, step) > max; i++) {
    if (i % G_N_ELEMENTS (factors) == 0)
      power++;
    step = factors[i % G_N_ELEMENTS (factors)] * pow (10, power);
  }
  ticks->n = count_ticks (first, last, step);
  ticks->decimals = (int)MAX (0, -power);
  for (guint i = 0; i < ticks->n; i++)
    ticks->at[i] = (ceil (first / step - HAIR) + i) * step;
}

char *
training_number (double value, int decimals)
{
  char format[16], text[G_ASCII_DTOSTR_BUF_SIZE];
  g_snprintf (format, sizeof format, "%%.%df", decimals);
  g_ascii_formatd (text, sizeof text, format, fabs (value));
  const gboolean negative = value < 0 && g_ascii_strtod (text, NULL) != 0;
  return g_strconcat (negative ? "\xe2\x88\x92" : "", text, NULL);
}

double
training_axes_x (const TrainingAxes *self, double value)
{
  return self->left + (value - self->x_first) / (self->x_last - self->x_first) * self->width;
}

double
training_axes_y (const TrainingAxes *self, double value)
{
  return self->top + self->height -
         (value - self->y_first) / (self->y_last - self->y_first) * self->height;
}

static void
line (TrainingCanvas *canvas, double x1, double y1, double x2, double y2, TrainingColour colour)
{
  training_canvas_colour (canvas, colour);
  cairo_set_line_width (canvas->cr, 1);
  cairo_move_to (canvas->cr, x1, y1);
  cairo_line_to (canvas->cr, x2, y2);
  cairo_stroke (canvas->cr);
}

void
training_axes_tick_x (TrainingCanvas *canvas, const TrainingAxes *self, double value,
                      const char *text)
{
  const double x = training_axes_x (self, value), y = self->top + self->height;
  line (canvas, x, y, x, y + TICK, training_black);
  training_canvas_text (canvas, text, TRAINING_TEXT_TICK, x, y + TICK + TICK_GAP, 0.5, 0, 0);
}

void
training_axes_tick_y (TrainingCanvas *canvas, const TrainingAxes *self, double value,
                      const char *text)
{
  const double y = training_axes_y (self, value);
  line (canvas, self->left - TICK, y, self->left, y, training_black);
  training_canvas_text (canvas, text, TRAINING_TEXT_TICK, self->left - TICK - TICK_GAP, y, 1, 0.5,
                        0);
}

void
training_axes_name_x (TrainingCanvas *canvas, const TrainingAxes *self, const char *name)
{
  training_canvas_colour (canvas, training_black);
  training_canvas_text (canvas, name, TRAINING_TEXT_LABEL, self->left + self->width / 2,
                        self->top + self->height + TICK + TICK_GAP + TRAINING_TEXT_TICK + 10, 0.5,
                        0, 0);
}

/* Draws a vertical name at `x`, smaller or shortened if the axis is short. */
static void
upright_name (TrainingCanvas *canvas, const TrainingAxes *self, const char *name, double x)
{
  const double room = self->height + 2 * NAME_OVERHANG;
  const double width = training_canvas_text_width (canvas, name, TRAINING_TEXT_LABEL);
  const double size = CLAMP (TRAINING_TEXT_LABEL * room / width, NAME_MIN, TRAINING_TEXT_LABEL);
  char *fitted = training_canvas_fit (canvas, name, size, room);
  training_canvas_text (canvas, fitted, size, x, self->top + self->height / 2, 0.5, 0.5, 90);
  g_free (fitted);
}

void
training_axes_name_y (TrainingCanvas *canvas, const TrainingAxes *self, const char *name,
                      double room)
{
  training_canvas_colour (canvas, training_black);
  upright_name (canvas, self, name, self->left - room);
}

void
training_axes_draw_x (TrainingCanvas *canvas, const TrainingAxes *self, const char *name,
                      gboolean grid)
{
  TrainingTicks ticks;
  training_ticks_place (&ticks, self->x_first, self->x_last,
                        (guint)CLAMP (self->width / X_SPACING, 3, TRAINING_MAX_TICKS));
  for (guint i = 0; i < ticks.n; i++) {
    const double x = training_axes_x (self, ticks.at[i]);
    if (grid)
      line (canvas, x, self->top, x, self->top + self->height, training_light_grey);
    char *text = training_number (ticks.at[i], ticks.decimals);
    training_axes_tick_x (canvas, self, ticks.at[i], text);
    g_free (text);
  }
  training_axes_name_x (canvas, self, name);
}

void
training_axes_draw_y (TrainingCanvas *canvas, const TrainingAxes *self, const char *name,
                      gboolean grid)
{
  TrainingTicks ticks;
  double widest = 0;
  training_ticks_place (&ticks, self->y_first, self->y_last,
                        (guint)CLAMP (self->height / Y_SPACING, 3, TRAINING_MAX_TICKS));
  for (guint i = 0; i < ticks.n; i++) {
    const double y = training_axes_y (self, ticks.at[i]);
    if (grid)
      line (canvas, self->left, y, self->left + self->width, y, training_light_grey);
    char *text = training_number (ticks.at[i], ticks.decimals);
    training_axes_tick_y (canvas, self, ticks.at[i], text);
    widest = MAX (widest, training_canvas_text_width (canvas, text, TRAINING_TEXT_TICK));
    g_free (text);
  }
  training_axes_name_y (canvas, self, name, widest + TICK + TICK_GAP + TRAINING_TEXT_LABEL);
}

void
training_axes_frame (TrainingCanvas *canvas, const TrainingAxes *self)
{
  training_canvas_colour (canvas, training_black);
  cairo_set_line_width (canvas->cr, 1);
  cairo_rectangle (canvas->cr, self->left, self->top, self->width, self->height);
  cairo_stroke (canvas->cr);
}

void
training_axes_colour_bar (TrainingCanvas *canvas, const TrainingAxes *self,
                          TrainingColour (*map) (double fraction), double first, double last,
                          const char *name)
{
  const double left = self->left + self->width + BAR_GAP;
  cairo_pattern_t *gradient =
      cairo_pattern_create_linear (0, self->top + self->height, 0, self->top);
  for (guint i = 0; i <= 32; i++) {
    const TrainingColour colour = map (i / 32.0);
    cairo_pattern_add_color_stop_rgb (gradient, i / 32.0, colour.red, colour.green, colour.blue);
  }
  cairo_set_source (canvas->cr, gradient);
  cairo_rectangle (canvas->cr, left, self->top, BAR_WIDTH, self->height);
  cairo_fill (canvas->cr);
  cairo_pattern_destroy (gradient);

  TrainingAxes bar = {left, self->top, BAR_WIDTH, self->height, 0, 1, first, last};
  TrainingTicks ticks;
  double widest = 0;
  training_axes_frame (canvas, &bar);
  training_ticks_place (&ticks, first, last,
                        (guint)CLAMP (self->height / Y_SPACING, 3, TRAINING_MAX_TICKS));
  for (guint i = 0; i < ticks.n; i++) {
    const double y = training_axes_y (&bar, ticks.at[i]), x = left + BAR_WIDTH;
    char *text = training_number (ticks.at[i], ticks.decimals);
    line (canvas, x, y, x + TICK, y, training_black);
    training_canvas_text (canvas, text, TRAINING_TEXT_TICK, x + TICK + TICK_GAP, y, 0, 0.5, 0);
    widest = MAX (widest, training_canvas_text_width (canvas, text, TRAINING_TEXT_TICK));
    g_free (text);
  }
  upright_name (canvas, self, name,
                left + BAR_WIDTH + TICK + TICK_GAP + widest + TRAINING_TEXT_LABEL);
}
