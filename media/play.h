/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Plays files with GStreamer into a sink of the caller's, as fast as it goes. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Called for each element message of the pipeline, in the thread that plays. */
typedef void (*MediaMessageFunc) (GstMessage *message, gpointer data);

typedef struct _MediaPlayer MediaPlayer;

/* Plays one file after the other into `sink`, a new element or bin that it takes; NULL stands for
 * one that GStreamer does not have. All files are one stream to the sink, with one stream-id; each
 * ends with EOS, and what follows is a flush and the next. gst_init() first; one thread at a time. */
MediaPlayer *media_player_new (GstElement *sink);
void media_player_free (MediaPlayer *self); /* NULL is fine */

/* Plays the first audio stream of a file or URI, or with "-" of the standard input, through
 * uridecodebin ! audioconvert ! sink. FALSE with MEDIA_ERROR_DECODE and a message that begins
 * with media_play_name(): GStreamer's reason or, for a missing decoder, its description and the Debian
 * package that has it. */
gboolean media_player_play (MediaPlayer *self, const char *path, MediaMessageFunc func,
                            gpointer data, GError **error);

/* What messages call it: the path, or for "-" the standard input. */
const char *media_play_name (const char *path);

/* The same with a player for this file alone. */
gboolean media_play (const char *path, GstElement *sink, MediaMessageFunc func, gpointer data,
                     GError **error);

G_END_DECLS
