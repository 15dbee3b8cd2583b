/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The element emotiondetect between two pads of ours: no pipeline and no thread, so that a push is
 * the element's own work in the thread of the caller. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct _BenchElement BenchElement;

/* Called in the thread that pushes, with the structure of each window. */
typedef void (*BenchWindowFunc) (BenchElement *element, const GstStructure *window, gpointer data);

struct _BenchElement {
  GstElement *element;
  GstPad *src, *sink; /* ours */
  GstBus *bus;
  guint rate, channels;
  guint64 position; /* frames pushed since the start of the stream */
  guint n_windows;
  gboolean failed; /* the element posted an error */
  BenchWindowFunc on_window;
  gpointer data;
};

/* An element in PLAYING, after the caps of interleaved S16 and a segment. `interval` and `window`:
 * ns; 0: the model's. Exits with a message if there is no element or no model. */
BenchElement *bench_element_new (const char *model, guint rate, guint channels, guint64 window,
                                 guint64 interval);
void bench_element_free (BenchElement *self);

/* Flushes, and starts the stream anew at time 0. */
void bench_element_restart (BenchElement *self);

/* Pushes frames, which must live as long as the element, as one buffer. */
void bench_element_push (BenchElement *self, const gint16 *frames, gsize n);

G_END_DECLS
