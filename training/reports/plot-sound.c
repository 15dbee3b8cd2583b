/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plot-sound.h"

#include <math.h>

#include "core/base/audio.h"
#include "core/features/extractor.h"
#include "training/audio/spectrogram.h"
#include "training/base/error.h"

#define LEFT 80  /* px, from the edge to the axes */
#define RIGHT 24 /* without a colour bar */
#define BAR 100  /* with one */
#define BOTTOM 58
#define RANGE 80.0                 /* dB, range of the colours */
#define USUAL_MAX_FREQUENCY 8000.0 /* Hz; core's analysis ends there */
#define LOWEST 50.0        /* Hz, start of a logarithmic axis: there is little speech below */
#define MINUTES_FROM 600.0 /* s, minimum length for times in minutes */

static char *
describe (const char *what, const TrainingMono *mono)
{
  char *rate = training_number (mono->rate / 1000.0, mono->rate % 1000 ? 2 : 0);
  char *seconds = training_number (mono->seconds, mono->seconds < 1 ? 4 : 2);
  char *channels = mono->channels == 1 ? g_strdup ("1 channel")
                                       : g_strdup_printf ("mix of %u channels", mono->channels);
  char *text = g_strdup_printf ("%s \xc2\xb7 %s kHz \xc2\xb7 %s \xc2\xb7 %s s", what, rate,
                                channels, seconds);
  g_free (rate);
  g_free (seconds);
  g_free (channels);
  return text;
}

/* Draws the title; returns the axes below it, with the file's time range. */
static TrainingAxes
start (TrainingCanvas *canvas, const TrainingPlot *plot, const char *file, const char *what,
       const TrainingMono *mono, double right)
{
  char *name = g_path_get_basename (file), *shown = g_filename_display_name (name);
  char *details = describe (what, mono);
  training_canvas_title (canvas, plot, shown, details);
  g_free (name);
  g_free (shown);
  g_free (details);
  return (TrainingAxes){.left = LEFT,
                        .top = TRAINING_TITLE_HEIGHT,
                        .width = canvas->width - LEFT - right,
                        .height = canvas->height - TRAINING_TITLE_HEIGHT - BOTTOM,
                        .x_first = 0,
                        .x_last = mono->seconds,
                        .y_first = 0,
                        .y_last = 1};
}

void
training_mono_time_axis (TrainingCanvas *canvas, const TrainingAxes *axes)
{
  TrainingAxes shown = *axes;
  const gboolean minutes = axes->x_last >= MINUTES_FROM;
  if (minutes)
    shown.x_last /= 60;
  training_axes_draw_x (canvas, &shown, minutes ? "Time (min)" : "Time (s)", FALSE);
}

/* The smallest 1, 2 or 5 times a power of ten that covers all samples; 1 for silence. */
static double
round_peak (double peak)
{
  if (peak < 1e-6)
    return 1;
  const double power = pow (10, floor (log10 (peak)));
  return power * (peak <= power ? 1 : peak <= 2 * power ? 2 : peak <= 5 * power ? 5 : 10);
}

/* Drawing of samples: each sample, or the range per column of pixels. */
typedef struct {
  TrainingCanvas *canvas;
  const TrainingAxes *axes;
  guint64 n, at; /* total samples; samples so far */
  guint n_columns, column;
  /* Of the column, including the previous sample, so that columns are connected. */
  float min, max;
} Drawing;

static void
draw_samples (const float *samples, gsize n, gpointer data)
{
  Drawing *self = data;
  const TrainingAxes *axes = self->axes;
  for (gsize i = 0; i < n; i++, self->at++)
    cairo_line_to (self->canvas->cr,
                   axes->left + axes->width * ((double)self->at + 0.5) / (double)self->n,
                   training_axes_y (axes, samples[i]));
}

