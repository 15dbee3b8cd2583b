/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Plays files with GStreamer into a sink of the caller, as fast as possible. */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

/* Called for each element message of the pipeline, in the thread that called the player. */
typedef void (*MediaMessageFunc) (GstMessage *message, gpointer data);

typedef struct _MediaPlayer MediaPlayer;

/* Plays files in sequence into `sink`, a new element or bin, which it takes; NULL stands for a sink
 * that GStreamer does not have. All files are one stream to the sink, with one stream-id. Each ends
 * with EOS, followed by a flush and the next file. gst_init() first; one thread at a time. */
MediaPlayer *media_player_new (GstElement *sink);
void media_player_free (MediaPlayer *self); /* NULL is fine */

/* Plays the first audio stream of a file or URI, or of the standard input for "-", through
 * uridecodebin ! audioconvert ! sink. FALSE with a MEDIA_ERROR and a message that begins with
 * media_play_name(): GStreamer's reason or, for a missing decoder, its description and Debian
 * package. */
gboolean media_player_play (MediaPlayer *self, const char *path, MediaMessageFunc func,
                            gpointer data, GError **error);

/* Ends the playing of the current file, or of the next one, with MEDIA_ERROR_STOPPED. Any thread. */
void media_player_stop (MediaPlayer *self);

/* For files of strangers: playlists, manifests and session descriptions, which lead to other
 * addresses, are refused, and a file that gives no data for 3 s counts as damaged. Before playing. */
void media_player_isolate (MediaPlayer *self);

/* Length of the current file in seconds, as its container tells it; NAN if unknown. In the thread
 * that called the player. */
double media_player_get_total (MediaPlayer *self);

/* The name in messages: the path, or for "-" the standard input. */
const char *media_play_name (const char *path);

/* Plays one file with a player of its own. */
gboolean media_play (const char *path, GstElement *sink, MediaMessageFunc func, gpointer data,
                     GError **error);

G_END_DECLS
