/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whole pipelines with the element, and the messages that it posts in them. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct {
  GstElement *pipeline, *detector; /* the one named "detector", or NULL */
  GstBus *bus;
  GPtrArray *messages; /* GstStructure: the element's messages so far */
  char *error;         /* of the pipeline, or NULL */
} Launch;

/* A pipeline in the syntax of gst-launch, or NULL if an element is not available. */
Launch *launch_new (const char *format, ...) G_GNUC_PRINTF (1, 2);
void launch_free (Launch *self);

/* Waits for a message of these types or an error; collects the element's messages. FALSE for an
 * error. */
gboolean launch_wait (Launch *self, GstMessageType types);

/* Plays to the end, and returns to NULL. */
gboolean launch_run (Launch *self);

/* The number of messages of this type. */
guint launch_count (const Launch *self, const char *type);

/* The messages as text, one per line. */
char *launch_to_string (const Launch *self);

G_END_DECLS