static void
draw_range (Drawing *self)
{
  const TrainingAxes *axes = self->axes;
  /* Half the pen's width, so that a flat line is visible. */
  const double half = 0.5 / self->canvas->scale;
  const double x = axes->left + axes->width * (self->column + 0.5) / self->n_columns;
  cairo_move_to (self->canvas->cr, x, training_axes_y (axes, self->min) + half);
  cairo_line_to (self->canvas->cr, x, training_axes_y (axes, self->max) - half);
}

static void
draw_ranges (const float *samples, gsize n, gpointer data)
{
  Drawing *self = data;
  for (gsize i = 0; i < n; i++) {
    if (self->at++ == 0)
      self->min = self->max = samples[i];
    self->min = MIN (self->min, samples[i]);
    self->max = MAX (self->max, samples[i]);
    if (self->at < (guint64)((double)self->n * (self->column + 1) / self->n_columns))
      continue;
    draw_range (self);
    self->column++;
    self->min = self->max = samples[i];
  }
}

gboolean
training_mono_draw (TrainingCanvas *canvas, TrainingAxes *axes, const TrainingMono *mono,
                    GError **error)
{
  Drawing drawing = {.canvas = canvas,
                     .axes = axes,
                     .n = mono->n,
                     .n_columns = (guint)ceil (axes->width * canvas->scale)};
  const gboolean dense = mono->n > 2 * (guint64)drawing.n_columns;
  axes->y_last = round_peak (mono->peak);
  axes->y_first = -axes->y_last;
  training_canvas_colour (canvas, training_blue);
  cairo_set_line_width (canvas->cr, dense ? 1 / canvas->scale : 1);
  const gboolean read =
      training_mono_read (mono, dense ? draw_ranges : draw_samples, &drawing, error);
  if (mono->n == 1)
    cairo_rel_line_to (canvas->cr, 1, 0);
  cairo_stroke (canvas->cr);
  return read;
}

gboolean
training_plot_waveform (const TrainingPlot *plot, const char *file, GError **error)
{
  TrainingMono mono;
  if (!training_plot_check (plot, error) || !training_mono_open (&mono, file, error))
    return FALSE;
  TrainingCanvas *canvas = training_canvas_new (plot, error);
  TrainingAxes axes = start (canvas, plot, file, "Waveform", &mono, RIGHT);
  const gboolean drawn = training_mono_draw (canvas, &axes, &mono, error);
  training_mono_time_axis (canvas, &axes);
  training_axes_draw_y (canvas, &axes, "Amplitude (full scale = 1)", FALSE);
  training_axes_frame (canvas, &axes);
  training_mono_clear (&mono);
  if (drawn)
    return training_canvas_finish (canvas, error);
  training_canvas_free (canvas);
  return FALSE;
}

static void
put_pixel (guchar *at, TrainingColour colour)
{
  const guint32 pixel = (guint32)lround (colour.red * 255) << 16 |
                        (guint32)lround (colour.green * 255) << 8 |
                        (guint32)lround (colour.blue * 255);
  *(guint32 *)(gpointer)at = pixel;
}

/* Paints the rows below the top of the axes. */
static void
draw_levels (TrainingCanvas *canvas, const TrainingAxes *axes, const TrainingSpectrogram *levels)
{
  const int width = (int)levels->n_columns, height = (int)levels->n_rows;
  cairo_surface_t *image = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  guchar *pixels = cairo_image_surface_get_data (image);
  const int stride = cairo_image_surface_get_stride (image);
  for (int x = 0; x < width; x++)
    for (int row = 0; row < height; row++) {
      const float level = levels->levels[(gsize)x * levels->n_rows + (gsize)row];
      put_pixel (pixels + (gsize)(height - 1 - row) * stride + 4 * (gsize)x,
                 training_colour_map (1 + level / RANGE));
    }
  cairo_surface_mark_dirty (image);

  const double whole = axes->height * levels->last / axes->y_last; /* px, height of all rows */
  cairo_save (canvas->cr);
  cairo_rectangle (canvas->cr, axes->left, axes->top, axes->width, axes->height);
  cairo_clip (canvas->cr);
  cairo_translate (canvas->cr, axes->left, axes->top + axes->height - whole);
  cairo_scale (canvas->cr, axes->width / width, whole / height);
  cairo_set_source_surface (canvas->cr, image, 0, 0);
  cairo_pattern_set_filter (cairo_get_source (canvas->cr), CAIRO_FILTER_GOOD);
  cairo_pattern_set_extend (cairo_get_source (canvas->cr), CAIRO_EXTEND_PAD);
  cairo_paint (canvas->cr);
  cairo_restore (canvas->cr);
  cairo_surface_destroy (image);
}

