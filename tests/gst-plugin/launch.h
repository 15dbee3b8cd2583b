/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whole pipelines with the element, and what it posts in them. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct {
  GstElement *pipeline, *detector; /* the one named "detector", or NULL */
  GstBus *bus;
  GPtrArray *messages; /* GstStructure: the element's so far */
  char *error;         /* of the pipeline, or NULL */
} Launch;

/* A pipeline described as for gst-launch, or NULL if it has an element that is not there. */
Launch *launch_new (const char *format, ...) G_GNUC_PRINTF (1, 2);
void launch_free (Launch *self);

/* Waits for a message of these types, or for an error; collects what the element posts. FALSE if it
 * was an error. */
gboolean launch_wait (Launch *self, GstMessageType types);

/* Plays to the end, and back to NULL. */
gboolean launch_run (Launch *self);

/* How many of the messages have this type. */
guint launch_count (const Launch *self, const char *type);

/* The messages as texts, one a line. */
char *launch_to_string (const Launch *self);

G_END_DECLS
