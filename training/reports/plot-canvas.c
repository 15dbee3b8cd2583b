/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plot-canvas.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <string.h>

#include "training/base/error.h"
#include "training/base/output.h"

#define FONT "sans"
#define POINTS_PER_PX 0.75 /* as in CSS: 96 px or 72 points per inch */
#define MARGIN 14          /* px, around the plot */
#define DETAILS_BELOW 22   /* px, from the title to the details */

typedef struct {
  char *path;
  gboolean vector; /* SVG or PDF, encoded by cairo while drawing; a PNG is an image until the end */
  cairo_surface_t *surface;
  GByteArray *bytes;
} File;

void
training_plot_init (TrainingPlot *plot, const char *path)
{
  *plot = (TrainingPlot){.path = path, .width = 1000, .height = 600, .scale = 1};
}

static gboolean
has_suffix (const char *path, const char *suffix)
{
  const char *dot = strrchr (path, '.');
  return dot && g_ascii_strcasecmp (dot + 1, suffix) == 0;
}

static gboolean
is_size (guint size)
{
  return size >= TRAINING_PLOT_MIN_SIZE && size <= TRAINING_PLOT_MAX_SIZE;
}

gboolean
training_plot_check (const TrainingPlot *plot, GError **error)
{
  if (!has_suffix (plot->path, "png") && !has_suffix (plot->path, "svg") &&
      !has_suffix (plot->path, "pdf"))
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA,
                 "%s: the name of the plot must end in .png, .svg or .pdf", plot->path);
  else if (!is_size (plot->width) || !is_size (plot->height))
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA,
                 "--size %ux%u: width and height must be from %d to %d", plot->width, plot->height,
                 TRAINING_PLOT_MIN_SIZE, TRAINING_PLOT_MAX_SIZE);
  else if (!(plot->scale >= 1 && plot->scale <= 10))
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA, "--scale %g: must be from 1 to 10",
                 plot->scale);
  else
    return TRUE;
  return FALSE;
}