/* The upper frequency of the axis, or 0 with an error. */
static double
top_frequency (double wanted, double highest, GError **error)
{
  if (wanted == 0)
    return MIN (highest, USUAL_MAX_FREQUENCY);
  if (wanted >= 100 && wanted <= highest)
    return wanted;
  g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA,
               "--max-frequency %g: must be from 100 to %g Hz for this file", wanted, highest);
  return 0;
}

static guint
count_columns (const TrainingCanvas *canvas, const TrainingAxes *axes, const TrainingMono *mono)
{
  return (guint)MIN (ceil (axes->width * canvas->scale), (double)mono->n);
}

/* Resamples the levels to rows evenly spaced in log10 (f / LOWEST), up to `top` Hz. */
static TrainingSpectrogram *
to_log_rows (const TrainingSpectrogram *levels, double top, guint n_rows)
{
  TrainingSpectrogram *self = g_new (TrainingSpectrogram, 1);
  *self = (TrainingSpectrogram){.n_columns = levels->n_columns,
                                .n_rows = n_rows,
                                .last = log10 (top / LOWEST),
                                .levels = g_new (float, (gsize)levels->n_columns *n_rows)};
  for (guint r = 0; r < n_rows; r++) {
    const double hz = LOWEST * pow (10, self->last * (r + 0.5) / n_rows);
    const double at = MIN (hz / levels->last, 1) * (levels->n_rows - 1);
    const guint row = MIN ((guint)at, levels->n_rows - 2);
    const float fraction = (float)(at - row);
    for (gsize c = 0; c < levels->n_columns; c++) {
      const float *from = levels->levels + c * levels->n_rows + row;
      self->levels[c * n_rows + r] = from[0] + fraction * (from[1] - from[0]);
    }
  }
  return self;
}

static void
draw_log_axis (TrainingCanvas *canvas, const TrainingAxes *axes)
{
  static const int ticks[] = {50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000};
  for (guint i = 0; i < G_N_ELEMENTS (ticks); i++) {
    char *text = training_number (ticks[i], 0);
    if (log10 (ticks[i] / LOWEST) <= axes->y_last + 1e-6)
      training_axes_tick_y (canvas, axes, log10 (ticks[i] / LOWEST), text);
    g_free (text);
  }
  training_axes_name_y (canvas, axes, "Frequency (Hz, logarithmic)", LEFT - 22);
}

static void
draw_frequencies (TrainingCanvas *canvas, TrainingAxes *axes, const TrainingSpectrogram *levels,
                  double top, gboolean logarithmic)
{
  if (logarithmic) {
    TrainingSpectrogram *rows =
        to_log_rows (levels, top, (guint)ceil (axes->height * canvas->scale));
    axes->y_last = rows->last;
    draw_levels (canvas, axes, rows);
    draw_log_axis (canvas, axes);
    training_spectrogram_free (rows);
  } else {
    axes->y_last = top;
    draw_levels (canvas, axes, levels);
    axes->y_last = top / 1000;
    training_axes_draw_y (canvas, axes, "Frequency (kHz)", FALSE);
  }
}

static void
add_samples (const float *samples, gsize n, gpointer data)
{
  training_spectrogram_add (data, samples, n);
}

/* Completes and returns `levels`, which it takes; NULL with an error. */
static TrainingSpectrogram *
analyse (TrainingSpectrogram *levels, const TrainingMono *mono, GError **error)
{
  if (training_mono_read (mono, add_samples, levels, error))
    training_spectrogram_finish (levels);
  else
    g_clear_pointer (&levels, training_spectrogram_free);
  return levels;
}

