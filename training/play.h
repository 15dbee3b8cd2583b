/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Plays one file with GStreamer into a sink of the caller's, as fast as it goes. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Called for each element message of the pipeline, in the thread of training_play(). */
typedef void (*TrainingMessageFunc) (GstMessage *message, gpointer data);

/* Plays the first audio stream of a file or URI through uridecodebin ! audioconvert ! `sink`, a new
 * element or bin that this function takes; NULL stands for one that GStreamer does not have. FALSE
 * with TRAINING_ERROR_DECODE and a message that begins with the path: GStreamer's reason or, for a
 * missing decoder, its description and the Debian package that has it. Any thread; gst_init()
 * first. */
gboolean training_play (const char *path, GstElement *sink, TrainingMessageFunc func, gpointer data,
                        GError **error);

G_END_DECLS