static cairo_status_t
append_bytes (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

static void
set_up (TrainingCanvas *self)
{
  cairo_font_options_t *options = cairo_font_options_create ();
  /* Keeps the layout independent of the scale. */
  cairo_font_options_set_hint_style (options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics (options, CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_antialias (options, CAIRO_ANTIALIAS_GRAY);
  cairo_set_font_options (self->cr, options);
  cairo_font_options_destroy (options);
  cairo_set_line_join (self->cr, CAIRO_LINE_JOIN_ROUND);
  training_canvas_colour (self, training_white);
  cairo_paint (self->cr);
}

TrainingCanvas *
training_canvas_new (const TrainingPlot *plot, GError **error)
{
  if (!training_plot_check (plot, error))
    return NULL;
  TrainingCanvas *self = g_new0 (TrainingCanvas, 1);
  File *file = self->file = g_new0 (File, 1);
  file->path = g_strdup (plot->path);
  file->vector = !has_suffix (plot->path, "png");
  file->bytes = g_byte_array_new ();
  self->width = plot->width;
  self->height = plot->height;
  self->scale = plot->scale;
  if (has_suffix (plot->path, "pdf")) {
    file->surface = cairo_pdf_surface_create_for_stream (
        append_bytes, file->bytes, plot->width * POINTS_PER_PX, plot->height * POINTS_PER_PX);
    /* No date, so that the same plot gives the same bytes. */
    cairo_pdf_surface_set_metadata (file->surface, CAIRO_PDF_METADATA_CREATE_DATE, NULL);
    cairo_surface_set_device_scale (file->surface, POINTS_PER_PX, POINTS_PER_PX);
  } else if (file->vector) {
    file->surface =
        cairo_svg_surface_create_for_stream (append_bytes, file->bytes, plot->width, plot->height);
    cairo_svg_surface_set_document_unit (file->surface, CAIRO_SVG_UNIT_PX);
  } else {
    file->surface =
        cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int)(plot->width * plot->scale + 0.5),
                                    (int)(plot->height * plot->scale + 0.5));
  }
  self->cr = cairo_create (file->surface);
  if (!file->vector)
    cairo_scale (self->cr, plot->scale, plot->scale);
  set_up (self);
  return self;
}

void
training_canvas_free (TrainingCanvas *self)
{
  if (!self)
    return;
  File *file = self->file;
  cairo_destroy (self->cr);
  cairo_surface_destroy (file->surface);
  g_byte_array_unref (file->bytes);
  g_free (file->path);
  g_free (file);
  g_free (self);
}

gboolean
training_canvas_finish (TrainingCanvas *self, GError **error)
{
  File *file = self->file;
  cairo_status_t status = cairo_status (self->cr);
  if (status == CAIRO_STATUS_SUCCESS && !file->vector)
    status = cairo_surface_write_to_png_stream (file->surface, append_bytes, file->bytes);
  cairo_surface_finish (file->surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (file->surface);
  gboolean ok = status == CAIRO_STATUS_SUCCESS;
  if (!ok)
    g_set_error (error, TRAINING_ERROR, TRAINING_ERROR_DATA, "%s: cairo cannot draw it: %s",
                 file->path, cairo_status_to_string (status));
  else
    ok = training_output_save (file->path, file->bytes->data, file->bytes->len, error);
  training_canvas_free (self);
  return ok;
}

void
training_canvas_colour (TrainingCanvas *self, TrainingColour colour)
{
  cairo_set_source_rgb (self->cr, colour.red, colour.green, colour.blue);
}

static void
set_font (TrainingCanvas *self, double size)
{
  cairo_select_font_face (self->cr, FONT, CAIRO_FONT_SLANT_NORMAL,
                          size >= TRAINING_TEXT_TITLE ? CAIRO_FONT_WEIGHT_BOLD
                                                      : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size (self->cr, size);
}

void
training_canvas_text (TrainingCanvas *self, const char *text, double size, double x, double y,
                      double right, double down, double turn)
{
  cairo_text_extents_t extents;
  set_font (self, size);
  cairo_text_extents (self->cr, text, &extents);
  /* The height of capitals and digits, so that the position of a line does not depend on its
   * letters. */
  const double cap_height = 0.73 * size;
  cairo_save (self->cr);
  cairo_translate (self->cr, x, y);
  cairo_rotate (self->cr, -turn * G_PI / 180);
  cairo_move_to (self->cr, -right * extents.x_advance, (1 - down) * cap_height);
  cairo_show_text (self->cr, text);
  cairo_new_path (self->cr);
  cairo_restore (self->cr);
}

double
training_canvas_text_width (TrainingCanvas *self, const char *text, double size)
{
  cairo_text_extents_t extents;
  set_font (self, size);
  cairo_text_extents (self->cr, text, &extents);
  return extents.x_advance;
}

char *
training_canvas_fit (TrainingCanvas *self, const char *text, double size, double room)
{
  const glong length = g_utf8_strlen (text, -1);
  char *fitted = g_strdup (text);
  for (glong kept = length - 1; kept > 0 && training_canvas_text_width (self, fitted, size) > room;
       kept--) {
    char *start = g_utf8_substring (text, 0, (kept + 1) / 2);
    char *end = g_utf8_substring (text, length - kept / 2, length);
    g_free (fitted);
    fitted = g_strconcat (start, "\xe2\x80\xa6", end, NULL);
    g_free (start);
    g_free (end);
  }
  return fitted;
}

void
training_canvas_title (TrainingCanvas *self, const TrainingPlot *plot, const char *title,
                       const char *details)
{
  const double room = self->width - 2 * MARGIN;
  char *first =
      training_canvas_fit (self, plot->title ? plot->title : title, TRAINING_TEXT_TITLE, room);
  char *second = training_canvas_fit (self, details, TRAINING_TEXT_TICK, room);
  training_canvas_colour (self, training_black);
  training_canvas_text (self, first, TRAINING_TEXT_TITLE, MARGIN, MARGIN, 0, 0, 0);
  training_canvas_colour (self, training_grey);
  training_canvas_text (self, second, TRAINING_TEXT_TICK, MARGIN, MARGIN + DETAILS_BELOW, 0, 0, 0);
  g_free (first);
  g_free (second);
}