static gboolean
finish (TrainingCanvas *canvas, const TrainingAxes *axes, TrainingSpectrogram *levels,
        GError **error)
{
  if (!levels) {
    training_canvas_free (canvas);
    return FALSE;
  }
  training_mono_time_axis (canvas, axes);
  training_axes_frame (canvas, axes);
  training_axes_colour_bar (canvas, axes, training_colour_map, -RANGE, 0, "Level (dB re maximum)");
  training_spectrogram_free (levels);
  return training_canvas_finish (canvas, error);
}

gboolean
training_plot_spectrogram (const TrainingPlot *plot, const char *file, double max_frequency,
                           gboolean logarithmic, GError **error)
{
  TrainingMono mono;
  if (!training_plot_check (plot, error) || !training_mono_open (&mono, file, error))
    return FALSE;
  const double top = top_frequency (max_frequency, mono.rate / 2.0, error);
  TrainingCanvas *canvas = top > 0 ? training_canvas_new (plot, error) : NULL;
  gboolean done = FALSE;
  if (canvas) {
    TrainingAxes axes = start (canvas, plot, file, "Spectrogram, 25 ms Hann windows", &mono, BAR);
    TrainingSpectrogram *levels =
        analyse (training_spectrogram_new (mono.n, mono.rate, count_columns (canvas, &axes, &mono)),
                 &mono, error);
    if (levels)
      draw_frequencies (canvas, &axes, levels, top, logarithmic);
    done = finish (canvas, &axes, levels, error);
  }
  training_mono_clear (&mono);
  return done;
}

static double
to_mel (double hz)
{
  return 2595 * log10 (1 + hz / 700);
}

static void
draw_mel_axis (TrainingCanvas *canvas, const TrainingAxes *axes)
{
  static const int ticks[] = {0, 250, 500, 1000, 2000, 3000, 4000, 6000, 8000};
  for (guint i = 0; i < G_N_ELEMENTS (ticks); i++) {
    char *text = training_number (ticks[i], 0);
    if (to_mel (ticks[i]) <= axes->y_last + 1e-6)
      training_axes_tick_y (canvas, axes, to_mel (ticks[i]), text);
    g_free (text);
  }
  training_axes_name_y (canvas, axes, "Frequency (Hz, mel scale)", LEFT - 22);
}

static gboolean
check_rate (const TrainingMono *mono, const char *file, GError **error)
{
  if (mono->rate >= EMOTION_MIN_RATE && mono->rate <= EMOTION_MAX_RATE)
    return TRUE;
  g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA,
               "%s: its sample rate of %u Hz is not supported; resample to %d to %d Hz", file,
               mono->rate, EMOTION_MIN_RATE, EMOTION_MAX_RATE);
  return FALSE;
}

gboolean
training_plot_mel (const TrainingPlot *plot, const char *file, double max_frequency, GError **error)
{
  TrainingMono mono;
  if (!training_plot_check (plot, error) || !training_mono_open (&mono, file, error))
    return FALSE;
  const double highest = MIN (mono.rate, EMOTION_SAMPLE_RATE) / 2.0;
  const double top =
      check_rate (&mono, file, error) ? top_frequency (max_frequency, highest, error) : 0;
  TrainingCanvas *canvas = top > 0 ? training_canvas_new (plot, error) : NULL;
  gboolean done = FALSE;
  if (canvas) {
    TrainingAxes axes =
        start (canvas, plot, file, "Mel spectrogram, 25 ms Hann windows, 128 bands", &mono, BAR);
    TrainingSpectrogram *levels = analyse (
        training_spectrogram_new_mel (mono.n, mono.rate, count_columns (canvas, &axes, &mono)),
        &mono, error);
    axes.y_last = to_mel (top);
    if (levels) {
      draw_levels (canvas, &axes, levels);
      draw_mel_axis (canvas, &axes);
    }
    done = finish (canvas, &axes, levels, error);
  }
  training_mono_clear (&mono);
  return done;
}
