/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The element's predictions for a file, window by window. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  double start, end;      /* s, from the file's start */
  const char *prediction; /* a label or "none"; interned */
  double confidence;      /* 0..1 */
  double *scores;         /* n_labels, of this window only */
} TrainingTimelineWindow;

typedef struct {
  GPtrArray *labels;      /* const char *, interned; the model's order */
  GArray *windows;        /* TrainingTimelineWindow, in order of time */
  char *model;            /* the model's name */
  const char *prediction; /* of the whole file; interned */
  double confidence;
} TrainingTimeline;

/* Plays `file` through the element with the model at that path (NULL: the element's default).
 * NULL with MEDIA_ERROR_DECODE, or with the element's error for the model. gst_init() first; any
 * thread. */
TrainingTimeline *training_timeline_new (const char *file, const char *model, GError **error);
void training_timeline_free (TrainingTimeline *self); /* NULL is fine */

G_END_DECLS
