/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A result of the element: of a window, or of a whole stream. This is the only part of the server
 * that knows the fields of the element's messages. */
#pragma once

#include <gst/gst.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Immutable once made. Times are in seconds from the start of the stream. Strings are interned.
 * Numbers that the element did not give are NAN. */
typedef struct {
  gboolean whole; /* of the whole stream */
  double start, duration;
  const char *emotion;
  const char *reason; /* for none; otherwise NULL */
  double confidence, speech_ratio, level, intensity, valence, arousal;
  gboolean partial;
  double behind; /* s from the arrival of the window's last sample to the result; NAN if not live */
  guint n_labels;
  double *scores; /* n_labels, in the order of the model's labels */
  /* Only of the whole stream: */
  double *fractions; /* n_labels + 1: of the labels and of none */
  guint64 transitions, n_windows;
  const char *longest_emotion; /* NULL if unknown */
  double longest_start, longest_duration;
} ServerResult;

/* Reads a message of the element; NULL for other messages and for changes. `labels` are the
 * model's, n_labels of them. Any thread. */
ServerResult *server_result_new (GstMessage *message, const char *const *labels, guint n_labels);
ServerResult *server_result_ref (ServerResult *self);
void server_result_unref (ServerResult *self); /* NULL is fine */

/* Adds the members of a window, or of a summary, as docs/server.md describes them. */
void server_result_describe (const ServerResult *self, const char *const *labels,
                             JsonObject *object);

/* A run of windows with the same emotion, and for none the same reason. */
typedef struct {
  double start, end;
  const char *emotion, *reason;
  double confidence; /* mean of the windows */
} ServerSegment;

/* Merges windows, in order, into segments; an array of ServerSegment. Each window counts for the
 * time from the end of the window before it to its own end. */
GArray *server_segments_new (GPtrArray *windows);

G_END_DECLS
